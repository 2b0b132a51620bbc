// Measuring the situations with the real server and a real browser: measure.mjs VERKAN MODULES OUT. Nobody has answered: it says what is missing; fifty
// have: each situation stands with its interval, groups too small are not judged, and a version is kept. For the owner and the analyst alone. axe-core looks
// at the page in both languages and themes at three widths. Speaks TAP; skipped without Chromium.
import { execFileSync } from "node:child_process";
import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { check, errors, finish, folder, go, look, outside, PASSWORD, reader, run, serve, step, verkan } from "./stage.mjs";

const workspace = join(folder, "workspace");
run("simulate", "mixed", "--sellers", "4", "--weeks", "10", "--seed", "7", "-o", join(folder, "data"));
run("import", join(folder, "data"), "-w", workspace);
run("diagnose", "-w", workspace);
const server = await serve(workspace);

async function enter(token, name) {
  const page = await reader();
  await page.goto(server.address);
  await page.evaluate(async ([token, password, name]) => {
    const answer = await fetch("/api/setup", { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ token, password, ...(name ? { name } : {}) }) });
    if (!answer.ok) throw new Error(await answer.text());
  }, [token, PASSWORD, name]);
  await page.reload();
  return page;
}
const invite = (page, name, role) => page.evaluate(async ([name, role]) => (await (await fetch("/api/users", { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ name, role }) })).json()).link, [name, role]);
const section = (page, name) => page.locator("section.sec").filter({ has: page.locator("h2", { hasText: name }) });
let owner;

