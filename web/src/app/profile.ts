// What a person can: the profile of what was answered, what others saw, one thing to practise, the plan.
import { h, type Child } from "../dom";
import { axisColumn, axisOf, head, interval, say2, say3, section, table, type View } from "../parts";
import type { Estimate } from "../document";
import { href, pageHref } from "../state";
import { get, listOf, post, query, Refused } from "./api";
import { area, button, field, form, later, linkButton, options, text } from "./ui";
import { stamp } from "./session";
import { ownAccommodations } from "./accommodate";

interface Kind { kind: string; answers: number; share: Estimate | null }
interface Part {
  competency: string; name: string; definition: string; low: string; sitting: number; at: string; told: boolean; answers: number; measured: number; reliability: number; chance: number;
  share: Estimate | null; kinds: Kind[]; contrasts: { kind: string; weaker: boolean; p: number }[]; change: { sitting: number; is: "better" | "weaker" | "none"; p: number } | null;
}
interface Pattern { sitting: number; at: string; answers: number; fast: number; run: number; too_fast: boolean; one_line: boolean; by_place: boolean }
interface Rating { id: number; as: string; competency: string; own: boolean; level: number; evidence: string; at: string }
interface Plan { id: number; at: string; who: string; competency: string; practise: string; deal_id: string | null; review_on: string; closed_at: string | null; close_note: string | null }
export interface Profile {
  person_id?: string; kind?: "seller" | "candidate"; own?: boolean; competencies: Part[]; sittings: Pattern[]; open: number; changed: number; apart: boolean | null;
  practise: { competency: string; name: string; well: string; kind: string | null } | null; ratings?: Rating[] | null; waiting?: number; plans?: Plan[] | null;
}
export interface Competency { competency: string; name: string; definition: string; low: string; anchors: string[]; moments: string[]; situations: number; own: boolean }

const LEAST = 4;
const band = (v: View, r: number) => { const b = v.t.assess.bands; return (r >= 0.9 ? b["very"] : r >= 0.8 ? b["exact"] : r >= 0.7 ? b["enough"] : r >= 0.5 ? b["rough"] : b["tooRough"]) ?? ""; };
const sorted = (v: View, list: Part[]) => [...list].sort((a, b) => a.name.localeCompare(b.name, v.f.lang));

/** The sentence that the profile comes to, and what it rests on. */
export function profileFinding(v: View, p: Profile): { say: string; under: Child } {
  const c = v.t.assess, told = p.competencies.filter((x) => x.told);
  if (!p.competencies.length)
    return { say: p.open ? c.profileOpen(p.open) : c.profileNone, under: p.open || p.own === undefined ? null : h("p.cert", {}, h("span", {}, p.own ? c.profileNoneOwn : c.profileNoneOther)) };
  const first = told[0];
  const say = !first ? c.profileFew : told.length === 1 && first.share ? c.profileOne(first.name, v.f.pct(first.share.mean))
    : p.practise ? (p.practise.kind ? c.profileMostIn(p.practise.name, c.kinds[p.practise.kind] ?? p.practise.kind) : c.profileMost(p.practise.name)) : c.profileAlike;
  const answers = p.competencies.reduce((sum, x) => sum + x.answers, 0);
  return { say, under: h("p.cert", {}, h("span", {}, [c.profileBasis(v.f.int(answers)), p.open ? c.profileOpen(p.open) : "", p.changed ? c.profileChanged : ""].filter(Boolean).join(" "))) };
}

const changeOf = (v: View, x: Part): Child => {
  if (!x.change) return null;
  const c = v.t.assess, words = c.changes[x.change.is] ?? "";
  return h("span.sub", {}, x.change.is === "none" ? words + "." : c.changeSure(words, v.f.prob(x.change.p)), x.change.is === "better" ? " " + c.changeMemory : "");
};

/* Whose answers the situations were measured on: told where it holds for all, the smallest. */
function groundsOf(v: View, p: Profile): string {
  const least = Math.min(...p.competencies.map((x) => x.measured));
  return p.competencies.length && least > 0 ? v.t.assess.measured(v.f.int(least)) : v.t.assess.stated;
}

function competences(v: View, p: Profile): HTMLElement {
  const { t, f } = v, c = t.assess, axis = axisOf([], 300, { lo: 0, hi: 1 });
  return section(v, c.competences, c.competencesAside, "profile", table("st pf", [{ name: c.competenceHead }, axisColumn(v, axis, (x) => f.int(100 * x), "%"), { name: c.shareHead, cls: "r" }, { name: c.sureHead }],
    sorted(v, p.competencies).map((x) => [[h("b", {}, x.name), changeOf(v, x)],
      x.share ? interval(axis, x.share, t.intervalWords(f.pct(x.share.mean), f.pctRange(x.share)), "ink", x.chance) : h("span.none.flat", {}, c.tooFew(x.answers, f.int(LEAST))),
      x.share ? [h("b", {}, f.pct(x.share.mean)), h("span.sub", {}, f.pctRange(x.share))] : t.noValue,
      x.share ? [band(v, x.reliability), h("span.sub", {}, c.fromAnswers(x.answers, f.date(x.at.slice(0, 10))))] : null])),
  h("p.note", {}, c.chanceNote, " ", groundsOf(v, p)));
}

