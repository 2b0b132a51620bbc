// Recruitment: what a role asks for, applicants beside it without names, two at a time, decisions with reasons, whether a step falls
// unevenly, and whether what is known of applicants tells anything here. It advises; people decide.
import { h, s, type Child } from "../dom";
import type { Estimate } from "../document";
import { axisColumn, axisOf, head, interval, say2, section, table, type View } from "../parts";
import { href } from "../state";
import { get, post, query } from "./api";
import { area, field, form, later, options } from "./ui";
import { whomToInterview } from "./interview";
import { sameLine, worth } from "./recruit-worth";
import { stamp } from "./session";

interface Asked { competency: string; name: string; weight: number; start: number | null; said: number | null; apart: number | null; dealt: number | null }
interface Named { competency: string; name: string }
interface Role { role: string; name: string; about: string; raters: number; raters_needed: number; deals: string; incumbents: number; incumbents_needed: number; deals_part: number; experts_part: number; competencies: Asked[]; own: Record<string, number> | null }
interface Candidate {
  label: string; person_id: string | null; invited: boolean; years: number | null; applied_on: string; interview: { by: number; given: number | null; level: Estimate | null; counts: boolean } | null; waiting: number; answers: number; open: number; covered: number; result: (Estimate & { upper_half: number }) | null;
  competencies: { competency: string; name: string; weight: number; share: Estimate | null }[];
}
interface Beside { candidates: Candidate[]; pair: { p: number | null } | null; validity: { mean: number }; interviews: string; alike: string }
interface Decided { id: number; at: string; label: string | null; person_id: string | null; role: string; decision: string; reason: string; who: string }
interface Impact { least: number; groups: { group: string; applied: number; selected: number; rate: number | null; ratio: number | null; lo: number | null; hi: number | null; flips: number; verdict: string }[] }
interface Validated { state: string; n: number; left_out: number; r: number | null; lo: number | null; hi: number | null; detectable: number | null; increment: number | null; increment_lo: number | null; increment_hi: number | null }

const CHOICES = ["advance", "hold", "offer", "hire", "reject", "withdrawn"] as const;
const named = (v: View): boolean => v.state.view === "names";
const who = (x: { label: string | null; person_id: string | null }): string => x.person_id ?? `#${x.label ?? ""}`;

/** What was chosen on the page and does not stand in the address. */
let one = "", first = "", second = "";

function pickRole(v: View, roles: Role[], role: Role): HTMLElement {
  const r = v.t.app.recruit;
  return h("div.scope", {}, h("span", {}, `${r.forRole} `,
    h("select.in", { id: "choice-role", "aria-label": r.role, onchange: (event) => { location.hash = href(v.state, { arg: (event.target as HTMLSelectElement).value }); } },
      roles.map((x) => h("option", { value: x.role, selected: x.role === role.role }, x.name))), `. ${r.shown} `,
    h("select.in", { id: "choice-view", "aria-label": r.shown, onchange: (event) => { location.hash = href(v.state, { view: (event.target as HTMLSelectElement).value }); } },
      [["", r.blind], ["names", r.named]].map(([value, text]) => h("option", { value: value ?? "", selected: v.state.view === value }, text))), "."));
}

function weights(v: View, role: Role, own: Named[], again: () => void): Child {
  const r = v.t.app.recruit, scale: [string, string][] = [["", r.notWeighed], ...[1, 2, 3, 4, 5].map((n): [string, string] => [String(n), String(n)])];
  const others = own.filter((x) => !role.competencies.some((c) => c.competency === x.competency)); // nobody has asked for them here yet
  const fields = [...role.competencies, ...others].map((c) => {
    const one = field(c.name, options(scale, String(role.own?.[c.competency] ?? "")));
    one.input.classList.add("mid");
    return { id: c.competency, ...one };
  });
  return h("details.rows", {}, h("summary", {}, r.weigh), h("div.fig", {}, h("p.hint", {}, r.weighHint), form(v, [h("div.grid3", {}, fields.map((x) => x.node))], r.weighSave, async () => {
    const given = Object.fromEntries(fields.filter((x) => x.input.value).map((x) => [x.id, Number(x.input.value)]));
    if (!Object.keys(given).length) { fields[0]?.wrong(r.weighNone); fields[0]?.input.focus(); return; }
    fields[0]?.wrong("");
    await post(`/api/recruitment/roles/${role.role}/weights`, { weights: given });
    again();
    return r.weighed;
  })));
}

