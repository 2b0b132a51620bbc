// Sending tests by link and following them; persons and their profiles; rating what one saw.
import { h, type Child } from "../dom";
import { head, say2, section, table, teamName, type View } from "../parts";
import { href, pageHref } from "../state";
import { get, post } from "./api";
import { whomToInterview } from "./interview";
import { competencies, profilePage, tickCompetencies, type Competency } from "./profile";
import { accommodating } from "./accommodate";
import { area, button, field, form, later, linkButton, options, text, told } from "./ui";
import { links } from "./admin";

interface Person { person_id: string; kind: "seller" | "candidate"; team_id: string | null; sees: boolean }
interface Sent { id: number; person_id: string; kind: "seller" | "candidate"; purpose: string; competencies: string[]; state: string; answered: number; made_at: string; expires_at: string; finished_at: string | null }

const profileHref = (v: View, x: { person_id: string; kind: string }) => pageHref(v.state, "competence", { arg: x.person_id, view: x.kind === "candidate" ? "candidate" : "" });

function people(v: View): HTMLElement {
  const c = v.t.assess;
  return section(v, c.peopleSection, c.peopleAside, null, later(v, "people", () => get<Person[]>("/api/people"), (list) => (list.length
    ? table("st pe", [{ name: c.sentWho }, { name: v.t.teamChoice }, { name: c.todo, bare: true }], list.map((x) => [
      h("a", { href: profileHref(v, x) }, x.person_id), x.kind === "candidate" ? c.sendCandidate : x.team_id ? teamName(v, x.team_id) : v.t.noValue,
      [x.sees ? null : h("span.sub", {}, c.peopleNeedCase), x.kind === "seller" && v.app?.may("rate") ? h("a", { href: pageHref(v.state, "rate", { arg: x.person_id }) }, c.rate) : null]]))
    : say2(c.peopleNone))));
}

/** Persons, or one of them; a seller's own page. */
export function competencePage(v: View): Child[] {
  const c = v.t.assess, one = v.state.arg || (v.app?.role === "seller" ? v.app.seller : "");
  if (one) return profilePage(v, one);
  if (v.app?.role === "seller") return [head(v, c.development, c.profileNoRow, null)];
  return [head(v, c.competence, c.competenceFinding, null), people(v)];
}

const sentLink = links("#/assess");

function send(v: View, list: Competency[], persons: Person[], make: (name: string, body: unknown) => Promise<void>): HTMLElement {
  const c = v.t.assess, a = v.t.app, role = v.app?.role;
  const kinds = [...(role === "hr" ? [] : ["seller"]), ...(role === "manager" ? [] : ["candidate"])];
  const as = field(c.sendAs, options(kinds.map((x): [string, string] => [x, c.sendAsWords[x] ?? x]), kinds[0], { name: "kind" }));
  const sellers = persons.filter((x) => x.kind === "seller");
  const who = field(c.sendWho, options([["", a.choose], ...sellers.map((x): [string, string] => [x.person_id, x.team_id ? `${x.person_id}, ${teamName(v, x.team_id)}` : x.person_id])], "", { name: "person" }), c.sendWhoHint);
  const code = field(c.sendCandidate, text({ name: "code", autocomplete: "off", spellcheck: "false", maxlength: 100 }), c.sendCandidateHint);
  const lang = field(c.sendLang, options([["sv", "Svenska"], ["en", "English"]], v.f.lang)), days = field(c.sendDays, text({ type: "number", min: 1, max: 366, value: 14, inputmode: "numeric" }));
  const ticks = tickCompetencies(v, list);
  for (const x of [as, who, code, lang]) x.input.classList.add("mid");
  days.input.classList.add("short");
  const turn = () => { const seller = as.input.value === "seller"; who.node.hidden = !seller; code.node.hidden = seller; };
  as.input.addEventListener("change", turn);
  turn();
  return form(v, [kinds.length > 1 ? as.node : null, who.node, code.node, ticks.node, lang.node, days.node], c.sendDo, async () => {
    const to = as.input.value === "seller" ? who : code, person = to.input.value.trim(), chosen = ticks.chosen(), n = Number(days.input.value);
    days.wrong(Number.isInteger(n) && n >= 1 && n <= 366 ? "" : a.needed);
    ticks.wrong(chosen.length ? "" : c.sendPick);
    to.wrong(person ? "" : to === who ? a.chooseOne : a.needed);
    const bad = [to, days].find((x) => x.input.getAttribute("aria-invalid") === "true");
    if (bad) { bad.input.focus(); return; }
    if (!chosen.length) return;
    await make(person, { person_id: person, kind: as.input.value, competencies: chosen, lang: lang.input.value, days: n });
  }, null, "wide");
}

