// Competence as people meet it: assess.mjs VERKAN MODULES OUT. A manager sends a link, the person answers on a phone, is cut off, the server is
// killed, the page is closed, another tab is open; the profile appears with its intervals; a manager and a colleague rate; a plan is made; HR
// invites an applicant. Every page is looked at by axe-core in both languages, themes and three widths. Speaks TAP; skipped without Chromium.
import { readFileSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { asked, check, end, errors, FIVE, finish, folder, go, look as lookAt, out, outside, PASSWORD, reader, run, says, serve, settled, sound, step } from "./stage.mjs";

const look = (p, name, hash) => lookAt(p, name, hash, [...FIVE, [320, "en", "dark"]]);

const sample = join(folder, "data"), workspace = join(folder, "workspace");
run("simulate", "mixed", "--sellers", "12", "--weeks", "52", "--seed", "7", "-o", sample);
run("import", sample, "-w", workspace);
run("diagnose", "-w", workspace);
const settings = join(workspace, "verkan.toml");
writeFileSync(settings, readFileSync(settings, "utf8").replace('person_level = "case"', 'person_level = "open"'));
const rows = readFileSync(join(sample, "sellers.csv"), "utf8").trim().split("\n").map((line) => line.split(","));
const column = (row, name) => row[rows[0].indexOf(name)];
const team = column(rows[1], "team_id"), mates = rows.slice(1).filter((r) => column(r, "team_id") === team);
const seller = column(mates[0], "seller_id"), peer = column(mates[1], "seller_id");
let server = await serve(workspace);
const at = new URL(server.address).host;

const page = await reader();
const boss = await reader(), eva = await reader(), ulf = await reader(), hr = await reader();

async function enter(p, link, name) {
  await p.goto(link);
  await settled(p);
  await p.fill("input[name=name]", name);
  await p.fill("input[name=password]", PASSWORD);
  await p.keyboard.press("Enter");
  await p.waitForSelector("#account");
  await settled(p);
}
const invite = (body) => page.evaluate(async (b) => (await (await fetch("/api/users", { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(b) })).json()).link, body);

await step("the owner lets a manager, two sellers and HR in", async () => {
  await enter(page, server.setup, "Anna Lind");
  for (const [p, body] of [[boss, { name: "Mia", role: "manager", team_ids: [team] }], [eva, { name: "Eva", role: "seller", seller_id: seller }],
    [ulf, { name: "Ulf", role: "seller", seller_id: peer }], [hr, { name: "Hanna", role: "hr" }]])
    await enter(p, await invite(body), body.name);
});

let link = "";
await step("a manager sends a link, which is shown once and can be copied", async () => {
  await look(boss, "send", "#/assess");
  await go(boss, "#/assess?lang=sv");
  await boss.getByRole("button", { name: "Gör länken" }).click();
  check((await says(boss, ".wrong-field:not([hidden]):not(:empty)")).length > 5, "what is missing is not said");
  await sound(boss, "send, refused");
  await boss.selectOption("select[name=person]", seller);
  await boss.check("input[value=qualification]");
  await boss.check("input[value=next_step]");
  await boss.getByRole("button", { name: "Gör länken" }).click();
  await boss.waitForSelector(".once input");
  link = await boss.inputValue(".once input");
  check(link.startsWith(`http://${at}/#/take/`) && link.length > 60, link);
  await sound(boss, "sent");
  await boss.screenshot({ path: join(out, "assess-sent-1440-light.png"), fullPage: true });
  await boss.waitForFunction(() => /inte börjat/.test(document.querySelector("table.se2")?.textContent ?? ""));
});

let phone = await reader(390, { isMobile: true, hasTouch: true });
const situation = (p = phone) => p.locator("form.question legend .say").innerText();
const count = async (p = phone) => Number(/\d+/.exec(await says(p, "h1"))[0]);
async function answer(p = phone, place = 0) {
  const before = await situation(p);
  await p.locator(".option").nth(place).click();
  await p.locator("form.question button[type=submit]").click();
  await p.waitForFunction((was) => document.querySelector("form.question legend .say")?.textContent !== was, before);
}
await step("the person sees what it is for before it begins, and nothing is asked yet", async () => {
  await phone.goto(link);
  await settled(phone);
  const text = await phone.locator("main").innerText();
  for (const word of ["Högst 24 situationer", "Din egen utveckling", "Vem som ser det", "24 månader", "tidsgräns", "avbruten", "rättigheter"]) check(text.includes(word), `not told: ${word}`);
  check(!(await phone.locator("nav.main").count()), "the pages of others are in the menu");
  await look(phone, "take-start", new URL(link).hash);
  await go(phone, new URL(link).hash);
});

await step("one situation at a time, by keyboard and screen reader too", async () => {
  await phone.getByRole("button", { name: "Börja" }).click();
  await phone.waitForSelector("form.question");
  check(await count() === 1 && await phone.locator("input[type=radio]").count() === 4, await says(phone, "h1"));
  check(await phone.evaluate(() => document.activeElement.tagName) === "LEGEND", "the focus is not on the situation");
  await phone.locator("form.question button[type=submit]").click();
  check(await says(phone, "form.question .wrong-field") === "Välj ett av de fyra svaren.", "an empty answer is not told");
  check(await phone.evaluate(() => document.activeElement.type) === "radio", "the focus is not where the answer is missing");
  await phone.keyboard.press("Space");
  await phone.keyboard.press("ArrowDown");
  await phone.keyboard.press("Enter");
  await phone.waitForFunction(() => document.querySelector("h1").textContent.startsWith("Situation 2"));
  check(await phone.evaluate(() => document.activeElement.tagName) === "LEGEND", "the focus does not move to the new situation");
  check((await phone.locator("[role=status].said-at").innerText()).startsWith("Sparat."), "that it is saved is not said aloud");
  await look(phone, "take", new URL(link).hash);
  await go(phone, new URL(link).hash);
  check(await count() === 2, "a change of language begins anew");
});

await step("the connection is lost in the middle of an answer: it is kept, and sent when it is back", async () => {
  await phone.context().setOffline(true);
  const was = await situation();
  await phone.locator(".option").nth(1).click();
  await phone.locator("form.question button[type=submit]").click();
  await phone.waitForFunction(() => /Det finns ingen förbindelse/.test(document.querySelector(".said-at")?.textContent ?? ""));
  await sound(phone, "offline");
  await phone.screenshot({ path: join(out, "assess-offline-390-light.png"), fullPage: true });
  check(await situation() === was, "it goes on without being saved");
  await phone.context().setOffline(false);
  await phone.waitForFunction(() => document.querySelector("h1").textContent.startsWith("Situation 3"));
});

await step("the server is killed with an answer on its way, the page is closed, and nothing is lost", async () => {
  await answer();
  const next = await situation();
  await end(server, "SIGKILL");
  await phone.locator(".option").nth(2).click();
  await phone.locator("form.question button[type=submit]").click();
  await phone.waitForFunction(() => /Det finns ingen förbindelse/.test(document.querySelector(".said-at")?.textContent ?? ""));
  const context = phone.context();
  await phone.close();
  server = await serve(workspace, at);
  phone = await context.newPage();
  await phone.goto(link);
  await settled(phone);
  check(/4 situationer/.test(await phone.locator("main").innerText()), await phone.locator("main").innerText());
  await phone.getByRole("button", { name: "Fortsätt där du var" }).click();
  await phone.waitForSelector("form.question");
  check(await count() === 5 && await situation() !== next, "the answer on its way is lost");
});

await step("two windows: the second is told plainly, and nothing counts twice", async () => {
  const second = await phone.context().newPage();
  await second.goto(link);
  await settled(second);
  await second.getByRole("button", { name: "Fortsätt där du var" }).click();
  await second.waitForSelector("form.question");
  check(await situation(second) === await situation(), "the windows ask different things");
  await answer(phone, 0);
  await second.locator(".option").nth(1).click();
  await second.locator("form.question button[type=submit]").click();
  await second.waitForFunction(() => /annat fönster/.test(document.querySelector(".said-at")?.textContent ?? ""));
  check(await count(second) === 6 && await count() === 6, "counted twice");
  await sound(second, "second window");
  await second.close();
});

await step("at the end the person sees what it says, first and with its interval", async () => {
  for (let n = 0; n < 24 && await phone.locator("form.question").count(); n++) {
    await phone.locator(".option").nth(n % 4).click();
    const was = await says(phone, "h1");
    await phone.locator("form.question button[type=submit]").click();
    await phone.waitForFunction((before) => document.querySelector("h1")?.textContent !== before, was);
  }
  await phone.waitForSelector("svg.iv");
  await settled(phone);
  check(await phone.locator("table.pf").first().locator("svg.iv").count() === 2 && /%/.test(await phone.locator("main").innerText()), "no interval");
  await look(phone, "take-end", new URL(link).hash);
  await go(phone, new URL(link).hash + "?lang=sv");
  await phone.reload();
  await settled(phone);
  check(/Tack\./.test(await says(phone, ".say-1")), "the end does not stand");
});

await step("links that do not hold say so in both languages", async () => {
  for (const [lang, words] of [["sv", "Länken fungerar inte"], ["en", "This link does not work"]]) {
    await go(phone, `#/take/${"0".repeat(48)}?lang=${lang}`);
    check(await says(phone, "h1") === words, await says(phone, "h1"));
    await sound(phone, `forged ${lang}`);
  }
  await go(boss, "#/assess?lang=sv");
  await boss.selectOption("select[name=person]", peer);
  await boss.check("input[value=qualification]");
  let stood = -1; // how many links stand while the next is on its way
  await boss.route(/\/api\/invitations\?/, async (route) => {
    if (route.request().method() === "POST") stood = await boss.locator(".once").count();
    await route.continue();
  });
  await boss.getByRole("button", { name: "Gör länken" }).click();
  await boss.waitForSelector(".once input");
  check(stood === 0, `${stood} links stand while another is made`);
  await boss.unroute(/\/api\/invitations\?/);
  const other = new URL(await boss.inputValue(".once input")).hash;
  await go(phone, other + "?lang=sv");
  await phone.getByRole("button", { name: "Börja" }).click();
  await phone.waitForSelector("form.question");
  await boss.getByRole("button", { name: "Återkalla länken" }).first().click();
  await boss.waitForFunction(() => /återkallad/.test(document.querySelector("table.se2")?.textContent ?? ""));
  await phone.locator(".option").first().click();
  await phone.locator("form.question button[type=submit]").click();
  await phone.waitForFunction(() => /återkallad av dem/.test(document.querySelector("main")?.textContent ?? ""));
  await look(phone, "take-withdrawn", other);
  await go(boss, "#/assess");
  await look(boss, "status", "#/assess");
});

await step("the person's own page, and a plan", async () => {
  await go(eva, "#/competence?lang=sv");
  check(/Mest finns att vinna|skiljer sig inte|poängen/.test(await says(eva, ".say-1")), await says(eva, ".say-1"));
  check(await eva.locator("svg.iv").count() >= 2, "no interval");
  await eva.getByRole("button", { name: "Skriv en plan" }).click();
  await eva.locator(".inplace select").selectOption("next_step");
  await eva.locator(".inplace textarea").fill("Bokar en dag för nästa steg innan mötet är slut, i alla offererade affärer.");
  await eva.getByRole("button", { name: "Spara planen" }).click();
  await eva.waitForFunction(() => /Bokar en dag/.test(document.querySelector("table.pl")?.textContent ?? ""));
  await look(eva, "development", "#/competence");
  await go(eva, "#/competence?lang=sv");
  await eva.emulateMedia({ media: "print" });
  await eva.waitForFunction(() => { const again = document.querySelector(".sec.screen"), whose = document.querySelector(".paper"); return again && whose && getComputedStyle(again).display === "none" && getComputedStyle(whose).display !== "none"; });
  const paper = await eva.pdf({ preferCSSPageSize: true });
  check((paper.toString("latin1").match(/\/Type\s*\/Page[^s]/g) ?? []).length <= 3, "the profile is on few sheets");
  await eva.emulateMedia({ media: null });
  await settled(eva);
});

await step("a manager and a colleague rate what they saw", async () => {
  for (const [p, level, saw] of [[ulf, "2", "Lovade återkomma men bokade ingen dag med kunden."], [boss, "4", "Bokade beslutsmötet hos kunden innan vi gick därifrån."]]) {
    await go(p, `#/rate/${seller}?lang=sv`);
    await p.locator("main select").selectOption("next_step");
    await p.check(`input[name=level][value="${level}"]`);
    await p.getByRole("button", { name: "Spara skattningen" }).click();
    check(/minst tio tecken/.test(await says(p, ".wrong-field:not([hidden]):not(:empty)")), "a level without what was seen is taken");
    await p.locator("main textarea").fill(saw);
    await p.getByRole("button", { name: "Spara skattningen" }).click();
    await p.waitForFunction(() => /Skattningen är sparad/.test(document.querySelector("main")?.textContent ?? ""));
  }
  await look(ulf, "rate-who", "#/rate");
  await go(ulf, "#/rate?lang=sv");
  const names = await ulf.locator("main select option").allTextContents();
  check(names.includes(seller) && !names.includes("Ulf"), names.join());
  await ulf.locator("main select").selectOption(seller);
  await ulf.locator("main form button[type=submit]").click();
  await ulf.waitForFunction((id) => location.hash.includes(`/rate/${id}`), seller);
  await go(boss, `#/rate/${seller}?moment=qualification`);
  await look(boss, "rate", `#/rate/${seller}?moment=qualification`);
  await go(boss, `#/competence/${seller}?lang=sv`);
  const text = await boss.locator("main").innerText();
  for (const word of ["Kollega", "Chef", "Lovade återkomma", "Nivå 2 av 5", "Bokar en dag"]) check(text.includes(word), `not shown: ${word}`);
  check(!text.includes("Ulf"), "the colleague's name is shown");
  await look(boss, "profile", `#/competence/${seller}`);
  await look(boss, "competence", "#/competence");
});

await step("HR invites an applicant, who is told what happens next and sees no profile", async () => {
  await look(hr, "hr", "#/overview");
  check(!/Process/.test(await hr.locator("nav.main").innerText()), "HR is shown pages that say nothing to HR");
  await go(hr, "#/assess?lang=sv");
  await hr.fill("input[name=code]", "A-17");
  await hr.check("input[value=objection_handling]");
  await hr.getByRole("button", { name: "Gör länken" }).click();
  await hr.waitForSelector(".once input");
  const hash = new URL(await hr.inputValue(".once input")).hash;
  await go(phone, hash + "?lang=sv");
  check(/Din ansökan/.test(await phone.locator("main").innerText()), "the purpose is not told");
  await sound(phone, "applicant, start");
  await phone.getByRole("button", { name: "Börja" }).click();
  await phone.waitForSelector("form.question");
  for (let n = 0; n < 24 && await phone.locator("form.question").count(); n++) {
    await phone.locator(".option").nth(n % 4).click();
    const was = await says(phone, "h1");
    await phone.locator("form.question button[type=submit]").click();
    await phone.waitForFunction((before) => document.querySelector("h1")?.textContent !== before, was);
  }
  check(!(await phone.locator("svg.iv").count()) && /Beslutet fattas av människor/.test(await phone.locator("main").innerText()), "the end says something else");
  await look(phone, "take-applicant-end", hash);
  await go(hr, "#/competence/A-17?view=candidate&lang=sv");
  check(await hr.locator("svg.iv").count() >= 1, "no profile of the applicant");
  await sound(hr, "applicant's profile");
  await hr.goto(server.address + `#/competence/${seller}`);
  await settled(hr);
  check(!(await hr.locator("svg.iv").count()), "HR sees a seller");
});

await step("the link's secret is in no address that was asked for, and nowhere in the workspace", async () => {
  const secret = link.split("/take/")[1];
  check(!asked.some((url) => url.split("#")[0].includes(secret)), "the secret was in an address");
  const files = (d) => readdirSync(d).flatMap((n) => (statSync(join(d, n)).isDirectory() ? files(join(d, n)) : [join(d, n)]));
  for (const file of files(workspace)) check(!readFileSync(file).includes(secret), `the secret is in ${file}`);
  check(!server.log.includes(secret), "the secret is in the log");
});

await step("no error, no warning, no request to anywhere else", async () => {
  check(!errors.length, errors.join("\n"));
  check(!outside.length, outside.join("\n"));
});
await finish();