function asks(v: View, role: Role, own: Named[], again: () => void): HTMLElement {
  const { f } = v, r = v.t.app.recruit, list = [...role.competencies].sort((a, b) => b.weight - a.weight), most = list[0]?.weight ?? 1;
  const bar = (x: number): Child => s("svg.wbar", { width: 140, height: 12, viewBox: "0 0 140 12", "aria-hidden": "true" }, s("rect", { x: 0, y: 1, width: Math.round((140 * x) / most), height: 10 }));
  const low = (x: string) => x.toLocaleLowerCase(f.lang);
  return section(v, r.role, r.roleAside, null, say2(r.roleFinding(list[0]?.name ?? "", low(list[1]?.name ?? ""))),
    h("p.lede", {}, role.about, " ", role.raters < role.raters_needed ? r.roleFew(role.raters, f.int(role.raters_needed)) : r.roleOwn(f.int(role.raters))),
    h("p.lede", {}, role.deals === "used" ? r.dealsUsed(f.int(role.incumbents), f.pct(role.deals_part), f.pct(role.experts_part), f.pct(1 - role.deals_part - role.experts_part))
      : role.deals === "few" ? r.dealsFew(f.int(role.incumbents), f.int(role.incumbents_needed)) : role.deals === "nothing" ? r.dealsNothing : r.dealsNone),
    h("div.fig", {}, table("st ro", [{ name: r.competence }, { name: r.share }, ...(role.deals === "used" ? [{ name: r.dealt, cls: "r" }] : []), { name: r.experts, cls: "r" }, { name: r.start, cls: "r" }],
      list.map((c) => [c.name, h("span.wrow", {}, bar(c.weight), f.pct(c.weight)), ...(role.deals === "used" ? [c.dealt === null ? v.t.noValue : f.num(c.dealt, 1)] : []), c.said === null ? v.t.noValue : [f.num(c.said, 1), (c.apart ?? 0) > 1 ? h("span.sub", {}, r.apart) : null], c.start === null ? h("span.sub", {}, r.ownCompetence) : f.int(c.start)]))),
    weights(v, role, own, again));
}

const overlap = (list: Candidate[]): boolean => list.every((a) => list.every((b) => !a.result || !b.result || a.result.lo <= b.result.hi));

/** What is known of an applicant beside the test: nothing is passed over, and what tells little says so. */
function known(v: View, x: Candidate): Child {
  const { f } = v, r = v.t.app.recruit, said = x.interview;
  return [x.years === null ? null : h("span.sub", {}, r.knownYears(f.num(x.years, 0))), said ? h("span.sub", {}, said.level ? r.heard(f.num(said.level.mean, 1), f.range(said.level.lo, said.level.hi, 1), said.by)
    : r.heardNot(f.num(said.given ?? 0, 1), said.by)) : null, x.waiting ? h("span.sub", {}, r.heardLater(x.waiting)) : null];
}

const measured = (x: Candidate): boolean => x.answers > 0 || x.open > 0 || !!x.interview?.counts;

