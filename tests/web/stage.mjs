// What a story in the application needs: a server of its own, a browser that counts what goes wrong, steps, and axe-core. Speaks TAP. Where a
// step breaks, what every window shows is told: its address, its text, and the picture of it.
import { execFileSync, spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";

export const [verkan, modules, out] = process.argv.slice(2, 5).map((path) => resolve(path));
const browserPath = "/usr/bin/chromium";
if (!existsSync(browserPath)) {
  console.log("1..0 # SKIP no Chromium: apt install chromium");
  process.exit(0);
}
const need = createRequire(join(modules, "x.js"));
const { chromium } = need("playwright-core");
const axe = readFileSync(need.resolve("axe-core/axe.min.js"), "utf8");
const story = basename(process.argv[1], ".mjs"); // its pictures have its name
export const PASSWORD = "en lång mening att minnas";
export const folder = mkdtempSync(join(tmpdir(), "verkan-stage-"));
mkdirSync(out, { recursive: true });
const env = { ...process.env, TMPDIR: folder, LC_ALL: "C.UTF-8" };
export const run = (...words) => execFileSync(verkan, words, { env, encoding: "utf8" });

const servers = [], pages = [];
/** A server of the workspace: a new one, with the link that makes the first account, or one that was killed, back where it was. */
export async function serve(workspace, back = "") {
  const process_ = spawn(verkan, ["serve", "-w", workspace, "--listen", back || "127.0.0.1:0"], { env, stdio: ["ignore", "pipe", "pipe"] });
  const server = { log: "", process: process_, address: "", setup: "" };
  servers.push(server);
  process_.stderr.on("data", (text) => { server.log += text; });
  await new Promise((done, fail) => {
    let text = "";
    process_.stdout.on("data", (more) => {
      text += more;
      const link = /(http:\/\/\S+\/)#\/setup\?token=\S+/.exec(text), at = /http:\/\/127\.0\.0\.1:\d+/.exec(text);
      if (link) server.setup = link[0];
      if (at) server.address = at[0] + "/";
      if (text.endsWith("\n") && at && (link || back)) done();
    });
    process_.on("exit", () => fail(new Error(`the server ended: ${text}${server.log}`)));
  });
  return server;
}
/** Ends it; gives its exit status, or the signal that it died of. */
export const end = (server, how = "SIGTERM") => new Promise((done) => { server.process.removeAllListeners("exit"); server.process.on("exit", (code, signal) => done(code ?? signal)); server.process.kill(how); });

const browser = await chromium.launch({ executablePath: browserPath, args: ["--no-sandbox"] });
export const errors = [], outside = [], asked = [];
export async function reader(width = 1440, more = {}) {
  const context = await browser.newContext({ viewport: { width, height: width > 800 ? 900 : 800 }, reducedMotion: "reduce", locale: "sv-SE", ...more });
  const page = await context.newPage();
  pages.push(page);
  page.on("console", (m) => {
    if (m.type() !== "error" && m.type() !== "warning") return;
    if (/Failed to load resource/.test(m.text()) && /\/api\//.test(m.location().url)) return; // an answer that refuses, or none
    errors.push(`${m.text()} ${m.location().url}`);
  });
  page.on("pageerror", (e) => errors.push(String(e.stack ?? e)));
  page.on("request", (r) => { asked.push(r.url()); if (!["data:", ...servers.map((x) => x.address)].some((x) => r.url().startsWith(x))) outside.push(r.url()); });
  return page;
}

const results = [];
let broken = false;
export function check(what, message) { if (!what) throw new Error(message); }
const note = (text, most) => console.log(text.split("\n").slice(0, most).map((line) => "# " + line).join("\n"));
async function tell(error) {
  note([String(error.message ?? error), ...(error.stack?.split("\n").filter((l) => l.includes("tests/web")).slice(0, 3) ?? []), ...errors, ...servers.map((x) => x.log)].join("\n"), 40);
  for (const [n, page] of pages.entries()) {
    if (page.isClosed()) continue;
    const picture = join(out, `broken-${story}-${n + 1}.png`);
    await page.screenshot({ path: picture, fullPage: true, timeout: 10_000 }).catch(() => undefined);
    note(`window ${n + 1}, at ${page.url()}, as in ${picture}, says:\n${await page.locator("body").innerText({ timeout: 10_000 }).catch(String)}`, 60);
  }
}
/** The story goes on from step to step: what follows a broken step is told as not run. */
export async function step(name, run) {
  if (broken) { results.push(`not ok ${results.length + 1} - ${name} (not run)`); return; }
  try {
    await run();
    results.push(`ok ${results.length + 1} - ${name}`);
  } catch (error) {
    await tell(error);
    results.push(`not ok ${results.length + 1} - ${name}`);
    broken = true;
  }
}
export async function finish() {
  await browser.close();
  for (const server of servers) if (server.process.exitCode === null && !server.process.signalCode) await end(server);
  rmSync(folder, { recursive: true });
  console.log(`1..${results.length}`);
  console.log(results.join("\n"));
  process.exit(results.some((r) => r.startsWith("not")) ? 1 : 0);
}

export const settled = (p) => p.waitForFunction(() => document.querySelector("main h1") && !document.querySelector('main [aria-busy="true"], main .skels') && document.fonts.status === "loaded");
export async function go(p, hash) {
  await p.evaluate((h) => {
    if (location.hash === h) return;
    document.querySelector("main")?.setAttribute("data-old", "");
    location.hash = h;
  }, hash);
  await p.waitForFunction((h) => location.hash === h && document.querySelector("main:not([data-old]) h1"), hash);
  await settled(p);
}
export const says = (p, selector) => p.locator(selector).first().innerText();

const WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
export async function sound(p, where) {
  // The policy of the page allows no script from outside it, so axe-core is put there by the browser's own hand.
  if (!(await p.evaluate(() => "axe" in window))) await p.evaluate(axe);
  const found = await p.evaluate(async (tags) => {
    const got = await window.axe.run(document, { runOnly: { type: "tag", values: tags }, resultTypes: ["violations"] });
    return got.violations.map((v) => `${v.id}: ${v.nodes.slice(0, 2).map((n) => n.html.slice(0, 160)).join(" | ")}`);
  }, WCAG);
  check(!found.length, `${where}: ${found.join("; ")}`);
  const state = await p.evaluate((width) => ({ over: document.documentElement.scrollWidth - width, text: document.body.innerText, title: document.title, h1: document.querySelectorAll("h1").length,
    wide: [...document.querySelectorAll("main *")].filter((e) => e.getBoundingClientRect().right > width + 1 && !e.closest(".scroll")).slice(0, 3).map((e) => e.outerHTML.slice(0, 90)) }), p.viewportSize().width);
  check(state.over <= 0, `${where}: scrolls sideways by ${state.over} px: ${state.wide.join(" | ")}`);
  check(state.h1 === 1 && state.title.length > 9, `${where}: ${state.h1} h1, title ${state.title}`);
  const odd = state.text.match(/.{0,40}(undefined|NaN|\bnull\b|\[object|Infinity|\*\*).{0,20}/);
  check(!odd, `${where}: ${odd?.[0]}`);
}
export const FIVE = [[1440, "sv", "light"], [1440, "en", "dark"], [390, "sv", "dark"], [390, "en", "light"], [320, "sv", "light"]];
/** One page in both languages, themes and three widths; a picture of each. */
export async function look(p, name, hash, views = FIVE) {
  const was = p.viewportSize();
  for (const [width, lang, theme] of views) {
    await p.setViewportSize({ width, height: width > 800 ? 900 : 800 });
    await go(p, `${hash}${hash.includes("?") ? "&" : "?"}lang=${lang}&theme=${theme}`);
    await sound(p, `${name} ${width} ${lang} ${theme}`);
    if (width !== 320) await p.screenshot({ path: join(out, `${story}-${name}-${width}-${theme}.png`), fullPage: true });
  }
  await p.setViewportSize(was);
}
