// The whole way through the application, with the real server and a real browser: app.mjs VERKAN MODULES OUT. The first account, a folder
// read in, the result, from a number to a deal, a what-if, a decision, a contested finding, an invited manager, out again. Every page is looked
// at by axe-core in both languages, themes and three widths; screenshots go to OUT. Speaks TAP; skipped without Chromium.
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as stage from "./stage.mjs";
import { check, end, errors, finish, folder, out, outside, PASSWORD, reader, run, serve, step } from "./stage.mjs";

const OTHER = "en annan mening att minnas";
const sample = join(folder, "data");
run("simulate", "mixed", "--sellers", "12", "--weeks", "52", "--seed", "7", "-o", sample);
// The list of deals comes from another system, with headings of its own.
const HEADINGS = { deal_id: "Affärs-ID", account_id: "Kund-ID", seller_id: "Ansvarig", name: "Affärsnamn", amount: "Ordervärde", currency: "Valuta", source: "Källa", product: "Produkt", pipeline: "Säljprocess", stage: "Fas",
  segment: "Segment", created_at: "Skapad", closed_at: "Avslutad", outcome: "Utfall", lost_reason: "Förlustorsak", expected_close_on: "Förväntat avslut", updated_at: "Ändrad", complexity: "Komplexitet", decision_structure: "Beslutsstruktur" };
const given = readFileSync(join(sample, "deals.csv"), "utf8"), cut = given.indexOf("\n");
writeFileSync(join(sample, "affärer.csv"), given.slice(0, cut).split(",").map((x) => HEADINGS[x]).join(",") + given.slice(cut));
rmSync(join(sample, "deals.csv"));
const server = await serve(join(folder, "workspace"));
const page = await reader();
const settled = (p = page) => stage.settled(p);
const go = (hash, p = page) => stage.go(p, hash);
const says = (selector, p = page) => stage.says(p, selector);
const sound = (where, p = page) => stage.sound(p, where);
const look = (name, hash, p = page) => stage.look(p, name, hash);

await step("nobody is let in before there is an account, and the link makes the first", async () => {
  await page.goto(server.address);
  await settled();
  check(/länken/.test(await says(".say-1")), await says(".say-1"));
  await page.goto(server.setup);
  await settled();
  await sound("setup");
  await page.screenshot({ path: join(out, "app-setup-1440-light.png") });
  await page.fill("input[name=name]", "Anna Lind");
  await page.fill("input[name=password]", "för kort");
  await page.keyboard.press("Enter");
  check((await says(".wrong-field:not([hidden])")).includes("12"), "a short password is not told");
  await sound("setup, refused");
  await page.fill("input[name=password]", PASSWORD);
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => !location.hash.includes("token") && !!document.querySelector("#account"));
  await settled();
});

await step("an empty workspace says what is missing, and leads to Data", async () => {
  check(/Inget är inläst/.test(await says(".say-1")), await says(".say-1"));
  await look("empty", "#/overview");
  await go("#/overview?lang=sv");
  await page.click("main a.btn.pri");
  await page.waitForFunction(() => location.hash.startsWith("#/data") && !!document.querySelector(".drop"));
});

await step("a folder is sent up and looked at before anything is changed", async () => {
  await page.setInputFiles("#files", readdirSync(sample).map((name) => join(sample, name)));
  await page.waitForSelector(".steps");
  await settled();
  const finding = await says(".say-1");
  check(finding.startsWith("16 av 16 filer"), finding);
  const upload = await page.evaluate(() => location.hash);
  await look("import", upload.split("?")[0]);
  await go(upload.split("?")[0] + "?lang=sv");
  const row = (heading) => page.locator("table.ic tr", { has: page.locator(`th:has-text("${heading}")`) });
  check(await row("Ansvarig").locator("select").inputValue() === "seller_id" && /Behöver ditt svar/.test(await row("Ansvarig").innerText()), await row("Ansvarig").innerText());
  await row("Ansvarig").getByRole("button").click();
  await page.locator("summary").first().click();
  check(/\d{4}-\d\d-\d\d/.test(await row("Avslutad").innerText()), "no example of the closing date");
  await row("Avslutad").locator("select").selectOption("closed_at");
  await page.waitForFunction(() => [...document.querySelectorAll("table.ic tr")].some((x) => /Avslutad/.test(x.textContent) && /Som du sa/.test(x.textContent)));
  await sound("import, answered");
  // What the files can answer follows what they are taken for.
  const answers = () => page.evaluate(() => [...document.querySelectorAll(".two.plain > div")].map((e) => e.innerText));
  check(/vart tiden går/.test((await answers())[0]) && /Allt har vad det behöver/.test((await answers())[1]), (await answers()).join(" | "));
  await page.selectOption('[id="tab-calendar.csv"]', "skip");
  check(/vart tiden går[^]*Saknar kalender/.test((await answers())[1]) && !/vart tiden går/.test((await answers())[0]), (await answers()).join(" | "));
  await page.selectOption('[id="tab-calendar.csv"]', "calendar");
});