function people(v: View, list: Candidate[], interviews: string, alike: string): HTMLElement {
  const { f } = v, r = v.t.app.recruit, told = list.filter((x) => x.result);
  const axis = axisOf([], v.wide ? 300 : 280, { lo: -2, hi: 2 });
  return section(v, r.people, r.peopleAside, null, told.length > 1 ? say2(overlap(told) ? r.peopleFinding : r.peopleApart) : null,
    h("div.fig", {}, table("st ap", [{ name: r.applicant }, axisColumn(v, axis, (x) => f.tick(x, 1), ""), { name: r.better, cls: "r" }, { name: r.covered, cls: "r" }],
      list.map((x) => [[h("b", {}, who(x)), known(v, x)], x.result ? interval(axis, x.result, r.resultWords(f.num(x.result.mean, 2), f.range(x.result.lo, x.result.hi, 1)), "ring")
        : h("span.cannot", {}, !measured(x) ? r.nothing : x.open && !x.answers ? r.underWay : r.cannot(f.pct(x.covered))),
      x.result ? f.prob(x.result.upper_half) : v.t.noValue, f.pct(x.covered)]))),
    interviews ? h("p.lede", {}, interviews, " ", alike) : null, h("p.note", {}, r.resultNote, " ", r.years));
}

function oneByOne(v: View, role: Role, list: Candidate[]): HTMLElement {
  const { f } = v, r = v.t.app.recruit, box = h("div.fig", {}), axis = axisOf([], v.wide ? 300 : 280, { lo: 0, hi: 1 });
  const sorted = [...role.competencies].sort((a, b) => b.weight - a.weight);
  if (!sorted.some((c) => c.competency === one)) one = sorted[0]?.competency ?? "";
  const pick = options(sorted.map((c): [string, string] => [c.competency, c.name]), one, { "aria-label": r.competence, id: "choice-competence" }) as HTMLSelectElement;
  pick.className = "in";
  const show = (): void => {
    const rows = list.map((x) => ({ x, share: x.competencies.find((c) => c.competency === one)?.share ?? null })).filter((x) => x.share);
    box.replaceChildren(rows.length ? table("st ap", [{ name: r.applicant }, axisColumn(v, axis, (n) => f.pct(n), ""), { name: r.points, cls: "r" }],
      rows.map(({ x, share }) => [h("b", {}, who(x)), share ? interval(axis, share, r.shareWords(f.pct(share.mean), f.pctRange(share)), "ink") : null,
        share ? [f.pct(share.mean), h("span.sub", {}, f.pctRange(share))] : null])) : h("p.lede", {}, r.oneNone));
  };
  pick.addEventListener("change", () => { one = pick.value; show(); });
  show();
  return section(v, r.one, r.oneAside, null, h("p.say.say-3", {}, `${r.oneLead} `, pick), box);
}

function twoBeside(v: View, role: Role, list: Candidate[]): Child {
  const { f } = v, r = v.t.app.recruit, told = list.filter((x) => x.result), said = h("div", { "aria-live": "polite" });
  if (told.length < 2) return null;
  const label = (x: string) => { const got = list.find((c) => c.label === x); return got ? who(got) : ""; };
  if (!told.some((x) => x.label === first)) first = told[0]?.label ?? "";
  if (!told.some((x) => x.label === second) || second === first) second = told.find((x) => x.label !== first)?.label ?? "";
  const choose = (name: string, chosen: string) => field(name, options(told.map((x): [string, string] => [x.label, who(x)]), chosen));
  const a = choose(r.first, first), b = choose(r.second, second);
  const show = async (): Promise<void> => {
    first = a.input.value;
    second = b.input.value;
    said.setAttribute("aria-busy", "true");
    const got = first === second ? null : await get<Beside>("/api/recruitment/candidates" + query({ role: role.role, a: first, b: second, blind: "1" })).catch(() => null);
    const p = got?.pair?.p;
    said.setAttribute("aria-busy", "false");
    said.replaceChildren(typeof p === "number" ? say2(r.pair(label(first), label(second), f.prob(p))) : h("p.lede", {}, r.pairNone),
      ...(typeof p === "number" && Math.abs(p - 0.5) < 0.15 ? [h("p.lede", {}, r.pairEven)] : []));
  };
  for (const x of [a, b]) { x.input.classList.add("mid"); x.input.addEventListener("change", () => void show()); }
  void show();
  return section(v, r.two, r.twoAside, null, h("div.inline", {}, a.node, b.node), said);
}