function sentTable(v: View, list: Sent[], again: () => void): Child {
  const c = v.t.assess, said = h("div.said", { role: "status" });
  const open = list.filter((x) => x.state === "open").length, done = list.filter((x) => x.state === "finished").length;
  if (!list.length) return say2(c.sentNone);
  const back = (x: Sent) => button(c.withdraw, () => {
    post(`/api/invitations/${x.id}/withdraw`).then(() => { again(); said.replaceChildren(h("p", {}, c.withdrawn)); }, (error: unknown) => said.replaceChildren(h("p", {}, told(v, error))));
  }, "small");
  return [say2(c.sentFinding(open, done)), said, h("div.fig", {}, table("st se2", [{ name: c.sentWho }, { name: c.competenceHead }, { name: c.sentAnswers, cls: "r" }, { name: c.sentState }, { name: c.todo, bare: true }], list.map((x) => [
    [x.kind === "candidate" || x.answered ? h("a", { href: profileHref(v, x) }, x.person_id) : x.person_id, h("span.sub", {}, x.kind === "candidate" ? c.sendCandidate : v.t.seller)],
    x.competencies.join(", "), v.f.int(x.answered),
    [x.state === "open" && !x.answered ? c.sentNotBegun : c.states[x.state] ?? x.state, h("span.sub", {}, x.state === "open" ? c.sentUntil(v.f.date(x.expires_at.slice(0, 10))) : v.f.date((x.finished_at ?? x.made_at).slice(0, 10)))],
    x.state === "open" ? back(x) : x.answered ? linkButton(c.seeProfile, profileHref(v, x)) : null])))];
}

/** Sending tests, and how far they have come. */
export function assessPage(v: View): Child[] {
  const c = v.t.assess;
  let refresh: () => void = () => undefined;
  const sent = later(v, `${v.f.lang} sent`, () => get<Sent[]>("/api/invitations"), (list, again) => { refresh = again; return sentTable(v, list, again); });
  const { box, make } = sentLink(v, (name) => ({ title: c.linkFor(name), note: c.linkOnce }));
  const send_ = (name: string, body: unknown) => make(name, () => post("/api/invitations", body)).then(() => refresh());
  return [head(v, c.assess, v.app?.role === "hr" ? c.assessFindingHr : c.assessFinding, h("p.cert", {}, h("span", {}, c.assessWhy))),
    section(v, c.sendSection, c.sendAside, null, box, later(v, `${v.f.lang} send`, () => Promise.all([competencies(v), get<Person[]>("/api/people")]), ([list, persons]) => send(v, list, persons, send_))),
    section(v, c.sentSection, c.sentAside, null, sent),
    later(v, `${v.f.lang} had`, () => get<Person[]>("/api/people"), (list) => accommodating(v, list))];
}