await step("the files are read in and the diagnosis made, with progress on the way", async () => {
  await page.getByRole("button", { name: "Läs in och gör diagnosen" }).click();
  await page.waitForSelector("progress");
  await page.waitForFunction(() => document.querySelector(".say-1")?.textContent.includes("diagnosen är gjord"), null, { timeout: 400_000 });
  await sound("read in");
  await page.screenshot({ path: join(out, "app-imported-1440-light.png"), fullPage: true });
  await page.click("main a.btn.pri");
  await settled();
});

let doc;
await step("the overview says what the document says", async () => {
  doc = await page.evaluate(async () => (await fetch("/api/result?lang=sv")).json());
  check(doc.schema.startsWith("verkan.diagnosis") && doc.finding.text, JSON.stringify(doc).slice(0, 200));
  check(await says(".say-1") === doc.finding.text, `${await says(".say-1")} is not ${doc.finding.text}`);
});

for (const name of ["overview", "process", "activity", "sellers", "time", "decisions", "deals", "data", "account", "admin"])
  await step(`${name} in both languages, themes and widths`, () => look(name, `#/${name}`));

await step("from a number to its deals, and from a deal to what happened in it", async () => {
  await go("#/process?lang=sv");
  await page.locator("main a.drill").first().click();
  await page.waitForFunction(() => location.hash.startsWith("#/rows"));
  await settled();
  const stage = new URLSearchParams((await page.evaluate(() => location.hash)).split("?")[1]).get("stage");
  check(stage === doc.stages[0].stage && await page.locator("#choice-stage").inputValue() === stage, `the stage is ${stage}`);
  const rows = await page.locator("table.rw").first().locator("tbody tr").count();
  check(rows === 25, `${rows} rows`);
  await page.keyboard.press("/");
  check(await page.evaluate(() => document.activeElement.id === "search"), "/ does not lead to the search");
  const id = await page.locator("table.rw tbody tr").nth(3).locator("th a").evaluate((a) => decodeURIComponent(a.getAttribute("href").split("/")[2].split("?")[0]));
  await page.keyboard.type(id);
  await page.waitForFunction(() => document.querySelectorAll("table.rw tbody tr").length === 1);
  await page.locator("table.rw th a").click();
  await page.waitForFunction(() => document.querySelectorAll(".events li").length > 0);
  await look("deal", `#/deal/${id}`);
  await page.goBack();
  await look("rows", `#/rows?stage=${encodeURIComponent(stage)}`);
});

await step("a team is chosen, stands in the address, and stays through a change of language", async () => {
  await go("#/sellers?lang=sv");
  await page.focus("#choice-team");
  const team = await page.locator("#choice-team option").nth(1).getAttribute("value");
  await page.selectOption("#choice-team", team);
  await page.waitForFunction((t) => location.hash.includes(`team=${t}`), team);
  await page.click("#lang");
  await page.waitForFunction(() => document.documentElement.lang === "en");
  check((await page.evaluate(() => location.hash)).includes(`team=${team}`), "the team is lost");
  await page.click("#lang");
  await page.waitForFunction(() => document.documentElement.lang === "sv");
});

await step("a what-if is counted and answered with a sentence and an interval", async () => {
  await go("#/activity?lang=sv");
  await page.fill("#wi-plus", "20");
  check(await page.locator("#wi-plus-s").inputValue() === "20", "the slider does not follow the field");
  await page.focus("#wi-free-s");
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowRight");
  check(await page.locator("#wi-free").inputValue() === "1", "the field does not follow the slider");
  await page.locator("#wi-next_step").check();
  check((await page.evaluate(() => location.hash)).includes("plus=20"), "the change is not in the address");
  await page.getByRole("button", { name: "Räkna", exact: true }).click();
  await page.waitForSelector("#answer table svg.iv", { timeout: 200_000 });
  check(/\d/.test(await says("#answer .say-2")), await says("#answer .say-2"));
  await sound("what if, answered");
  await page.screenshot({ path: join(out, "app-whatif-1440-light.png"), fullPage: true });
});