function kinds(v: View, p: Profile): Child {
  const { t, f } = v, c = t.assess, axis = axisOf([], 260, { lo: 0, hi: 1 }), told = sorted(v, p.competencies).filter((x) => x.told);
  if (!told.length) return null;
  const sentences = told.flatMap((x) => x.contrasts.map((k) => c.contrastOf(x.name, (k.weaker ? c.weaker : c.stronger)[k.kind] ?? k.kind, f.prob(k.p))));
  return section(v, c.kindsSection, c.kindsAside, "profile.kinds", sentences.length ? sentences.map((x) => say3(x)) : say2(c.kindsNone),
    told.map((x) => h("details.rows", {}, h("summary", {}, c.kindsShow(x.name)), table("st pf", [{ name: c.kindHead }, axisColumn(v, axis, (k) => f.int(100 * k), "%"), { name: c.shareHead, cls: "r" }],
      x.kinds.map((k) => [c.kinds[k.kind] ?? k.kind, k.share ? interval(axis, k.share, t.intervalWords(f.pct(k.share.mean), f.pctRange(k.share)), "ink", x.chance) : h("span.none.flat", {}, c.kindFew(k.answers)),
        k.share ? [h("b", {}, f.pct(k.share.mean)), h("span.sub", {}, f.pctRange(k.share))] : t.noValue]), c.kindsShow(x.name)))));
}

interface Deal { deal_id: string; name?: string | null; closed_on?: string | null; outcome: string | null }
interface Model { deal: Deal; did: string }

/** A won deal of one's own: the newest in which what is to be practised was done; else the newest. */
async function model(seller: string, moments: string[]): Promise<Model | null> {
  const all = listOf<Deal>(await get<unknown>("/api/deals" + query({ seller, outcome: "won", limit: "1000" })), "deals").sort((a, b) => (b.closed_on ?? "").localeCompare(a.closed_on ?? ""));
  const sign = moments.includes("next_step") ? "next_step" : "meeting";
  for (const deal of all.slice(0, 5)) {
    const { events } = await get<{ events: { what: string }[] }>(`/api/deals/${encodeURIComponent(deal.deal_id)}`);
    if (events.filter((x) => x.what === sign).length > 1) return { deal, did: sign };
  }
  return all[0] ? { deal: all[0], did: "" } : null;
}

function modelLine(v: View, seller: string, competency: string): Child {
  const c = v.t.assess;
  if (!v.app?.may("deals")) return null;
  return h("div.settle", {}, h("h3", {}, c.model), later(v, `model ${seller} ${competency}`, () => model(seller, [competency]), (got) => {
    if (!got) return h("p.lede", {}, c.modelNone);
    const name = got.deal.name || got.deal.deal_id, day = v.f.date(got.deal.closed_on?.slice(0, 10) ?? null), did = c.modelDid[got.did];
    return [say3(did ? c.modelWordsMoment(name, day, did) : c.modelWords(name, day)), h("div.btns", {}, linkButton(c.modelSee, pageHref(v.state, "deal", { arg: got.deal.deal_id })))];
  }, () => h("p.lede", {}, c.modelNone)));
}

function practise(v: View, p: Profile, taker: boolean): Child {
  const c = v.t.assess, it = p.practise, part = p.competencies.find((x) => x.competency === it?.competency);
  if (!p.competencies.some((x) => x.told)) return null;
  return section(v, c.practiseSection, c.practiseAside, null, !it ? say2(c.practiseFree) : [
    say2(it.name, "."), h("p.lede", {}, h("b", {}, c.practiseHow), " ", it.well, it.kind ? " " + c.practiseIn(c.kinds[it.kind] ?? it.kind) : ""),
    part ? h("p.lede", {}, h("b", {}, c.practiseLow), " ", part.low) : null],
  !taker && p.person_id && p.kind === "seller" ? modelLine(v, p.person_id, it?.competency ?? "") : null);
}

