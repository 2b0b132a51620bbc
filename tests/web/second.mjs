// The second factor, as an app on a telephone has it: second.mjs VERKAN MODULES OUT. The square on the screen is photographed and read by another
// program (zbarimg); what it says is the key that the page writes and links to, and a code made of it is taken. Speaks TAP; skipped without
// Chromium or zbarimg.
import { execFileSync } from "node:child_process";
import { createHmac } from "node:crypto";
import { existsSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const READER = "/usr/bin/zbarimg";
if (!existsSync(READER)) {
  console.log("1..0 # SKIP no zbarimg: apt install zbar-tools");
  process.exit(0);
}
const { check, end, errors, finish, folder, go, outside, PASSWORD, reader, run, serve, settled, sound, step } = await import("./stage.mjs");
const tiny = resolve(dirname(fileURLToPath(import.meta.url)), "../cli/tiny"), workspace = join(folder, "workspace");
run("import", tiny, "-w", workspace);
const server = await serve(workspace), page = await reader();

/** RFC 6238 with SHA-1, six digits, half a minute. */
function codeOf(secret, at = Date.now()) {
  const bits = [...secret].map((c) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(c).toString(2).padStart(5, "0")).join("");
  const key = Buffer.from(bits.match(/.{8}/g).map((b) => parseInt(b, 2))), count = Buffer.alloc(8);
  count.writeBigUInt64BE(BigInt(Math.floor(at / 30_000)));
  const hash = createHmac("sha1", key).update(count).digest(), from = hash[19] & 15;
  return String((hash.readUInt32BE(from) & 0x7fffffff) % 1_000_000).padStart(6, "0");
}
const read = (picture) => execFileSync(READER, ["--raw", "-q", "-Sdisable", "-Sqrcode.enable", picture], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();

await step("the square that is shown says the key that is written beside it, in both themes and on a telephone", async () => {
  await page.goto(server.setup);
  await page.waitForSelector("input[name=name]");
  await page.fill("input[name=name]", "Åsa Öberg");
  await page.fill("input[name=password]", PASSWORD);
  await page.keyboard.press("Enter");
  await page.waitForSelector("#account");
  await settled(page);
  const seen = new Set();
  for (const [width, lang, theme] of [[1440, "sv", "light"], [390, "en", "dark"]]) {
    await page.setViewportSize({ width, height: 900 });
    await go(page, `#/account?lang=${lang}&theme=${theme}`);
    const section = page.locator("section.sec", { has: page.locator("h2", { hasText: /^(Andra faktor|Second factor)$/ }) });
    await section.locator("input[type=password]").fill(PASSWORD);
    await section.locator("button[type=submit]").click();
    await page.waitForSelector("svg.qr");
    await sound(page, `second factor ${width} ${theme}`);
    const picture = join(folder, `qr-${width}.png`);
    writeFileSync(picture, await page.locator("svg.qr").screenshot());
    const said = read(picture), link = await section.locator('a[href^="otpauth:"]').getAttribute("href"), written = (await section.locator("code.mono").innerText()).replace(/\s/g, "");
    check(said === link, `the square says ${said}, the link ${link}`);
    const parts = new URL(said);
    check(parts.protocol === "otpauth:" && parts.host === "totp" && parts.pathname === "/Verkan:1" && parts.searchParams.get("issuer") === "Verkan", said);
    check(parts.searchParams.get("secret") === written && written.length >= 32, `${said} is not ${written}`);
    seen.add(written);
  }
  check(seen.size === 2, "the key is the same when it is asked for again");
});

await step("a code made of what was read off the screen is taken", async () => {
  const secret = new URL(read(join(folder, "qr-390.png"))).searchParams.get("secret");
  const form = page.locator("form", { has: page.locator("input[autocomplete=one-time-code]") });
  await form.locator("input").fill("000000" === codeOf(secret) ? "111111" : "000000");
  await form.locator("button[type=submit]").click();
  await page.waitForSelector(".said[role=alert] p");
  await form.locator("input").fill(codeOf(secret));
  await form.locator("button[type=submit]").click();
  await page.waitForFunction(() => document.querySelectorAll("ul.plain code.mono").length === 10);
});

await step("no error, no warning, no outside request, and the server ends in order", async () => {
  check(!errors.length, errors.join("\n"));
  check(!outside.length, outside.join("\n"));
  await page.goto("about:blank");
  const code = await end(server);
  check(code === 0, `the server ended with ${code}: ${server.log}`);
});
await finish();