function deciding(v: View, role: Role, list: Candidate[], again: () => void): Child {
  const r = v.t.app.recruit;
  const about = field(r.applicant, options([["", r.pick], ...list.map((x): [string, string] => [x.label, who(x)])])), what = field(r.decision, options([["", r.pick], ...CHOICES.map((c): [string, string] => [c, r.choices[c] ?? c])]));
  const why = field(r.reason, area({ maxlength: 4000 }), r.reasonHint);
  for (const x of [about, what]) x.input.classList.add("mid");
  return h("details.rows", {}, h("summary", {}, r.decide), h("div.fig", {}, form(v, [about.node, what.node, why.node], r.keep, async () => {
    about.wrong(about.input.value ? "" : v.t.app.chooseOne);
    what.wrong(what.input.value ? "" : v.t.app.chooseOne);
    why.wrong(why.input.value.trim().length >= 10 ? "" : r.reasonShort);
    const bad = [about, what, why].find((x) => x.input.getAttribute("aria-invalid") === "true");
    if (bad) { bad.input.focus(); return; }
    await post("/api/recruitment/decisions", { candidate: about.input.value, role: role.role, decision: what.input.value, reason: why.input.value.trim() });
    why.input.value = "";
    again();
    return r.kept;
  })));
}

function decisions(v: View, roles: Role[], role: Role, list: Candidate[]): HTMLElement {
  const r = v.t.app.recruit, names = named(v);
  const address = "/api/recruitment/decisions" + query({ blind: names ? "0" : "1" });
  let refresh: (() => void) | null = null;
  const log = later(v, `${v.f.lang} ${address}`, () => get<{ decisions: Decided[] }>(address), (got, again) => {
    refresh = again;
    return [say2(got.decisions.length ? r.decisionsCount(got.decisions.length) : r.decisionsNone), got.decisions.length ? h("div.fig", {}, table("st de", [{ name: r.applicant }, { name: r.decision }, { name: r.reason }, { name: r.who }, { name: r.when }],
      got.decisions.map((d) => [h("b", {}, who(d)), [r.choices[d.decision] ?? d.decision, h("span.sub", {}, roles.find((x) => x.role === d.role)?.name ?? d.role)], d.reason, d.who, stamp(v, d.at)]))) : null];
  });
  return section(v, r.decisions, r.decisionsAside, null, log, list.length ? deciding(v, role, list, () => refresh?.()) : null);
}

function fairness(v: View): HTMLElement {
  const { f } = v, r = v.t.app.recruit, said = h("div", { "aria-live": "polite" }), lines = field(r.fairField, area({ rows: 4, placeholder: r.fairExample }), r.fairLead);
  return section(v, r.fair, r.fairAside, null, form(v, [lines.node], r.fairDo, async () => {
    const groups: Record<string, [number, number]> = {};
    let bad = 0;
    lines.input.value.split("\n").forEach((line, i) => {
      const cells = line.split(/[;\t]/).map((x) => x.trim());
      if (!line.trim()) return;
      if (cells.length !== 3 || !cells[0] || !/^\d+$/.test(cells[1] ?? "") || !/^\d+$/.test(cells[2] ?? "") || cells[0] in groups) { bad ||= i + 1; return; }
      groups[cells[0]] = [Number(cells[1]), Number(cells[2])];
    });
    lines.wrong(bad ? r.fairBad(f.int(bad)) : lines.input.value.trim() ? "" : v.t.app.needed);
    if (bad || !lines.input.value.trim()) { lines.input.focus(); return; }
    const got = await post<Impact>("/api/recruitment/impact", { groups });
    const has = (verdict: string) => got.groups.some((x) => x.verdict === verdict);
    said.replaceChildren(say2(has("flagged") ? r.fairFlag : has("cannot") ? r.fairCannot(f.int(got.least)) : has("unclear") ? r.fairUnclear : has("within") ? r.fairWithin : r.fairNothing),
      h("div.fig", {}, table("st im", [{ name: r.group }, { name: r.applied, cls: "r" }, { name: r.selected, cls: "r" }, { name: r.rate, cls: "r" }, { name: r.ratio, cls: "r" }, { name: r.verdict }],
        got.groups.map((x) => [x.group, f.int(x.applied), f.int(x.selected), x.rate === null ? v.t.noValue : f.pct(x.rate),
          x.ratio === null ? v.t.noValue : [f.num(x.ratio, 2), x.lo !== null && x.hi !== null ? h("span.sub", {}, f.range(x.lo, x.hi, 2)) : null],
          [r.verdicts[x.verdict] ?? x.verdict, x.flips ? h("span.sub", {}, r.flips(x.flips)) : null]]))));
  }, null, ""), said);
}

