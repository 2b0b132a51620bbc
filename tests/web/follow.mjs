// What came of it, in the application: follow.mjs VERKAN MODULES OUT. The chances that stored diagnoses gave and what became of the deals: the
// sentence, the drawing and the table say what the server says; where nothing is known yet the page says so. Speaks TAP; skipped without Chromium.
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import * as stage from "./stage.mjs";
import { check, end, errors, finish, folder, outside, PASSWORD, reader, run, serve, step } from "./stage.mjs";

const tiny = resolve(dirname(fileURLToPath(import.meta.url)), "../cli/tiny"), data = join(folder, "data"), made = join(folder, "made"), few = join(folder, "few");
run("simulate", "mixed", "--sellers", "12", "--weeks", "52", "--seed", "7", "-o", data);
run("import", data, "-w", made);
for (const day of ["2026-06-07", "2026-07-19", ""]) run("diagnose", ...(day ? ["--as-of", day] : []), "-w", made);
run("import", tiny, "-w", few);
run("diagnose", "-w", few);
const page = await reader(), servers = [];

/** A server of the workspace, and the first account on it. */
async function enter(workspace, p = page) {
  const server = await serve(workspace);
  servers.push(server);
  await p.goto(server.setup);
  await p.waitForSelector("input[name=name]");
  await p.fill("input[name=name]", "Anna Lind");
  await p.fill("input[name=password]", PASSWORD);
  await p.keyboard.press("Enter");
  await p.waitForSelector("#account");
  await stage.settled(p);
  return server;
}
const go = (hash) => stage.go(page, hash);
const ask = (path) => page.evaluate(async (at) => (await fetch(at)).json(), path);
const digits = (text) => text.replace(/[^0-9]/g, "");
/** Places go as numbers do, by one scale for all of them. */
function scaled(numbers, places, what) {
  check(numbers.length === places.length && numbers.length > 2, `${what}: ${places.length} are drawn of ${numbers.length}`);
  const low = numbers.indexOf(Math.min(...numbers)), high = numbers.indexOf(Math.max(...numbers)), per = (places[high] - places[low]) / (numbers[high] - numbers[low]);
  check(per > 0 && Number.isFinite(per), `${what}: all are drawn alike`);
  numbers.forEach((n, i) => check(Math.abs(places[low] + per * (n - numbers[low]) - places[i]) < 0.05, `${what}: ${n} stands at ${places[i]}`));
}

await step("where nothing has come due it is said, and no figure is shown", async () => {
  const server = await enter(few);
  await go("#/decisions?lang=sv");
  const got = await ask("/api/hits"), section = page.locator('section.sec:has(h2:text-is("Träffsäkerhet"))');
  check(got.told > 5 && got.closed === 0 && got.won === null, JSON.stringify(got));
  check(await section.locator(".say-2").innerText() === `${got.told} affärer har fått en chans, och ingen av dem är avgjord än.`, await section.innerText());
  check(!(await section.locator("table.hi, svg.iv").count()), "a figure is drawn of nothing");
  await stage.look(page, "not-yet", "#/decisions", [[1440, "sv", "light"], [390, "en", "dark"]]);
  check(await end(server) === 0, server.log);
});

let got;
await step("how many were expected to be won and how many were stands in words, drawing and table as the server says it", async () => {
  await enter(made);
  await go("#/decisions?lang=sv");
  got = await ask("/api/hits");
  check(got.bands.length > 2 && got.closed > 100, JSON.stringify(got));
  const section = page.locator("section.sec:has(table.hi)"), words = await section.locator(".say-2").innerText();
  const expected = String(Math.round(got.expected));
  check(digits(words) === `${got.told}${got.closed}${expected}${got.won}`, `${words}: ${JSON.stringify(got)}`);
  const lede = await section.locator(".lede").first().innerText(), held = got.won < got.lo ? "för höga" : got.won > got.hi ? "för låga" : "har hållit";
  check(lede.includes(held) && digits(lede) === `${Math.round(got.lo)}${Math.round(got.hi)}`, lede);
  check(lede.includes(got.closer ? "åt bättre än" : "inte affärerna åt bättre"), lede);
  const rows = await section.locator("table.hi tbody tr").evaluateAll((list) => list.map((tr) => ({ cells: [...tr.children].map((c) => c.innerText),
    ring: [...tr.querySelectorAll(".iv-ring *")].flatMap((e) => ["x1", "x2", "cx"].map((k) => e.getAttribute(k)).filter(Boolean).map(Number)), dot: Number(tr.querySelector(".iv-ink circle").getAttribute("cx")) })));
  check(rows.length === got.bands.length, `${rows.length} rows`);
  rows.forEach((row, i) => check(digits(row.cells[2]) === String(got.bands[i].closed) && digits(row.cells[4]) === String(got.bands[i].won), row.cells.join(" | ")));
  const share = got.bands.map((b) => [b.lo, b.hi, b.expected, b.won].map((x) => x / b.closed));
  scaled(share.flat(), rows.flatMap((row) => [...row.ring, row.dot]), "shares");
  await section.locator("summary").click();
  const days = await section.locator("table.tm tbody tr").evaluateAll((list) => list.map((tr) => [...tr.children].map((c) => c.innerText)));
  check(days.length === 3 && digits(days[1][2]) === String(got.diagnoses[1].closed) && /19\sjuli\s2026/.test(days[1][0]), days.join(" | "));
  await stage.look(page, "hits", "#/decisions");
});

await step("the explanation opens", async () => {
  await go("#/decisions?lang=en&open=hits");
  check(/first given while it was open/.test(await page.locator("section.sec:has(table.hi) dl.def").innerText()), "the explanation is not open");
});

await step("no error, no warning, no outside request, and the server ends in order", async () => {
  check(!errors.length, errors.join("\n"));
  check(!outside.length, outside.join("\n"));
  const last = servers[servers.length - 1];
  check(await end(last) === 0, last.log);
});
await finish();
