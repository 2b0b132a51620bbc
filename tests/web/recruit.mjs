// Recruitment with the real server and a real browser: recruit.mjs VERKAN MODULES OUT. A role is weighed, applicants who took the test stand beside it
// without names, two are held beside each other, a decision is kept with its reason, groups and what predicts are counted. axe-core looks at the page in
// both languages and themes at three widths; screenshots go to OUT. Speaks TAP; skipped without Chromium.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import * as stage from "./stage.mjs";
import { check, errors, finish, folder, outside, PASSWORD, reader as window_, run, serve, step } from "./stage.mjs";

run("simulate", "mixed", "--sellers", "4", "--weeks", "10", "--seed", "7", "-o", join(folder, "data"));
run("import", join(folder, "data"), "-w", join(folder, "workspace"));
const server = await serve(join(folder, "workspace"));

/** A browser of its own, logged in by the link of an invitation. */
async function reader(token, name) {
  const page = await window_();
  await page.goto(server.address);
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

let page, hr;
const go = (hash) => stage.go(hr, hash);
const look = (name, hash) => stage.look(hr, name, hash);
const section = (name) => hr.locator("section.sec").filter({ has: hr.locator("h2", { hasText: name }) });
const HALF = ["prospecting", "qualification", "business_questions", "next_step", "objection_handling", "decision_steering"];

await step("nobody has applied: the page says what to do", async () => {
  page = await reader(/token=(\S+)/.exec(server.setup)[1], "Astrid");
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
await step("who only applied is listed, with what is known and that nothing is measured", async () => {
  writeFileSync(join(folder, "candidates.csv"), "candidate_id,name,role,applied_on,experience_years\nC-Ines,Ines,new_business,2026-01-02,6\n");
  run("import", join(folder, "candidates.csv"), "-w", join(folder, "workspace"));
  await go("#/recruitment/key_account?lang=sv");
  await go("#/recruitment/new_business?lang=sv");
  const people = await section("Sökande").innerText();
  check(/Inget är mätt än/.test(people) && /År i yrket: 6\. Det säger nästan inget/.test(people), people);
  check(!/C-Ines|Ines/.test(await hr.locator("body").innerText()), "no names");
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
await step("one line for all: who cannot be judged is named, and who is held back", async () => {
  const part = section("Säger det samma om alla grupper?");
  const rows = (group, n, more) => Array.from({ length: n }, (_, i) => `${group}; ${i % 9}; ${3 * (i % 9) + ((i * 7) % 5) + more}`).join("\n");
  await part.locator("textarea").fill(`${rows("Erfarna", 60, 0)}\n${rows("Nya", 40, 4)}\n${rows("Andra", 5, 0)}`);
  await part.locator("button[type=submit]").click();
  await hr.waitForFunction(() => /Nya når [\d,]+ bättre resultat/.test(document.querySelector("main").innerText));
  check(/Andra: kan inte bedömas. Där finns 5 personer; 30/.test(await part.innerText()), await part.innerText());
});
await step("worth in money, from five numbers", async () => {
  const part = section("Vad det är värt att välja efter det");
  await part.locator("button[type=submit]").click();
  check(/Ett heltal från 1 till 99 behövs/.test(await part.innerText()), "a number that is missing");
  for (const [i, x] of ["10", "20", "36", "3000", "200 000"].entries()) await part.locator("input").nth(i).fill(x);
  await part.locator("button[type=submit]").click();
  await hr.waitForFunction(() => /Sannolikheten att det lönar sig är/.test(document.querySelector("main").innerText));
  check(/går jämnt ut/.test(await part.innerText()), await part.innerText());
  await hr.screenshot({ path: `${process.argv[4]}/recruit-worth.png`, fullPage: true });
});
await step("an interview: each question has its level and what was said, and the other's stand there after one's own", async () => {
  const answers = Object.fromEntries([1, 2, 3].map((q) => [q, { level: 2, note: "Berättade om en affär utan datum." }]));
  await api(page, "POST", "/api/interviews", { person_id: "R-Anna", competency: "qualification", answers });
  await go("#/recruitment/new_business?lang=sv");
  const part = section("Strukturerad intervju");
  await part.locator("button[type=submit]").click();
  check(/Fyll i|behövs/.test(await part.innerText()), await part.innerText());
  await part.locator("input[name=code]").fill("R-Anna");
  await part.locator("button[type=submit]").click();
  await hr.waitForFunction(() => /Vad svarade R-Anna/.test(document.querySelector("main").innerText) && !document.querySelector('main [aria-busy="true"]'));
  check(/En kompetens har nivåer från någon annan/.test(await hr.locator("main").innerText()) && !/utan datum/.test(await hr.locator("main").innerText()), "not before one's own");
  check(/Jag intervjuar inte: visa vad andra har gett/.test(await section("Vad som gavs").innerText()), await section("Vad som gavs").innerText());
  await hr.screenshot({ path: join(process.argv[4], "recruit-waiting.png"), fullPage: true });
  const give = section("Ge nivåer");
  await give.locator("select").selectOption("qualification");
  check(await give.locator("fieldset").count() === 3 && /Lyssna efter/.test(await give.innerText()), await give.innerText());
  await look("interview-form", "#/interview/R-Anna?moment=qualification");
  await go("#/interview/R-Anna?lang=sv");
  await give.locator("select").selectOption("qualification");
  await give.locator("button[type=submit]").click();
  check(/Välj/.test(await give.innerText()), "a question without a level is told");
  for (const [q, level] of [["0", "4"], ["1", "5"], ["2", "0"]]) {
    await give.locator("textarea").nth(Number(q)).fill(level === "0" ? "" : "Nämnde både dagen och skälet till att avsluta.");
    await give.locator(`input[name=level-${q}][value="${level}"]`).check();
  }
  await give.locator("button[type=submit]").click();
  await hr.waitForFunction(() => /utan datum/.test(document.querySelector("main").innerText));
  const said = await hr.locator("main").innerText();
  check(/Intervjuare 1/.test(said) && /Nämnde både dagen/.test(said) && /Inte ställd/.test(said) && /\(gett\)/.test(said), said);
  await look("interview", "#/interview/R-Anna");
  await go("#/interview/R-99?lang=sv");
  check(/ingen sådan sökande/.test(await hr.locator("main").innerText()), "a code that is none");
});
await step("what somebody has in a test is written by who sends it", async () => {
  await go("#/assess?lang=sv");
  const part = section("Vad någon har i ett test");
  await part.locator("select").first().selectOption("R-Anna");
  await part.locator("select").nth(1).selectOption("reader");
  await part.locator("textarea").fill("Någon läser upp situationerna.");
  await part.locator("button[type=submit]").click();
  await hr.waitForFunction(() => /Någon som läser högt eller skriver\s+Någon läser upp/.test(document.querySelector("main").innerText));
  await hr.screenshot({ path: join(process.argv[4], "recruit-had.png"), fullPage: true });
  await look("had", "#/assess");
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
await finish();