function validity(v: View): HTMLElement {
  const { f } = v, r = v.t.app.recruit, said = h("div", { "aria-live": "polite" }), lines = field(r.validField, area({ rows: 4, placeholder: r.validExample }), r.validLead);
  return section(v, r.valid, r.validAside, null, form(v, [lines.node], r.validDo, async () => {
    lines.wrong(lines.input.value.trim() ? "" : v.t.app.needed);
    if (!lines.input.value.trim()) { lines.input.focus(); return; }
    const x = await post<Validated>("/api/recruitment/validation", { lines: lines.input.value });
    const range = (lo: number | null, hi: number | null) => f.range(lo ?? 0, hi ?? 0, 2);
    said.replaceChildren(say2(r.states[x.state] ?? x.state), h("p.lede", {}, [
      x.r === null ? null : [r.validHow(f.num(x.r, 2), range(x.lo, x.hi)), " "], x.increment === null ? null : [r.validMore(f.num(x.increment, 2), range(x.increment_lo, x.increment_hi)), " "],
      x.detectable === null ? null : [r.validLeast(f.int(x.n), f.num(x.detectable, 2)), " "], x.left_out ? r.leftOut(x.left_out) : null]));
  }, null, ""), said);
}

function beside(v: View, roles: Role[], own: Named[], role: Role, got: Beside, again: () => void): Child[] {
  const { f } = v, r = v.t.app.recruit, list = got.candidates, told = list.filter((x) => x.result).length;
  const finding = !list.some(measured) ? (list.length ? r.findingUntested(list.length) : r.findingNone) : told ? r.finding(f.int(told), f.int(list.length), role.name.toLocaleLowerCase(f.lang)) : r.findingOne;
  return [pickRole(v, roles, role), head(v, r.name, finding, h("p.cert", {}, h("span", {}, list.length ? r.basis(f.num(got.validity.mean, 2)) : r.noneWhy))),
    asks(v, role, own, again), list.length ? [people(v, list, got.interviews, got.alike), oneByOne(v, role, list), twoBeside(v, role, list)] : null,
    section(v, v.t.assess.interviewName, v.t.assess.interviewAside, null, say2(v.t.assess.interviewWhom), h("p.lede", {}, v.t.assess.interviewWhy), whomToInterview(v)),
    decisions(v, roles, role, list), fairness(v), validity(v), sameLine(v), worth(v)];
}

export function recruitmentPage(v: View): Child[] {
  const blind = named(v) ? "0" : "1";
  return [later(v, `${v.f.lang} recruitment ${v.state.arg} ${blind}`, async () => {
    const { roles, own_competencies: own } = await get<{ roles: Role[]; own_competencies: Named[] }>("/api/recruitment/roles");
    const role = roles.find((x) => x.role === v.state.arg) ?? roles[0];
    return { roles, own, role, got: role ? await get<Beside>("/api/recruitment/candidates" + query({ role: role.role, blind })) : null };
  }, ({ roles, own, role, got }, again) => (role && got ? beside(v, roles, own, role, got, again) : null))];
}