function patterns(v: View, p: Profile): Child {
  const c = v.t.assess, odd = p.sittings.filter((x) => x.too_fast || x.one_line || x.by_place);
  if (!odd.length) return null;
  return section(v, c.patternSection, c.patternAside, null, h("ul.plain", {}, odd.map((x) => h("li", {}, h("span.sub", {}, v.f.date(x.at.slice(0, 10))),
    [x.too_fast ? c.patternFast(x.fast) : "", x.one_line ? c.patternLine(v.f.int(x.run)) : "", x.by_place ? c.patternPlace : ""].filter(Boolean).join(" ")))), h("p.lede", {}, p.own || p.own === undefined ? c.patternSaysOwn : c.patternSays));
}

function ratings(v: View, p: Profile, names: Map<string, Competency>): Child {
  const c = v.t.assess, list = [...(p.ratings ?? [])].sort((a, b) => Number(a.as === "self") - Number(b.as === "self"));
  const nameOf = (id: string) => names.get(id)?.name ?? id;
  return section(v, c.ratingsSection, c.ratingsAside, null,
    list.length ? list.map((x) => {
      const anchor = x.level ? names.get(x.competency)?.anchors[x.level - 1] ?? "" : "";
      return h("div.rated", {}, h("h3", {}, nameOf(x.competency), h("span.sub", {}, [c.raters[x.as] ?? x.as, x.own && x.as !== "self" ? c.ratingYours : "", stamp(v, x.at)].filter(Boolean).join(" \u00b7 "))),
        h("p", {}, h("b", {}, x.level ? c.ratingLevel(v.f.int(x.level)) : c.notObserved), anchor ? ": " + anchor : ""),
        x.evidence ? h("blockquote.quote", {}, say3(x.evidence)) : null, x.as === "self" ? h("p.note", {}, c.ratingSelf) : null);
    }) : p.waiting ? null : say2(c.ratingsNone),
    p.waiting ? h("p.lede", {}, c.ratingsWaiting(p.waiting)) : null,
    v.app?.may("rate") ? h("div.btns", {}, linkButton(p.own ? c.rateSelfDo : c.rate, pageHref(v.state, "rate", { arg: p.person_id ?? "" })), p.own ? linkButton(c.rateOther, pageHref(v.state, "rate")) : null) : null);
}

const inWeeks = (n: number) => new Date(Date.now() + n * 7 * 86400e3).toISOString().slice(0, 10);

function planForm(v: View, p: Profile, names: Map<string, Competency>, again: () => void): HTMLElement {
  const c = v.t.assess, a = v.t.app;
  const which = field(c.planCompetence, options([["", a.choose], ...[...names.values()].map((x): [string, string] => [x.competency, x.name])], p.practise?.competency ?? ""));
  const what = field(c.planWhat, area({ maxlength: 2000 }), c.planWhatHint), deal = field(c.planDeal, text({ autocomplete: "off", spellcheck: "false", maxlength: 200 }), c.planDealHint);
  const on = field(c.planReview, text({ type: "date", value: inWeeks(8), min: inWeeks(0) }), c.planReviewHint);
  for (const x of [which, deal, on]) x.input.classList.add("mid");
  return form(v, [which.node, what.node, deal.node, on.node], c.planSave, async () => {
    which.wrong(which.input.value ? "" : a.chooseOne);
    what.wrong(what.input.value.trim() ? "" : a.needed);
    on.wrong(on.input.value ? "" : a.needed);
    const bad = [which, what, on].find((x) => x.input.getAttribute("aria-invalid") === "true");
    if (bad) { bad.input.focus(); return; }
    await post("/api/plans", { person_id: p.person_id, competency: which.input.value, practise: what.input.value.trim(), review_on: on.input.value, ...(deal.input.value.trim() ? { deal_id: deal.input.value.trim() } : {}) });
    what.input.value = "";
    again();
  });
}

/** A button that opens a form under it. */
function opens(name: string, make: () => HTMLElement): Child {
  const box = h("div.inplace", { hidden: true });
  const open = button(name, () => {
    box.hidden = !box.hidden;
    open.setAttribute("aria-expanded", String(!box.hidden));
    if (!box.hidden && !box.firstChild) { box.append(make()); box.querySelector<HTMLElement>("select, textarea, input")?.focus(); }
  }, "small");
  open.setAttribute("aria-expanded", "false");
  return h("div.decide", {}, open, box);
}

function closing(v: View, x: Plan, again: () => void): Child {
  const c = v.t.assess;
  return opens(c.planClose, () => {
    const note = field(c.planCame, area({ maxlength: 2000 }), c.planCloseHint);
    return form(v, [note.node], c.planCloseSave, async () => {
      note.wrong(note.input.value.trim() ? "" : v.t.app.needed);
      if (!note.input.value.trim()) { note.input.focus(); return; }
      await post(`/api/plans/${x.id}/close`, { note: note.input.value.trim() });
      again();
    });
  });
}

