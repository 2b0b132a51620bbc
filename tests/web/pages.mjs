// Opens a report in Chromium and goes through every page in both languages and themes at one width:
// pages.mjs VERKAN MODULES OUT WIDTH. No error, no outside request, no sideways scroll, nothing that axe-core finds
// against WCAG 2.2 A and AA, and the keyboard's way. Screenshots go to OUT. Speaks TAP; skipped without Chromium.
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { filled } from "./filled.mjs";

const [verkan, modules, out] = process.argv.slice(2, 5).map((path) => resolve(path));
const width = Number(process.argv[5]);
const browserPath = "/usr/bin/chromium";
if (!existsSync(browserPath)) {
  console.log("1..0 # SKIP no Chromium: apt install chromium");
  process.exit(0);
}
const need = createRequire(join(modules, "x.js"));
const { chromium } = need("playwright-core");
const axe = readFileSync(need.resolve("axe-core/axe.min.js"), "utf8");

const folder = mkdtempSync(join(tmpdir(), "verkan-pages-"));
const env = { ...process.env, TMPDIR: folder };
execFileSync(verkan, ["simulate", "mixed", "--sellers", "12", "--weeks", "52", "--seed", "7", "-o", join(folder, "data")], { env });
const made = join(folder, "made.html"), full = join(folder, "full.html");
execFileSync(verkan, ["report", join(folder, "data"), "-o", made, "--lang", "sv"], { env });
writeFileSync(full, filled(readFileSync(made, "utf8")));
mkdirSync(out, { recursive: true });

const results = [];
const errors = [], outside = [];
const browser = await chromium.launch({ executablePath: browserPath, args: ["--no-sandbox"] });
const context = await browser.newContext({ viewport: { width, height: width > 800 ? 900 : 800 }, reducedMotion: "reduce" });
const page = await context.newPage();
page.on("console", (m) => { if (m.type() === "error" || m.type() === "warning") errors.push(m.text()); });
page.on("pageerror", (e) => errors.push(String(e)));
page.on("request", (r) => { if (!/^(file|data):/.test(r.url())) outside.push(r.url()); });

async function test(name, run) {
  try {
    await run();
    results.push(`ok ${results.length + 1} - ${name}`);
  } catch (error) {
    console.log(String(error.message ?? error).split("\n").slice(0, 12).map((line) => "# " + line).join("\n"));
    results.push(`not ok ${results.length + 1} - ${name}`);
  }
}
function check(what, message) { if (!what) throw new Error(message); }

async function load(file) {
  await page.goto(pathToFileURL(file).href);
  await page.evaluate(axe);
  await page.evaluate(() => document.fonts.ready);
}
const go = (hash) => page.evaluate((h) => new Promise((done) => {
  if (location.hash === h) { done(); return; }
  addEventListener("hashchange", () => requestAnimationFrame(() => done()), { once: true });
  location.hash = h;
}), hash);

const WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
async function sound(where, lang) {
  const found = await page.evaluate(async (tags) => {
    const got = await window.axe.run(document, { runOnly: { type: "tag", values: tags }, resultTypes: ["violations"] });
    return got.violations.map((v) => `${v.id}: ${v.nodes.slice(0, 2).map((n) => n.html.slice(0, 160)).join(" | ")}`);
  }, WCAG);
  check(!found.length, `${where}: ${found.join("; ")}`);
  const state = await page.evaluate(() => ({ over: document.documentElement.scrollWidth - innerWidth, lang: document.documentElement.lang,
    text: document.body.innerText, title: document.title, h1: document.querySelectorAll("h1").length,
    wide: [...document.querySelectorAll("main *")].filter((e) => e.getBoundingClientRect().right > innerWidth + 1 && !e.closest(".scroll")).slice(0, 3).map((e) => e.outerHTML.slice(0, 90)) }));
  check(state.over <= 0, `${where}: scrolls sideways by ${state.over} px: ${state.wide.join(" | ")}`);
  check(state.lang === lang && state.h1 <= 1 && state.title.length > 9, `${where}: language ${state.lang}, ${state.h1} h1, title ${state.title}`);
  const odd = state.text.match(/.{0,40}(undefined|NaN|null|\[object|Infinity|\*\*).{0,20}/);
  check(!odd, `${where}: ${odd?.[0]}`);
}

await load(full);
const seller = await page.evaluate(() => JSON.parse(document.getElementById("document").textContent).sellers[2].seller_id);
const PAGES = ["overview", "process", "activity", "sellers", `sellers/${seller}`, "time", "decisions", "deals", "roles", "data"];
for (const name of PAGES)
  await test(`${name} at ${width} px, both languages and themes`, async () => {
    for (const lang of ["sv", "en"])
      for (const theme of ["light", "dark"]) {
        await go(`#/${name}?lang=${lang}&theme=${theme}`);
        await sound(`${name} ${lang} ${theme}`, lang);
        if (width !== 320 && (lang === "sv") === (theme === "light"))
          await page.screenshot({ path: join(out, `${name.replace("/", "-")}-${width}-${lang}-${theme}.png`), fullPage: true });
      }
  });

const doc = await page.evaluate(() => JSON.parse(document.getElementById("document").textContent));
/** Places on the screen go as numbers do: by one scale for all of them; paths are written in tenths of a pixel. */
function scaled(numbers, places, what) {
  check(numbers.length === places.length && numbers.length > 1, `${what}: ${places.length} are drawn of ${numbers.length}`);
  const low = numbers.indexOf(Math.min(...numbers)), high = numbers.indexOf(Math.max(...numbers));
  const per = (places[high] - places[low]) / (numbers[high] - numbers[low]);
  check(Math.abs(per) > 0 && Number.isFinite(per), `${what}: all are drawn alike`);
  numbers.forEach((n, i) => check(Math.abs(places[low] + per * (n - numbers[low]) - places[i]) < 0.11, `${what}: ${n} stands at ${places[i]}`));
}
const numbersOf = (selector, names) => page.evaluate(([sel, list]) => [...document.querySelectorAll(sel)].map((e) => list.map((name) => Number(e.getAttribute(name)))), [selector, names]);
const pathOf = (d) => d.slice(1).split("L").map((at) => at.split(" ").map(Number));
const mean = (x) => (typeof x === "number" ? x : x.mean);

if (width > 860) {
  await test("points, weeks and curves stand where the data have them", async () => {
    await go("#/activity?lang=en");
    const people = doc.sellers.filter((x) => x.result), dots = await numbersOf("svg.scatter circle", ["cx", "cy"]);
    scaled(people.map((x) => x.result.contacts), dots.map((x) => x[0]), "contacts");
    scaled(people.map((x) => x.result.won), dots.map((x) => x[1]), "money won");
    await go("#/deals?lang=en");
    const lives = await page.evaluate(() => [...document.querySelectorAll("table.dl tbody tr")].map((tr) => [tr.querySelector("th b").textContent,
      [...tr.querySelectorAll("svg.life > *")].map((e) => e.getAttribute("class"))]));
    const seen = lives.filter(([, signs]) => signs.length);
    check(seen.length > 5, `${seen.length} deals have weeks`);
    for (const [id, signs] of seen) {
      const kinds = new Map();
      const weeks = doc.open_deals.find((d) => d.deal_id === id).weeks;
      check(weeks.length === signs.length, `${id}: ${signs.length} weeks are drawn of ${weeks.length}`);
      weeks.forEach((w, i) => { check((kinds.get(w) ?? signs[i]) === signs[i], `${id}: week ${i} is drawn as another of its kind`); kinds.set(w, signs[i]); });
      check(new Set(kinds.values()).size === kinds.size, `${id}: two kinds of week are drawn alike`);
    }
    const stage = doc.stages.find((s) => s.situations.length > 1 && s.situations.every((x) => x.course));
    await go(`#/process?lang=en&stage=${encodeURIComponent(stage.stage)}`);
    const drawn = await page.evaluate(() => [...document.querySelectorAll(".courses figure")].map((e) => [e.querySelector(".note").innerText, e.querySelector("path.line").getAttribute("d")]));
    const entered = stage.situations.reduce((n, x) => n + x.entered, 0), on = (c, i) => c.forward[i] + c.won[i];
    check(drawn.length > 1 && drawn.length <= 4, `${drawn.length} are drawn`);
    const all = drawn.map(([note, d]) => ({ n: Number(note.split("\n")[0].replace(/[^0-9]/g, "")), path: pathOf(d) }));
    check(all.reduce((n, x) => n + x.n, 0) === entered, "deals are missing, or there twice");
    const course = stage.situations[0].course, together = course.day.map((_, i) => stage.situations.reduce((sum, x) => sum + (x.entered / entered) * on(x.course, i), 0));
    scaled(course.day, all[0].path.map((at) => at[0]), "days");
    scaled(together, together.map((_, i) => all.reduce((sum, x) => sum + (x.n / entered) * x.path[i][1], 0)), "gone on");
  });
  await test("what a verdict of pressure rests on is drawn as it is", async () => {
    const who = doc.sellers.find((x) => x.moments.some((m) => m.figures?.load && (m.verdict === "pressure" || m.verdict === "unclear")));
    check(who, "nobody in the world is under pressure");
    const load = who.moments.find((m) => m.figures?.load && (m.verdict === "pressure" || m.verdict === "unclear")).figures.load;
    await go(`#/sellers/${who.seller_id}?lang=en`);
    const line = pathOf(await page.evaluate(() => document.querySelector("svg.curve path.line").getAttribute("d"))), dots = await numbersOf("svg.curve circle.seen", ["cx", "cy"]);
    scaled([...load.points.map((p) => p.hours), ...load.recorded.map((w) => w.hours)], [...line.map((x) => x[0]), ...dots.map((x) => x[0])], "hours");
    scaled([...load.points.map((p) => mean(p.done)), ...load.recorded.map((w) => w.done / w.n)], [...line.map((x) => x[1]), ...dots.map((x) => x[1])], "share done");
  });
  await test("one team's actions and hours alone are shown, and those for all", async () => {
    const team = doc.decisions.map((d) => d.target).find((x) => x && doc.sellers.some((s) => s.team_id === x));
    check(team, "no action is for a team");
    const of = doc.decisions.filter((d) => !d.target || d.target === team || !doc.sellers.some((s) => s.team_id === d.target));
    check(of.length < doc.decisions.length, "all are for one team");
    await go("#/decisions?lang=en");
    const rows = () => page.evaluate(() => document.querySelectorAll("table.de tbody tr").length);
    check(await rows() === doc.decisions.length, "not all are shown at first");
    await page.selectOption("#choice-team", team);
    await page.waitForFunction((t) => location.hash.includes(`team=${t}`), team);
    check(await rows() === of.length, `${await rows()} of ${of.length} are shown`);
    await go(`#/time?lang=en&team=${team}`);
    const groups = await page.evaluate(() => [...document.querySelectorAll("table.ti tbody th")].map((e) => e.innerText));
    check(groups.length > 0 && groups.every((name) => !doc.sellers.some((s) => s.team_id !== team && (name === s.seller_id || name.includes(s.team_id)))), groups.join(", "));
  });
  await test("one kind of deals is shown apart where the result tells it, and the other pages say that they show all", async () => {
    await go("#/process?lang=en");
    await page.selectOption("#choice-sit", "complex");
    await page.waitForFunction(() => location.hash.includes("sit=complex"));
    const of = (name) => name.split(", ").includes("complex"), percent = (x) => `${Math.round(100 * x)}%`;
    const cells = await page.evaluate(() => [...document.querySelectorAll("table.sg tbody tr")].map((tr) => [...tr.children].map((e) => e.innerText)));
    const stages = doc.stages.map((x) => ({ stage: x.stage, list: x.situations.filter((y) => of(y.situation)) })).filter((x) => x.list.length);
    check(stages.length > 1 && cells.length === stages.length, `${cells.length} stages of ${stages.length}`);
    stages.forEach(({ stage, list }, i) => {
      const n = list.reduce((sum, x) => sum + x.entered, 0), at = (key) => percent(list.reduce((sum, x) => sum + (x.entered / n) * mean(x[key]), 0));
      check(cells[i][0].includes(stage) && cells[i][0].replace(/[^0-9]/g, "") === String(n) && n < doc.stages.find((x) => x.stage === stage).entered, cells[i].join(" | "));
      ["forward", "won", "lost", "stalled"].forEach((key, k) => check(cells[i][2 + k].startsWith(at(key)), `${stage}, ${key}: ${cells[i][2 + k]} is not ${at(key)}`));
    });
    const kinds = await page.evaluate(() => [...document.querySelectorAll("table.si tbody th, .courses figcaption")].map((e) => e.textContent.toLowerCase()));
    check(kinds.length > 1 && kinds.every((x) => x.startsWith("complex")), kinds.join(" | "));
    check(await page.evaluate(() => document.querySelectorAll("table.lk tbody tr").length) === doc.leaks.filter((x) => !x.situation || of(x.situation)).length, "leaks of other deals are shown");
    check(await page.evaluate(() => [...document.querySelectorAll("section.sec:has(.here-all) h2")].length) >= 3, "sections that hold all deals do not say so");
    await page.evaluate(() => document.querySelector('nav a[href*="sellers"]').click());
    await page.waitForFunction(() => /^#\/sellers\?.*sit=complex/.test(location.hash));
    const matrix = await page.evaluate(() => [...document.querySelectorAll("table.mx tbody tr")].map((tr) => [...tr.children].map((e) => e.innerText)));
    const words = { fine: "In order", competence: "Competence", execution: "Execution", pressure: "Load", process: "Process", market: "Market", unclear: "Unclear" };
    let apart = 0;
    for (const row of matrix) {
      const who = doc.sellers.find((x) => x.seller_id === row[0].trim());
      who.moments.forEach((m, i) => {
        const there = m.situations.find((x) => x.situation === "complex"), cell = row[1 + i];
        apart += there && there.verdict !== m.verdict ? 1 : 0;
        check(there?.verdict ? cell.includes(words[there.verdict]) : /Not told by situation/.test(cell), `${row[0]} ${m.moment}: ${cell}, ${JSON.stringify(there)}`);
      });
    }
    check(matrix.length === doc.sellers.length && apart > 0, `${apart} verdicts differ`);
    for (const name of ["overview", "activity", "time", "decisions", "deals"]) {
      await go(`#/${name}?lang=en&sit=complex`);
      const line = await page.evaluate(() => document.querySelector(".scope").innerText);
      check(/all situations \(complex deals: cannot be shown apart here\)/.test(line.replace(/\s+/g, " ")), `${name}: ${line}`);
    }
    await go("#/process?lang=sv&sit=single");
    check(await page.locator("#choice-sit").inputValue() === "single" && await page.locator("table.sg tbody tr").count() > 1, "who decides cannot be chosen");
    await sound("one situation", "sv");
  });
  await test("the whole way by keyboard", async () => {
    await load(full);
    await go("#/overview?lang=en");
    await page.keyboard.press("Tab");
    check(await page.evaluate(() => document.activeElement.className === "skip"), "the first stop is no skip link");
    await page.keyboard.press("Enter");
    check(await page.evaluate(() => document.activeElement.tagName === "H1"), "the skip link does not lead to the heading");
    await page.keyboard.press("Tab");
    check(await page.evaluate(() => document.activeElement.classList.contains("link")), "the first stop after the heading is no explanation");
    await page.keyboard.press("Enter");
    check(await page.evaluate(() => document.activeElement.getAttribute("aria-expanded") === "true" && location.hash.includes("open=chain")), "the explanation does not open");
    await page.evaluate(() => document.querySelector('nav a[href*="sellers"]').focus());
    await page.keyboard.press("Enter");
    await page.waitForFunction(() => location.hash.startsWith("#/sellers") && document.activeElement.tagName === "H1");
    await page.evaluate(() => document.querySelector(".mx td a").focus());
    const before = await page.evaluate(() => document.activeElement.getAttribute("href"));
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("ArrowDown");
    check(await page.evaluate(() => document.activeElement.getAttribute("href")) !== before, "arrow keys do not move in the matrix");
    await page.keyboard.press("Enter");
    await page.waitForFunction(() => /^#\/sellers\/./.test(location.hash));
    await page.goBack();
    await page.waitForFunction(() => /^#\/sellers(\?|$)/.test(location.hash) && !!document.querySelector(".mx"));
  });
  await test("what is chosen stands in the address and survives a change of language", async () => {
    await go("#/sellers?lang=en");
    const team = await page.evaluate(() => document.querySelectorAll("#choice-team option")[1].value);
    await page.focus("#choice-team");
    await page.selectOption("#choice-team", team);
    await page.waitForFunction((t) => location.hash.includes(`team=${t}`), team);
    check(await page.evaluate(() => document.activeElement.id === "choice-team"), "the choice loses the focus");
    await page.click("#lang");
    await page.waitForFunction(() => document.documentElement.lang === "sv");
    check(await page.evaluate((t) => location.hash.includes(`team=${t}`), team), "the team is lost");
    check(await page.evaluate(() => document.querySelector("h1").textContent) === "Säljare och moment", "not in Swedish");
  });
  await test("the report prints on paper, everything in it", async () => {
    await go("#/print?lang=sv");
    const pdf = await page.pdf({ path: join(out, "report.pdf"), preferCSSPageSize: true });
    const pages = pdf.toString("latin1").match(/\/Type\s*\/Page[^s]/g)?.length ?? 0;
    check(pages >= 6 && pages < 60, `${pages} pages`);
    await page.emulateMedia({ media: "print" });
    await go("#/overview?lang=sv&theme=dark");
    check(await page.evaluate(() => getComputedStyle(document.body).backgroundColor) === "rgb(255, 255, 255)", "paper is not white");
    await page.emulateMedia({ media: null });
  });
} else
  await test("the menu opens and closes by keyboard", async () => {
    await go("#/overview?lang=sv");
    await page.focus("button.menu");
    await page.keyboard.press("Enter");
    check(await page.evaluate(() => document.activeElement.closest("nav") && document.querySelector("button.menu").getAttribute("aria-expanded") === "true"), "it does not open");
    await page.keyboard.press("Escape");
    check(await page.evaluate(() => document.activeElement.className === "menu" && document.activeElement.getAttribute("aria-expanded") === "false"), "it does not close");
  });

await test("what cannot be answered is said as plainly", async () => {
  await load(made);
  for (const name of PAGES) {
    await go(`#/${name}?lang=en&theme=light`);
    await sound(`${name}, as it was made`, "en");
    if (width === 1440) await page.screenshot({ path: join(out, `made-${name.replace("/", "-")}-${width}.png`), fullPage: true });
  }
});
await test("no error, no warning, no outside request", async () => {
  check(!errors.length, errors.join("\n"));
  check(!outside.length, outside.join("\n"));
});
await browser.close();
rmSync(folder, { recursive: true });
console.log(`1..${results.length}`);
console.log(results.join("\n"));
process.exit(results.some((r) => r.startsWith("not")) ? 1 : 0);