await step("nobody has answered: it says how many are missing", async () => {
  owner = await enter(/token=(\S+)/.exec(server.setup)[1], "Astrid");
  await go(owner, "#/roles?lang=sv");
  const part = section(owner, "Situationerna själva");
  await part.locator("select").first().selectOption("next_step");
  await part.locator("button[type=submit]").click();
  await owner.waitForFunction(() => /Ingen har svarat: situationerna kan inte mätas än. 50 till behövs/.test(document.querySelector("main").innerText));
});
await step("fifty have: each situation with its interval, and groups too small are not judged", async () => {
  for (let i = 0; i < 52; i++) {
    const link = run("assess", "invite", "-w", workspace, "--person", `C${i}`, "--candidate", "--competency", "next_step", "--lang", i % 2 ? "sv" : "en").split("\n")[1].trim();
    const input = Array.from({ length: 30 }, (_, k) => "abcd"[(i * 7 + k * (1 + (i % 3))) % 4]).join("\n") + "\n";
    execFileSync(verkan, ["assess", "take", "-w", workspace, link], { input, env: { ...process.env, LC_ALL: "C.UTF-8" } });
  }
  const part = section(owner, "Situationerna själva");
  await part.locator("select").nth(1).selectOption("lang");
  await part.locator("button[type=submit]").click();
  await owner.waitForFunction(() => /Enligt de första svaren från 52 personer/.test(document.querySelector("main").innerText));
  const text = await part.innerText();
  check(await part.locator("tbody tr").count() === 32 && /next_step-01/.test(text), text);
  check(/Kan inte bedömas: 100 personer i varje grupp behövs/.test(text) && /26/.test(text), text);
  check(/svårare eller lättare än författaren säger/.test(text) && /90 %-intervall/.test(text), text);
});
await step("an instrument of one's own is read in from its files, and what cannot be is refused by name", async () => {
  run("assess", "items", "presentation", "--qti", join(folder, "qti"), "--lang", "sv");
  writeFileSync(join(folder, "bad.xml"), "<html><body>nothing</body></html>");
  await go(owner, "#/roles?lang=sv");
  const part = section(owner, "Egna instrument");
  check(/Ni har inget eget instrument än/.test(await part.innerText()), await part.innerText());
  await part.locator("button[type=submit]").click();
  check(/Välj filerna/.test(await part.innerText()), "no files are told");
  await part.locator("input[type=file]").setInputFiles(join(folder, "bad.xml"));
  await part.locator("button[type=submit]").click();
  await owner.waitForFunction(() => /Inget lästes in/.test(document.querySelector("main").innerText));
  check(/bad\.xml/.test(await part.innerText()), await part.innerText());
  await part.locator("input[type=file]").setInputFiles(readdirSync(join(folder, "qti")).map((x) => join(folder, "qti", x)));
  await part.locator("input").nth(1).fill("vart_eget");
  await part.locator("input").nth(2).fill("Vår egen presentation");
  await part.locator("button[type=submit]").click();
  await owner.waitForFunction(() => /Det finns nu, och kan skickas/.test(document.querySelector("main").innerText), null, { timeout: 60_000 });
  check(/32 situationer/.test(await part.innerText()), await part.innerText());
});
await step("a role asks for it once it is weighed, and no longer when it is retired", async () => {
  await go(owner, "#/recruitment/new_business?lang=sv");
  check(!/Vår egen presentation/.test(await owner.locator("table.ro").innerText()), "nobody has weighed it");
  await owner.locator("details.rows summary").first().click();
  await owner.getByLabel("Vår egen presentation").selectOption("5");
  await owner.locator("details.rows button[type=submit]").first().click();
  await owner.waitForFunction(() => /Vår egen presentation[\s\S]*er egen/.test(document.querySelector("table.ro").innerText));
  await owner.screenshot({ path: join(process.argv[4], "own-weighed.png"), fullPage: true });
  await look(owner, "own-weighed", "#/recruitment/new_business");
  await go(owner, "#/roles/new_business?lang=sv");
  await owner.reload();
  await owner.waitForFunction(() => /Vår egen presentation/.test(document.querySelector("main")?.innerText ?? ""));
  check(/Vår egen presentation/.test(await section(owner, "Vad rollen kräver").innerText()), await section(owner, "Vad rollen kräver").innerText());
  const part = section(owner, "Egna instrument"), back = part.locator("button", { hasText: "Avsluta" });
  await back.click();
  check(/Avsluta det nu/.test(await part.innerText()) && /Vår egen presentation/.test(await part.locator("table").innerText()), "asked once more");
  await back.click();
  await owner.waitForFunction(() => /Vår egen presentation är avslutat/.test(document.querySelector("main").innerText));
  await owner.waitForFunction(() => /Ni har inget eget instrument än/.test(document.querySelector("main").innerText));
});
await step("what was counted stays on the page, in both languages, both themes, three widths", () => look(owner, "roles", "#/roles"));
await step("it is used from now on", async () => {
  await go(owner, "#/roles?lang=en");
  const part = section(owner, "The situations themselves");
  await part.locator("select").first().selectOption("next_step");
  await part.locator("button[type=submit]").click();
  await owner.waitForFunction(() => /By the first answers of 52 persons/.test(document.querySelector("main").innerText));
  await part.locator("button", { hasText: "Use it from now on" }).click();
  await owner.waitForFunction(() => /Kept as version 1/.test(document.querySelector("main").innerText));
  await look(owner, "measured", "#/roles");
});
await step("the analyst has it, the leader has not, and may not ask either", async () => {
  const analyst = await enter(/token=(\S+)/.exec(await invite(owner, "Ana", "analyst"))[1]), leader = await enter(/token=(\S+)/.exec(await invite(owner, "Lena", "leader"))[1]);
  await go(analyst, "#/roles?lang=en");
  check(await section(analyst, "The situations themselves").count() === 1, "the analyst has it");
  await go(leader, "#/roles?lang=en");
  check(await section(leader, "The situations themselves").count() === 0 && await section(leader, "What the role asks for").count() === 1, "the leader sees the roles alone");
  const asked = (page, body) => page.evaluate((body) => fetch("/api/jobs", { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) }).then((x) => x.status), body);
  check(await asked(leader, { kind: "measure", competency: "next_step" }) === 403, "and may not ask");
  for (const wrong of [{}, { competency: "juggling" }, { competency: "next_step", by: "sex" }, { competency: "next_step", keep: "yes" }, { competency: "--groups=/etc/passwd" }])
    check(await asked(owner, { kind: "measure", ...wrong }) === 400, JSON.stringify(wrong));
});
await step("no error and nothing from outside", async () => { check(!errors.length, errors.join("; ")); check(!outside.length, outside.join("; ")); });
await finish();