await step("a decision is logged, listed and followed up", async () => {
  await go("#/decisions?lang=sv");
  await page.locator(".decide button").first().click();
  await page.locator(".inplace button[type=submit]").first().click();
  check(/Välj/.test(await says(".inplace .wrong-field")), "nothing chosen is not told");
  await page.locator(".inplace input[type=radio]").nth(1).check();
  await page.locator(".inplace textarea").first().fill("Vi har prövat det förr.");
  await page.locator(".inplace button[type=submit]").first().click();
  await page.waitForFunction(() => document.querySelector("table.lo")?.textContent.includes("Gör inte. Vi har prövat det förr."));
  const kept = (await page.evaluate(async () => (await fetch("/api/decisions")).json()))[0], about = doc.decisions.find((d) => d.action === kept.action && d.moment === kept.moment && d.team_id === kept.team_id);
  check(kept.choice === "not" && (about.value ? kept.predicted.value.mean === about.value.mean && (await says("table.lo")).includes("Förutsades ge") : kept.predicted === null), JSON.stringify(kept));
  await sound("a decision is logged");
  await page.screenshot({ path: join(out, "app-decided-1440-light.png"), fullPage: true });
  await page.locator("table.lo button").first().click();
  await page.locator("table.lo textarea").fill("Inget hände.");
  await page.locator("table.lo button[type=submit]").click();
  await page.waitForFunction(() => /Uppföljt/.test(document.querySelector("table.lo")?.textContent ?? ""));
});

await step("the keys are shown, and can be turned off", async () => {
  await go("#/overview?lang=sv");
  await page.keyboard.press("?");
  await page.waitForSelector("dialog[open]");
  await sound("keys");
  await page.locator("dialog input").uncheck();
  await page.keyboard.press("Escape");
  await page.waitForFunction(() => !document.querySelector("dialog"));
  await page.keyboard.press("?");
  check(!(await page.locator("dialog").count()), "the key is not off");
  await page.click("#keys");
  await page.locator("dialog input").check();
  await page.keyboard.press("Escape");
});