/** What one saw of somebody, on the anchors; one competence at a time. */
function rateForm(v: View, list: Competency[], person: string): HTMLElement {
  const c = v.t.assess, a = v.t.app;
  const which = field(c.rateCompetence, options([["", a.choose], ...list.map((x): [string, string] => [x.competency, x.name])], v.state.moment));
  const saw = field(c.rateSaw, area({ maxlength: 3000 }), c.rateSawHint), lines = h("div.ticks.one", {}), wrong = h("p.wrong-field", { role: "alert" });
  const about = h("p.note", {}), level = h("fieldset", { hidden: true }, h("legend", {}, c.rateLevel), lines, wrong);
  which.input.classList.add("mid");
  const turn = () => {
    const one = list.find((x) => x.competency === which.input.value);
    level.hidden = !one;
    about.textContent = one?.definition ?? "";
    lines.replaceChildren(...(one ? [...one.anchors.map((text, i): [string, string] => [String(i + 1), text]), ["0", c.rateNone] as [string, string]] : []).map(([value, words]) =>
      h("label.pick", {}, h("input", { type: "radio", name: "level", value, onchange: () => { wrong.textContent = ""; } }), h("span", {}, value === "0" ? h("b", {}, words) : [h("b", {}, value), " ", words]))));
  };
  which.input.addEventListener("change", turn);
  turn();
  return form(v, [which.node, about, saw.node, level], c.rateSave, async () => {
    const picked = lines.querySelector<HTMLInputElement>("input:checked")?.value, evidence = saw.input.value.trim();
    which.wrong(which.input.value ? "" : a.chooseOne);
    wrong.textContent = !which.input.value || picked ? "" : a.chooseOne;
    saw.wrong(picked === "0" || evidence.length >= 10 ? "" : c.rateTooShort);
    const bad = [which, saw].find((x) => x.input.getAttribute("aria-invalid") === "true");
    if (bad) { bad.input.focus(); return; }
    if (!picked) { lines.querySelector("input")?.focus(); return; }
    await post("/api/ratings", { person_id: person, competency: which.input.value, level: Number(picked), evidence });
    saw.input.value = "";
    (which.input as HTMLSelectElement).value = "";
    turn();
    return c.rateKept;
  });
}

interface Ratable { person_id: string; as: string; name?: string } // the name of whom one leads

/** An id as people read it: of long ones the end, as far as it tells them apart. */
function short(id: string, all: Ratable[]): string {
  for (let n = 6; n < id.length && id.length > 10; n += 2) if (all.filter((x) => x.person_id.endsWith(id.slice(-n))).length === 1) return `\u2026${id.slice(-n)}`;
  return id;
}

export function ratePage(v: View): Child[] {
  const c = v.t.assess, a = v.t.app, person = v.state.arg;
  if (person)
    return [v.app?.may("assess") || person === v.app?.seller ? h("div.scope", {}, h("a", { href: pageHref(v.state, "competence", { arg: person }) }, c.profileOf(person))) : null,
      head(v, c.rateName, c.rateFinding(person), h("p.cert", {}, h("span", {}, person === v.app?.seller ? c.rateSelf : c.rateWhy))),
      section(v, c.rateSection, null, null, later(v, `${v.f.lang} competencies`, () => competencies(v), (list) => rateForm(v, list.filter((x) => !x.own), person)))];
  const choose = (list: Ratable[]): HTMLElement => {
    const others = list.filter((x) => x.as !== "self");
    if (!others.length) return h("p.lede", {}, c.rateNobody);
    const who = field(c.rateWho, options([["", a.choose], ...others.map((x): [string, string] => [x.person_id, x.name ? `${x.name}, ${x.person_id}` : short(x.person_id, others)])]), c.rateWhoHint);
    who.input.classList.add("mid");
    return form(v, [who.node], a.choose, async () => {
      who.wrong(who.input.value ? "" : a.chooseOne);
      if (!who.input.value) { who.input.focus(); return; }
      location.hash = href(v.state, { arg: who.input.value });
    });
  };
  return [head(v, c.rateName, c.rateWhoFinding, h("p.cert", {}, h("span", {}, c.rateWhy))),
    section(v, c.rateSection, null, null, later(v, `${v.f.lang} ratable`, () => get<Ratable[]>("/api/ratings/people"), choose)),
    v.app?.may("interview") ? section(v, c.interviewName, c.interviewAside, null, h("p.lede", {}, c.interviewWhom), whomToInterview(v)) : null];
}