function plans(v: View, p: Profile, names: Map<string, Competency>, again: () => void): Child {
  const c = v.t.assess, list = p.plans ?? [];
  return section(v, c.plansSection, c.plansAside, null, list.length ? table("st pl", [{ name: c.planHead, bare: true }, { name: c.planReview }, { name: c.planCame, bare: true }], list.map((x) => [
    [h("b", {}, names.get(x.competency)?.name ?? x.competency), h("span.why", {}, x.practise), h("span.sub", {}, [x.deal_id ? c.planModel(x.deal_id) : "", x.who, stamp(v, x.at)].filter(Boolean).join(" \u00b7 "))],
    v.f.date(x.review_on), x.closed_at ? [h("span.why", {}, x.close_note), h("span.sub", {}, stamp(v, x.closed_at))] : closing(v, x, again)])) : say2(c.plansNone),
  v.app?.may("plan") ? opens(c.planNew, () => planForm(v, p, names, again)) : null);
}

/** The parts that come from answers alone; also what a taker sees at the end. */
export function profileParts(v: View, p: Profile, how: { taker: boolean }): Child[] {
  return p.competencies.length ? [competences(v, p), practise(v, p, how.taker), kinds(v, p), patterns(v, p)] : [h("p.lede", {}, profileFinding(v, p).say)];
}

export const competencies = (v: View): Promise<Competency[]> => get<Competency[]>("/api/competencies").then((list) => list.sort((a, b) => a.name.localeCompare(b.name, v.f.lang)));

/** Which competences: boxes to tick; gives what is ticked. */
export function tickCompetencies(v: View, list: Competency[], ticked: string[] = []): { node: HTMLElement; chosen(): string[]; wrong(text: string): void } {
  const c = v.t.assess, wrong = h("p.wrong-field", { role: "alert" });
  const node = h("fieldset", {}, h("legend", {}, c.sendWhat), h("div.ticks", {}, list.map((x) => h("label.pick", {}, h("input", { type: "checkbox", value: x.competency, checked: ticked.includes(x.competency) }), h("span", {}, h("b", {}, x.name), h("span.sub", {}, x.definition))))), wrong);
  return { node, chosen: () => [...node.querySelectorAll<HTMLInputElement>("input:checked")].map((x) => x.value), wrong: (text) => { wrong.textContent = text; if (text) node.querySelector("input")?.focus(); } };
}

function takeAgain(v: View, p: Profile, list: Competency[]): HTMLElement {
  const c = v.t.assess, ticks = tickCompetencies(v, list, p.practise ? [p.practise.competency] : []);
  const part = section(v, c.again, c.againAside, null, h("p.lede", {}, c.againWords), h("div.fig", {}, form(v, [ticks.node], c.againDo, async () => {
    const chosen = ticks.chosen();
    ticks.wrong(chosen.length ? "" : c.sendPick);
    if (!chosen.length) return;
    const { link } = await post<{ link: string }>("/api/invitations", { person_id: p.person_id, competencies: chosen, lang: v.f.lang });
    location.hash = link.slice(link.indexOf("#"));
  }, null, "wide")));
  part.classList.add("screen"); // nothing to do on paper
  return part;
}

/** One person. A seller's own is the page Development. */
export function profilePage(v: View, person: string): Child[] {
  const c = v.t.assess, own = v.app?.seller === person, candidate = v.state.view === "candidate";
  const name = own ? c.development : c.profileOf(person);
  const load = async (): Promise<[Profile, Competency[]]> => Promise.all([get<Profile>(`/api/people/${encodeURIComponent(person)}/profile${candidate ? "?as=candidate" : ""}`), competencies(v)]);
  return [own ? null : h("div.scope", {}, h("span", {}, h("a", { href: href(v.state, { arg: "", view: "" }) }, c.competence), " / ", h("b", {}, person))),
    later(v, `${v.f.lang} profile ${person} ${v.state.view}`, load, ([p, list], again) => {
      const said = profileFinding(v, p), names = new Map(list.map((x) => [x.competency, x]));
      return [head(v, name, said.say, said.under), own ? h("p.paper", {}, c.profileOf(person)) : null, p.competencies.length ? profileParts(v, p, { taker: false }) : null,
        p.ratings ? ratings(v, p, names) : null, p.plans ? plans(v, p, names, again) : null, own ? [takeAgain(v, p, list), ownAccommodations(v, person)] : null];
    }, (error) => (error instanceof Refused && (error.status === 403 || error.status === 404)
      ? [head(v, name, error.code === "case" ? c.caseFirst(person) : error.message, null), h("div.btns", {}, error.code === "case" ? linkButton(c.caseToPerson, pageHref(v.state, "sellers", { arg: person }), "pri") : null, linkButton(c.rate, pageHref(v.state, "rate", { arg: person })))] : undefined))];
}