const SELLER = "S0003", TEAM = readFileSync(join(sample, "sellers.csv"), "utf8").split("\n").find((line) => line.startsWith(SELLER)).match(/\bT\d+\b/)[0];
const guest = await reader(), seller = await reader();
/** Invites someone and opens the link as that person. */
async function invite(name, role, team, id, p) {
  await go("#/admin?lang=sv");
  await page.getByText("Bjud in någon").click();
  const form = page.locator("details form");
  await form.locator("input").first().fill(name);
  await form.locator("select").selectOption(role);
  await form.locator("input").nth(1).fill(team);
  await form.locator("input").nth(2).fill(id);
  await form.locator("button[type=submit]").click();
  const link = await page.locator(".once input").inputValue();
  check(/#\/setup\?token=/.test(link), link);
  await p.goto(link);
  await settled(p);
  await p.fill("input[name=name]", name);
  await p.fill("input[name=password]", OTHER);
  await p.keyboard.press("Enter");
  await p.waitForSelector("#account");
  await settled(p);
  return link;
}
await step("a manager is invited by a link that works once", async () => {
  const link = await invite("Per Holm", "manager", TEAM, "", guest);
  await page.screenshot({ path: join(out, "app-invited-1440-light.png"), fullPage: true });
  check(!(await guest.locator('nav a[href*="admin"]').count()), "a manager sees the administration");
  const again = await reader();
  await again.goto(link);
  await settled(again);
  await again.fill("input[name=name]", "Någon annan");
  await again.fill("input[name=password]", OTHER);
  await again.keyboard.press("Enter");
  await again.waitForSelector(".said[role=alert] p");
  await again.context().close();
});

await step("a seller sees the own row first, and contests a finding", async () => {
  await invite("Sara Ek", "seller", TEAM, SELLER, seller);
  await seller.goto(server.address);
  await seller.waitForFunction((id) => location.hash.startsWith(`#/sellers/${id}`), SELLER);
  await settled(seller);
  await look("seller", `#/sellers/${SELLER}`, seller);
  await go(`#/sellers/${SELLER}?lang=sv`, seller);
  const moment = await seller.locator("section.sec:has(.decide) h2").first().innerText();
  await seller.locator(".decide button").first().click();
  await seller.locator(".inplace input[type=radio]").nth(1).check();
  await seller.locator(".inplace textarea").fill("Mina möten i mars är inte med.");
  await seller.setViewportSize({ width: 700, height: 900 }); // a telephone that is turned
  await seller.emulateMedia({ colorScheme: "dark" });
  check(await seller.locator(".inplace textarea").inputValue() === "Mina möten i mars är inte med.", "words half written are gone when the page is drawn for another width");
  await seller.emulateMedia({ colorScheme: "light" });
  await seller.setViewportSize({ width: 1440, height: 900 });
  await seller.locator(".inplace button[type=submit]").click();
  await seller.waitForFunction(() => /Bestritt, under prövning/.test(document.querySelector("main").textContent));
  check((await seller.locator(`section.sec:has(h2:text-is("${moment}"))`).first().innerText()).includes("Mina möten i mars är inte med."), "the words do not stand beside the finding");
  await sound("contested", seller);
  await seller.screenshot({ path: join(out, "app-contested-1440-light.png"), fullPage: true });
});

await step("a case opens the row for the manager when the seller knows of it, after the manager's own judgement", async () => {
  await look("case", `#/sellers/${SELLER}`, guest);
  await go(`#/sellers/${SELLER}?lang=sv`, guest);
  check(/visas inte/.test(await says(".say-1", guest)), await says(".say-1", guest));
  await guest.locator("main select.input").selectOption("development");
  await guest.locator("main form button[type=submit]").click();
  await guest.waitForFunction(() => /har inte sagt/.test(document.querySelector("main").textContent));
  await go("#/overview?lang=sv", seller);
  await go(`#/sellers/${SELLER}?lang=sv`, seller);
  await seller.getByRole("button", { name: "Jag känner till det" }).click();
  await seller.waitForFunction(() => /känner till ärendet/.test(document.querySelector("main").textContent));
  await guest.reload();
  await guest.waitForSelector("fieldset.judge");
  await settled(guest);
  check(!/Nästan säkert|Mycket troligt/.test(await guest.locator("main").innerText()), "the verdict is shown before the judgement");
  await look("judge", `#/sellers/${SELLER}`, guest);
  await go(`#/sellers/${SELLER}?lang=sv`, guest);
  for (const box of await guest.locator("fieldset.judge").all()) await box.locator("input").last().check();
  await guest.locator("main form button[type=submit]").click();
  await guest.waitForFunction(() => /Du och Verkan säger samma sak/.test(document.querySelector("main").textContent));
  await sound("judged", guest);
  await guest.screenshot({ path: join(out, "app-judged-1440-light.png"), fullPage: true });
});

await step("who may not see a person's row is told why", async () => {
  await look("manager-sellers", "#/sellers", guest);
});

await step("a session that ends elsewhere leads to the login, and back to the same address", async () => {
  await go("#/process?lang=sv", guest);
  await guest.context().clearCookies();
  await guest.evaluate(() => { location.hash = "#/account?lang=sv"; });
  await guest.waitForSelector("input[name=password]");
  await sound("login", guest);
  await guest.screenshot({ path: join(out, "app-login-1440-light.png") });
  await guest.fill("input[name=name]", "Per Holm");
  await guest.fill("input[name=password]", "fel lösenord helt och hållet");
  await guest.keyboard.press("Enter");
  await guest.waitForSelector(".said[role=alert] p");
  await guest.fill("input[name=password]", OTHER);
  await guest.keyboard.press("Enter");
  await guest.waitForSelector("#account");
  check((await guest.evaluate(() => location.hash)).startsWith("#/account"), "another address");
});

await step("without a network it says so, and goes on when there is one", async () => {
  await guest.context().setOffline(true);
  await guest.evaluate(() => { location.hash = "#/overview?lang=en"; });
  await guest.waitForFunction(() => /cannot be reached/.test(document.querySelector(".say-1")?.textContent ?? ""));
  await sound("offline", guest);
  await guest.screenshot({ path: join(out, "app-offline-1440-light.png") });
  await guest.context().setOffline(false);
  await guest.getByRole("button", { name: "Try again" }).click();
  await guest.waitForFunction(() => !!document.querySelector("main .say-1") && !/cannot be reached/.test(document.querySelector(".say-1").textContent));
});

await step("the log is whole and has what was done", async () => {
  await go("#/admin?lang=sv");
  await page.waitForSelector("table.au");
  const text = await page.locator("main").innerText();
  check(/Loggen är hel/.test(text), "the log is not whole");
});

await step("out again, and nothing is left to see", async () => {
  await page.click("#out");
  await page.waitForSelector("input[name=password]");
  check(await page.evaluate(async () => (await fetch("/api/result")).status) === 401, "still in");
  await page.goBack().catch(() => undefined);
  await page.waitForSelector("input[name=password]");
});

await step("no error, no warning, no outside request, and the server ends in order", async () => {
  check(!errors.length, errors.join("\n"));
  check(!outside.length, outside.join("\n"));
  const code = await end(server);
  check(code === 0, `the server ended with ${code}: ${server.log}`);
});
await finish();
