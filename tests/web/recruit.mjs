// Recruitment with the real server and a real browser: recruit.mjs VERKAN MODULES OUT. A role is weighed, applicants who took the test stand beside it
// without names, two are held beside each other, a decision is kept with its reason, groups and what predicts are counted. axe-core looks at the page in
// both languages and themes at three widths; screenshots go to OUT. Speaks TAP; skipped without Chromium.
import { spawn, execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const [verkan, modules, out] = process.argv.slice(2, 5).map((path) => resolve(path));
const browserPath = "/usr/bin/chromium";
if (!existsSync(browserPath)) {
  console.log("1..0 # SKIP no Chromium: apt install chromium");
  process.exit(0);
}
const need = createRequire(join(modules, "x.js"));
const { chromium } = need("playwright-core");
const axe = readFileSync(need.resolve("axe-core/axe.min.js"), "utf8");
const PASSWORD = "en lång mening att minnas";
const folder = mkdtempSync(join(tmpdir(), "verkan-recruit-")), env = { ...process.env, TMPDIR: folder, LC_ALL: "C.UTF-8" };
mkdirSync(out, { recursive: true });
execFileSync(verkan, ["simulate", "mixed", "--sellers", "4", "--weeks", "10", "--seed", "7", "-o", join(folder, "data")], { env });
execFileSync(verkan, ["import", join(folder, "data"), "-w", join(folder, "workspace")], { env });
const server = spawn(verkan, ["serve", "-w", join(folder, "workspace"), "--listen", "127.0.0.1:0"], { env, stdio: ["ignore", "pipe", "pipe"] });
const first = await new Promise((done, fail) => {
  let text = "";
  server.stdout.on("data", (more) => {
    text += more;
    const link = /(http:\/\/\S+)\/#\/setup\?token=(\S+)/.exec(text);
    if (link) done({ address: link[1], token: link[2] });
  });
  server.on("exit", () => fail(new Error(`the server ended: ${text}`)));
});
const results = [], errors = [], outside = [];
const browser = await chromium.launch({ executablePath: browserPath, args: ["--no-sandbox"] });

/** A browser of its own, logged in by the link of an invitation. */
async function reader(token, name) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, reducedMotion: "reduce", locale: "sv-SE", baseURL: first.address, extraHTTPHeaders: {} });
  const page = await context.newPage();
  page.on("console", (m) => { if ((m.type() === "error" || m.type() === "warning") && !(/Failed to load resource/.test(m.text()) && /\/api\//.test(m.location().url))) errors.push(m.text()); });
  page.on("pageerror", (e) => errors.push(String(e.stack ?? e)));
  page.on("request", (r) => { if (!r.url().startsWith(first.address) && !r.url().startsWith("data:")) outside.push(r.url()); });
  await page.goto(first.address + "/");
  await api(page, "POST", "/api/setup", { token, password: PASSWORD, ...(name ? { name } : {}) });
  return page;
}
async function api(page, method, path, body, secret) {
  return page.evaluate(async ([method, path, body, secret]) => {
    const answer = await fetch(path, { method, headers: { ...(body ? { "Content-Type": "application/json" } : {}), ...(secret ? { Authorization: `Bearer ${secret}` } : {}) }, body: body ? JSON.stringify(body) : undefined });
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
    return answer.status === 204 ? null : answer.json();
  }, [method, path, body, secret]);
}
async function apply(page, person, competencies, place) {
  const { link } = await api(page, "POST", "/api/invitations", { person_id: person, competencies, kind: "candidate" });
  if (place < 0) return;
  const secret = link.slice(link.lastIndexOf("/") + 1);
  for (let q = await api(page, "POST", "/api/sitting/next", {}, secret); !q.done;) {
    const choices = q.options.map((o) => o.choice).sort();
    q = (await api(page, "POST", "/api/sitting/answers", { item: q.item, choice: choices[(place + q.item.length) % 4] }, secret)).question;
  }
}

let broken = false, page, hr;
async function step(name, run) {
  if (broken) { results.push(`not ok ${results.length + 1} - ${name} (not run)`); return; }
  try {
    await run();
    results.push(`ok ${results.length + 1} - ${name}`);
  } catch (error) {
    console.log([String(error.message ?? error), error.stack?.split("\n").find((l) => l.includes("recruit.mjs:")) ?? ""].join("\n").split("\n").slice(0, 20).map((l) => "# " + l).join("\n"));
    await hr?.screenshot({ path: join(out, "recruit-broken.png"), fullPage: true }).catch(() => undefined);
    results.push(`not ok ${results.length + 1} - ${name}`);
    broken = true;
  }
}
function check(what, message) { if (!what) throw new Error(message); }
const settled = () => hr.waitForFunction(() => document.querySelector("main h1") && !document.querySelector('main [aria-busy="true"], main .skels') && document.fonts.status === "loaded");
async function go(hash) {
  await hr.evaluate((h) => { document.querySelector("main")?.setAttribute("data-old", ""); location.hash = h; }, hash);
  await hr.waitForFunction((h) => location.hash === h && document.querySelector("main:not([data-old]) h1"), hash);
  await settled();
}
const section = (name) => hr.locator("section.sec").filter({ has: hr.locator("h2", { hasText: name }) });
const WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
async function sound(where) {
  if (!(await hr.evaluate(() => "axe" in window))) await hr.evaluate(axe);
  const found = await hr.evaluate(async (tags) => (await window.axe.run(document, { runOnly: { type: "tag", values: tags }, resultTypes: ["violations"] })).violations
    .map((v) => `${v.id}: ${v.nodes.slice(0, 2).map((n) => n.html.slice(0, 160)).join(" | ")}`), WCAG);
  check(!found.length, `${where}: ${found.join("; ")}`);
  const state = await hr.evaluate(() => ({ over: document.documentElement.scrollWidth - innerWidth, text: document.body.innerText,
    wide: [...document.querySelectorAll("main *")].filter((e) => e.getBoundingClientRect().right > innerWidth + 1 && !e.closest(".scroll")).slice(0, 3).map((e) => e.outerHTML.slice(0, 90)) }));
  check(state.over <= 0, `${where}: scrolls sideways by ${state.over} px: ${state.wide.join(" | ")}`);
  const odd = state.text.match(/.{0,40}(undefined|NaN|\bnull\b|\[object|Infinity|\*\*).{0,20}/);
  check(!odd, `${where}: ${odd?.[0]}`);
}
async function look(name, hash) {
  for (const [width, lang, theme] of [[1440, "sv", "light"], [1440, "en", "dark"], [390, "sv", "dark"], [390, "en", "light"], [320, "sv", "light"]]) {
    await hr.setViewportSize({ width, height: 900 });
    await go(`${hash}${hash.includes("?") ? "&" : "?"}lang=${lang}&theme=${theme}`);
    await sound(`${name} ${width} ${lang} ${theme}`);
    await hr.screenshot({ path: join(out, `recruit-${name}-${width}-${theme}.png`), fullPage: true });
  }
  await hr.setViewportSize({ width: 1440, height: 900 });
}
const HALF = ["prospecting", "qualification", "business_questions", "next_step", "objection_handling", "decision_steering"];

await step("nobody has applied: the page says what to do", async () => {
  page = await reader(first.token, "Astrid");
  const made = await api(page, "POST", "/api/users", { name: "Hanna", role: "hr" });
  hr = await reader(/token=(\S+)/.exec(made.link)[1]);
  await hr.reload();
  await go("#/recruitment?lang=sv");
  check(/Ingen som sökt har svarat/.test(await hr.locator(".say-1").innerText()), "what is empty says so");
  check(await hr.locator("nav.main a[aria-current=page]").innerText() === "Rekrytering", "the page is in the menu");
  await look("empty", "#/recruitment");
});
await step("a role is weighed by several", async () => {
  await go("#/recruitment/key_account?lang=sv");
  const role = section("Vad rollen kräver");
  check(/Ingen av era egna har vägt/.test(await role.innerText()), "a start value is told to be one");
  await role.locator("summary").click();
  await role.locator("button[type=submit]").click();
  check(/Väg minst en/.test(await role.innerText()), "nothing weighed is told");
  await role.locator("select").first().selectOption("5");
  await role.locator("button[type=submit]").click();
  await hr.waitForFunction(() => /En av era egna har vägt/.test(document.querySelector("main").innerText));
});
await step("applicants stand beside the role, without names and in an order by lot", async () => {
  await apply(hr, "R-Anna", HALF, 0);
  await apply(hr, "R-Bosse", HALF, 1);
  await apply(hr, "R-Cilla", ["prospecting"], 2);
  await apply(hr, "R-David", HALF, -1);
  await go("#/recruitment/new_business?lang=sv");
  check(/Två|2 av 4 sökande/.test(await hr.locator(".say-1").innerText()), await hr.locator(".say-1").innerText());
  const people = await section("Sökande").innerText();
  check(!/R-Anna|R-Bosse/.test(await hr.locator("body").innerText()), "no names");
  check(/Kan inte bedömas/.test(people) && /Provet pågår/.test(people) && /lottad/.test(people), people);
  const labels = await section("Sökande").locator("tbody th b").allInnerTexts();
  check(labels.length === 4 && labels.every((x) => /^#[0-9a-f]{8}$/.test(x)) && labels.join() === [...labels].sort().join(), labels.join());
  await go("#/recruitment/new_business?lang=sv&view=names");
  check(/R-Anna/.test(await section("Sökande").innerText()), "names when asked for");
});
await step("two beside each other, with the chance printed", async () => {
  await go("#/recruitment/new_business?lang=en");
  const two = section("Two beside each other");
  await hr.waitForFunction(() => /does better than .* in \d+%/.test(document.querySelector("main").innerText));
  const one = await two.innerText(), p = Number(/in (\d+)%/.exec(one)[1]);
  const values = await two.locator("select").evaluateAll((list) => list.map((x) => x.value));
  await two.locator("select").nth(0).selectOption(values[1]);
  await hr.waitForFunction(() => /Choose two who can both/.test(document.querySelector("main").innerText));
  await two.locator("select").nth(1).selectOption(values[0]);
  await hr.waitForFunction(() => /does better than .* in \d+%/.test(document.querySelector("main").innerText));
  const q = Number(/in (\d+)%/.exec(await two.innerText())[1]);
  check(p + q >= 99 && p + q <= 101, `${p} and ${q}`);
});
await step("a decision needs its reason, and is kept", async () => {
  await go("#/recruitment/new_business?lang=sv");
  const part = section("Beslut");
  await part.locator("summary").click();
  await part.locator("button[type=submit]").click();
  check(/Ett beslut behöver sitt skäl/.test(await part.innerText()), "no reason");
  await part.locator("select").nth(0).selectOption({ index: 1 });
  await part.locator("select").nth(1).selectOption("advance");
  await part.locator("textarea").fill("Ställde frågor om beslutsvägen i intervjun.");
  await part.locator("button[type=submit]").click();
  await hr.waitForFunction(() => /Ett beslut är fattat/.test(document.querySelector("main").innerText));
  check(/Ställde frågor/.test(await part.innerText()) && /Hanna/.test(await part.innerText()), await part.innerText());
});
await step("uneven steps: what cannot be judged says so, in a finding's place", async () => {
  const part = section("Faller ett steg ojämnt?");
  const count = async (lines) => { await part.locator("textarea").fill(lines); await part.locator("button[type=submit]").click(); };
  await count("Kvinnor; 4");
  check(/Rad 1 är inte/.test(await part.innerText()), "a line that cannot be read");
  await count("Kvinnor; 4; 1\nMän; 5; 3");
  await hr.waitForFunction(() => /Kan inte bedömas: under 30/.test(document.querySelector("main").innerText));
  await count("Kvinnor; 40; 12\nMän; 80; 48");
  await hr.waitForFunction(() => /mindre än fyra femtedelar/.test(document.querySelector("main").innerText));
});
await step("what predicts here: this tells nothing here yet", async () => {
  const part = section("Säger det något här?");
  await part.locator("textarea").fill(Array.from({ length: 40 }, (_, i) => `${i},5; ${(i * 7) % 11}`).join("\n"));
  await part.locator("button[type=submit]").click();
  await hr.waitForFunction(() => /Detta säger inget här än/.test(document.querySelector("main").innerText));
});
await step("both languages, both themes, three widths", () => look("full", "#/recruitment/new_business"));
await step("nobody else has the page", async () => {
  const made = await api(page, "POST", "/api/users", { name: "Lena", role: "leader" });
  const other = await reader(/token=(\S+)/.exec(made.link)[1]);
  await other.reload();
  await other.waitForFunction(() => document.querySelector("main h1"));
  check(!/Rekrytering|Recruitment/.test(await other.locator("body").innerText()), "not in the menu");
  check((await other.evaluate(() => fetch("/api/recruitment/candidates?role=new_business").then((x) => x.status))) === 403, "and not to be had");
});
await step("no error and nothing from outside", async () => { check(!errors.length, errors.join("; ")); check(!outside.length, outside.join("; ")); });
await browser.close();
server.kill("SIGTERM");
await new Promise((done) => server.on("exit", done));
rmSync(folder, { recursive: true, force: true });
console.log(`1..${results.length}`);
for (const line of results) console.log(line);
process.exit(results.some((x) => x.startsWith("not ok")) ? 1 : 0);
