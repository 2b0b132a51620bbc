// What every page is made of: sections, findings with their certainty, glyphs, intervals, explanations.
import { h, s, type Child } from "./dom";
import { est, type Answer, type Cause, type Doc, type Estimate, type Moment, type Seller, type Verdict } from "./document";
import { certainty, type Format } from "./format";
import { href, pageHref, type State } from "./state";
import type { HowKey, Text } from "./text/en";

/** What only the application has: who looks, and the parts that pages leave room for. */
export type Part = "foot" | "scope" | "asOf" | "whatIf" | "decide" | "logged" | "followed" | "hits" | "cases" | "import" | "measure";
/** What the application knows of one seller beside the document. */
export interface Side {
  contested(moment: string): boolean;
  /** What stands under a moment: what others said of it, and the way to add to it. */
  under(moment: Moment): Child;
  /** Stands instead of the findings, when something comes before them. */
  instead: Child;
  after: Child;
}
export interface App {
  name: string; role: string; seller: string; personLevel: string;
  may(what: string): boolean;
  part(name: Part, v: View, about?: unknown): Child;
  side(v: View, id: string, who: Seller | null): Side;
  /** The viewer's own judgement comes before the verdict. */
  mustJudge(v: View, id: string): boolean;
  contested(id: string, moment: string): boolean;
}

/** What a page is drawn from. */
export interface View {
  doc: Doc; t: Text; f: Format; state: State; app: App | null; wide: boolean; printed: boolean;
  notes: { key: HowKey; name: string }[]; // explanations that stand at the end of what is printed
}

export const CAUSES: readonly Cause[] = ["competence", "execution", "pressure", "process", "market", "fine"];
export const MOMENTS = ["prospecting", "qualification", "decision_steering", "objection_handling", "next_step"] as const;

const known = (table: Record<string, string>, key: string) => table[key] ?? key;
export const momentName = (v: View, key: string) => known(v.t.moments, key);
export const verdictName = (v: View, key: string) => known(v.t.verdicts, key);
export const teamName = (v: View, id: string | null | undefined) => (id ? v.t.team(id) : v.t.noTeam);
/** "complex, committee, medium, Industri" in words; what is not known stays as it is. */
export const situationName = (v: View, text: string) =>
  text.split(", ").map((part) => known(v.t.situations, part)).join(", ");

export function marks(n: number): SVGElement {
  return s("svg", { width: 38, height: 12, viewBox: "0 0 38 12", "aria-hidden": "true" },
    [0, 1, 2, 3].map((i) => s(i < n ? "rect.on" : "rect.off", { x: 0.5 + 10 * i, y: 1.5, width: 7, height: 9 })));
}

/** The line under a finding. */
export function certaintyLine(v: View, p: number, basis: string): HTMLElement {
  const level = certainty(p);
  return h("p.cert", {}, marks(level), h("span", {}, h("b", {}, v.t.certain(v.t.certainty[level] ?? "", v.f.prob(p))), " ", basis));
}

/** A certainty that the document has put in words: its first sentence is the word and the percent. */
export function saidCertainty(text: string, p: number | null): Child {
  if (!text) return null;
  const end = text.search(/\.\s/);
  const head = end < 0 ? text : text.slice(0, end + 1), rest = end < 0 ? "" : text.slice(end + 1);
  return h("p.cert", {}, p === null ? null : marks(certainty(p)), h("span", {}, h("b", {}, head), rest));
}

export function head(v: View, name: string, finding: Child, under: Child): HTMLElement {
  return h("div.head", {}, h(v.printed ? "h2.name" : "h1", v.printed ? {} : { id: "title", tabindex: -1 }, name),
    h("p.say.say-1", {}, finding), under);
}

let ids = 0;

/** An explanation; several places on a page that open each by itself say which after a dot. */
export type HowAt = HowKey | `${HowKey}.${string}`;

const explained = (v: View, key: HowKey): Child[] => {
  const d = v.t.how[key];
  return ([["means", d.means], ["rests", d.rests], ["doubt", d.doubt], ["not", d.not], ["change", d.change]] as const)
    .filter(([, text]) => text).map(([name, text]) => [h("dt", {}, v.t.howNames[name]), h("dd", {}, text)]);
};

/** Opens the explanation of a figure in place, and keeps the address true to it; on paper it is a numbered note at the end. */
function how(v: View, key: HowAt, section: string): { link: HTMLElement; box: HTMLElement | null } {
  const id = `how-${++ids}`, of = key.split(".")[0] as HowKey;
  if (v.printed) {
    if (!v.notes.some((x) => x.key === of)) v.notes.push({ key: of, name: section });
    return { link: h("span.noted", {}, v.t.noteNumber(String(v.notes.findIndex((x) => x.key === of) + 1))), box: null };
  }
  const shown = v.state.open.includes(key);
  const box = h("dl.def", { id, hidden: !shown }, explained(v, of));
  const link = h("button.link", {
    type: "button", "aria-expanded": shown ? "true" : "false", "aria-controls": id,
    onclick: () => {
      const now = box.hidden;
      box.hidden = !now;
      link.setAttribute("aria-expanded", String(now));
      v.state.open = v.state.open.filter((x) => x !== key).concat(now ? [key] : []);
      history.replaceState(null, "", href(v.state));
    },
  }, v.t.howCounted);
  return { link, box };
}

/** The notes of what is printed, in the order in which they were pointed to. */
export const endNotes = (v: View): Child => (v.notes.length ? h("div.sheet.notes", {}, h("h2", {}, v.t.howCounted), h("ol", {}, v.notes.map((x) =>
  h("li", {}, h("h3", {}, x.name), h("dl.def.first", {}, explained(v, x.key)))))) : null);

/** A section: its name, one line and the explanation beside it; then what it says. */
export function section(v: View, name: string, aside: Child, key: HowAt | null, ...main: Child[]): HTMLElement {
  const why = key ? how(v, key, name) : null;
  return h("section.sec", {}, h("div.side", {}, h(v.printed ? "h3" : "h2", {}, name),
    h("p.q", {}, aside ? h("span.h", {}, aside) : null, " ", why?.link)),
  h("div.main", {}, main, why?.box));
}

export const say2 = (...text: Child[]) => h("p.say.say-2", {}, text);
export const say3 = (...text: Child[]) => h("p.say.say-3", {}, text);

const SHAPES: Record<string, () => SVGElement> = {
  competence: () => s("circle.vk", { cx: 9, cy: 9, r: 8 }),
  execution: () => s("rect.vu", { x: 1.5, y: 1.5, width: 15, height: 15 }),
  pressure: () => s("path.vb", { d: "M.2 1.6h17.6L9 17.4z" }),
  process: () => s("path.vp", { d: "M9 -.4 18.4 9 9 18.4 -.4 9z" }),
  market: () => s("path.vm", { d: "M4.6 1h8.8L18 9l-4.6 8H4.6L0 9z" }),
  fine: () => s("path.vf", { d: "M4.5 9.6l3 3 6-6.6" }),
  unclear: () => s("circle.vq", { cx: 9, cy: 9, r: 7.6 }),
};

/** The sign of a verdict: shape, letter and colour. Named for readers who do not see it, unless words stand beside it. */
export function glyph(v: View, verdict: Verdict, options: { size?: number; alone?: boolean } = {}): SVGElement {
  const size = options.size ?? 18, letter = v.t.letters[verdict];
  return s("svg.g", {
    width: size, height: size, viewBox: "-0.5 -0.5 19 19",
    ...(options.alone ? { role: "img", "aria-label": verdictName(v, verdict) } : { "aria-hidden": "true" }),
  }, SHAPES[verdict]?.(), letter ? s(verdict === "unclear" ? "text.q" : verdict === "pressure" ? "text.small" : "text",
    { x: 9, y: verdict === "pressure" ? 9.6 : 12.8 }, letter) : null);
}

/** What an unclear verdict stands between: the two likeliest. */
export function between(v: View, probability: Record<Cause, number> | null): string {
  const two = [...CAUSES].sort((a, b) => (probability?.[b] ?? 0) - (probability?.[a] ?? 0)).slice(0, 2);
  return v.t.between(verdictName(v, two[0] ?? ""), verdictName(v, two[1] ?? "").toLocaleLowerCase(v.f.lang));
}

export function legend(v: View): HTMLElement {
  return h("ul.legend", {}, (["competence", "execution", "pressure", "process", "market", "fine", "unclear"] as const)
    .map((key) => h("li", {}, glyph(v, key), " ", v.t.legend[key])));
}

/** The common axis of interval rows. */
export interface Axis { lo: number; hi: number; width: number; marks: number[] }

export function axisOf(all: (Estimate | null)[], width: number, scale?: { lo: number; hi: number }): Axis {
  const got = all.filter((e): e is Estimate => e !== null);
  let lo = scale?.lo ?? Math.min(0, ...got.map((e) => e.lo)), hi = scale?.hi ?? Math.max(0, ...got.map((e) => e.hi));
  if (hi <= lo) hi = lo + 1;
  const raw = (hi - lo) / 3, ten = 10 ** Math.floor(Math.log10(raw));
  const step = ([1, 2, 2.5, 5, 10].find((k) => k * ten >= raw) ?? 10) * ten;
  if (!scale) { lo = Math.floor(lo / step + 1e-9) * step; hi = Math.ceil(hi / step - 1e-9) * step; }
  const at: number[] = [];
  for (let x = Math.ceil(lo / step - 1e-9) * step; x <= hi + step / 1e6; x += step) at.push(Math.abs(x) < step / 1e6 ? 0 : x);
  return { lo, hi, width, marks: at };
}

const place = (axis: Axis, x: number) => 6 + ((Math.min(Math.max(x, axis.lo), axis.hi) - axis.lo) / (axis.hi - axis.lo)) * (axis.width - 12);

/** `unit`: what stands after the last number, with its space where the language has one. */
export function axisHead(axis: Axis, label: (x: number) => string, unit: string): SVGElement {
  const last = axis.marks.length - 1, words = axis.marks.map((x, i) => label(x) + (i === last ? unit : ""));
  const left = place(axis, axis.marks[last] ?? axis.hi) + 6 - 7.4 * (words[last]?.length ?? 0); // where the last label begins
  return s(`svg.axis.${axis.width < 190 ? "small" : axis.width > 250 ? "large" : "medium"}`, { width: axis.width, height: 18, viewBox: `0 0 ${axis.width} 18`, "aria-hidden": "true" },
    axis.marks.map((x, i) => (i < last && place(axis, x) + 3.7 * (words[i]?.length ?? 0) + 6 > left ? null : s("text.t3", {
      x: place(axis, x) + (i === last ? 6 : 0), y: 13,
      "text-anchor": i === last ? "end" : place(axis, x) < 12 ? "start" : "middle",
    }, words[i]))));
}

/** Dot and line; a block behind it where there is something to compare with. */
export function interval(axis: Axis, e: Estimate, words: string, kind: "ink" | "accent" | "ring", usual?: number): SVGElement {
  const zero = axis.lo <= 0 && axis.hi >= 0;
  return s(`svg.iv.iv-${kind}`, { width: axis.width, height: 24, viewBox: `0 0 ${axis.width} 24`, role: "img", "aria-label": words },
    zero ? s("line.iv-z", { x1: place(axis, 0), x2: place(axis, 0), y1: 0, y2: 24 }) : null,
    usual === undefined ? null : s("rect.iv-u", { x: place(axis, usual) - 1.5, y: 3, width: 3, height: 18 }),
    s("line.iv-l", { x1: place(axis, e.lo), x2: place(axis, e.hi), y1: 12, y2: 12 }),
    s("circle.iv-d", { cx: place(axis, e.mean), cy: 12, r: 4.5 }));
}

/** What was expected (open ring, above) and what came (dot, below), on one scale. */
export function paired(axis: Axis, expected: Estimate | null, came: Estimate | null, words: string): SVGElement {
  const mark = (kind: "ring" | "ink", e: Estimate | null, y: number) => (e ? s(`g.iv-${kind}`, {}, s("line.iv-l", { x1: place(axis, e.lo), x2: place(axis, e.hi), y1: y, y2: y }),
    s("circle.iv-d", { cx: place(axis, e.mean), cy: y, r: 4.5 })) : null);
  return s("svg.iv", { width: axis.width, height: 36, viewBox: `0 0 ${axis.width} 36`, role: "img", "aria-label": words },
    axis.lo <= 0 && axis.hi >= 0 ? s("line.iv-z", { x1: place(axis, 0), x2: place(axis, 0), y1: 0, y2: 36 }) : null, mark("ring", expected, 10), mark("ink", came, 26));
}

export interface Column {
  name: Child; cls?: string;
  note?: string; // what stands behind the cell where the head is not shown
  bare?: boolean; // the cell speaks for itself there
  row?: boolean; // the cell names the row; else the first does
}

/** The column of intervals: its head is their axis. */
export function axisColumn(v: View, axis: Axis, label: (x: number) => string, unit: string): Column {
  const first = axis.marks[0] ?? axis.lo, last = axis.marks[axis.marks.length - 1] ?? axis.hi, after = !unit || (unit === "%" && v.f.lang === "en") ? unit : "\u00a0" + unit;
  return { name: [h("span.vh", {}, v.t.interval), axisHead(axis, label, after)], note: v.t.fromTo(label(first), label(last) + after) };
}

/** A table; on phones its cells stand below each other (class st) with their names (data-l). */
export function table(cls: string, columns: Column[], rows: Child[][], caption?: string): HTMLElement {
  const names = Math.max(0, columns.findIndex((c) => c.row));
  return h(`table${cls ? "." + cls.split(" ").join(".") : ""}`, {}, caption ? h("caption.vh", {}, caption) : null,
    h("thead", {}, h("tr", {}, columns.map((c) => h(c.cls ? `th.${c.cls.split(" ").join(".")}` : "th", { scope: "col" }, c.name)))),
    h("tbody", {}, rows.map((row) => h("tr", {}, row.map((cell, i) => {
      const c = columns[i]?.cls, cls2 = c ? "." + c.split(" ").join(".") : "";
      return i === names ? h(`th${cls2}`, { scope: "row" }, cell)
        : h(`td${cls2}`, {
          "data-l": typeof columns[i]?.name === "string" && !columns[i]?.bare ? String(columns[i]?.name) : null,
          "data-b": columns[i]?.note && cell ? columns[i]?.note : null }, cell);
    })))));
}

/** The same rows as a chart, for those who would rather read them. */
export function asTable(v: View, cls: string, columns: Column[], rows: Child[][], caption: string, name = v.t.showTable): HTMLElement {
  return h("details.rows", {}, h("summary", {}, name),
    h("div.scroll", { tabindex: 0, role: "region", "aria-label": caption }, table(cls, columns, rows, caption)));
}

export function answerOf(v: View, question: string): Answer | null {
  return v.doc.answers.find((a) => a.question === question) ?? null;
}

/** What stands where a finding would: that it cannot be said, why, and what to record. */
export function refusal(v: View, question: string, size: 1 | 2 = 2): Child[] {
  const a = answerOf(v, question);
  const say = v.t.cannot[question as keyof Text["cannot"]] ?? v.t.cannotYet;
  return [
    size === 2 ? say2(say) : null,
    h("div.gap", {}, a?.why ? h("p.lede", {}, a.why) : null,
      a?.record ? h("p.lede", {}, h("b", {}, v.t.toRecord), " ", a.record) : null),
  ];
}

export const sayRefusal = (v: View, question: string): string => v.t.cannot[question as keyof Text["cannot"]] ?? v.t.cannotYet;

/** A choice that reads as a part of the sentence around it. */
export function choice(v: View, key: "team" | "sit" | "snapshot" | "stage" | "moment" | "outcome" | "view", label: string, options: [string, string][]): HTMLElement {
  const select = h("select.in", {
    id: `choice-${key}`, "aria-label": label,
    onchange: (event) => { location.hash = href(v.state, { [key]: (event.target as HTMLSelectElement).value }); },
  }, options.map(([value, text]) => h("option", { value, selected: v.state[key] === value }, text)));
  return select;
}

/** The way from a number to the deals behind it; in the report, the number alone. */
export function drill(v: View, number: Child, of: Partial<State>): Child {
  return v.app?.may("deals") && !v.printed ? h("a.drill", { href: pageHref(v.state, "rows", of), title: v.t.app.seeRows }, number) : number;
}

/** The line that says what is shown: a sentence of choices, where the page has any. */
export function scope(v: View, ...what: Child[]): HTMLElement {
  return h("div.scope", {}, v.app?.part("scope", v), h("span", {}, what.length ? what : scoped(v)), h("span.end", {}, (v.printed ? null : v.app?.part("asOf", v)) ?? v.t.asOf(v.f.date(v.doc.data.as_of))));
}

/** What a page can show apart: one team, and which parts of situations. */
export interface Can { team?: boolean; sit?: readonly string[] }
export const SITUATIONS = ["simple", "complex", "single", "committee"] as const;

/** What the result says anything of by situation. */
function situationsIn(doc: Doc): string[] {
  const said = [...doc.stages.flatMap((x) => x.situations), ...doc.sellers.flatMap((x) => x.moments.flatMap((m) => m.situations))].flatMap((x) => x.situation.split(", "));
  return SITUATIONS.filter((x) => said.includes(x));
}

/** "Shows [all teams] in Nov 2025\u2013Nov 2026, in [all situations]": what the page can show apart is a choice, the rest is said; and where
 * something is chosen that the page cannot show apart, that too. */
export function scoped(v: View, can: Can = {}): Child[] {
  const all = teams(v.doc), { t, state } = v, sits = situationsIn(v.doc).filter((x) => can.sit?.includes(x));
  const team = all.includes(state.team) ? state.team : "", sit = chosenSituation(v, can.sit ?? []);
  const left = [can.team || !team ? "" : teamName(v, team), sit || !situationsIn(v.doc).includes(state.sit) ? "" : t.inSituations[state.sit] ?? ""].filter(Boolean);
  return [`${t.showing} `, !can.team || v.printed || all.length < 2 ? h("b", {}, can.team && team ? teamName(v, team) : t.allTeams)
    : choice(v, "team", t.teamChoice, [["", t.allTeams], ...all.map((x): [string, string] => [x, teamName(v, x)])]), " ", h("span.period", {}, t.under(v.f.month(v.doc.data.from), v.f.month(v.doc.data.to))),
    !situationsIn(v.doc).length ? null : [" ", t.inside, " ", !sits.length || v.printed ? h("b", {}, sit ? t.inSituations[sit] : t.allSituations)
      : choice(v, "sit", t.situationChoice, [["", t.allSituations], ...sits.map((x): [string, string] => [x, t.inSituations[x] ?? x])])],
    left.length ? [" ", h("span.left", {}, t.notApart(left.join(", ")))] : null];
}

/** The beginning of that line where the page can show one team. */
export const teamScope = (v: View): Child[] => scoped(v, { team: true });

/** The part of situations that is chosen, where the page can show it; else "". */
export const chosenSituation = (v: View, can: readonly string[]): string => (can.includes(v.state.sit) && situationsIn(v.doc).includes(v.state.sit) ? v.state.sit : "");

/** Where one situation is chosen, a section that holds all of them says so. */
export const allHere = (v: View): Child => (v.state.sit && situationsIn(v.doc).includes(v.state.sit) ? h("span.here-all", {}, v.t.allHere) : null);

/** Whether "complex, committee, medium" is of the part that is chosen. */
export const ofSituation = (sit: string, name: string | null | undefined): boolean => !sit || !name || name.split(", ").includes(sit);

/** Whether a row is of the team that is chosen, or of no team. */
export const ofTeam = (v: View, team: string | null | undefined): boolean => !v.state.team || !team || team === v.state.team || !teams(v.doc).includes(v.state.team);

export function teams(doc: Doc): string[] {
  const rows: { team_id?: string | null }[] = [doc.sellers, doc.leaks, doc.process, doc.time, doc.open_deals].flat();
  return [...new Set(rows.map((x) => x.team_id).filter((x): x is string => !!x))].sort();
}

/** Whether the rows of persons are all there; where not, sums over them would say too little. */
export const personsShown = (doc: Doc): boolean => !doc.withheld || doc.sellers.length >= doc.data.sellers;

/** Sum over sellers of one moment, as far as the document shows them. */
export interface MomentSum {
  moment: string; occasions: number; done: number | null; usual: number | null; judged: number; all: number;
  by: Record<Verdict, number>; none: number; why: string; contested: number;
}

export function momentSums(doc: Doc, team = ""): MomentSum[] {
  return MOMENTS.map((moment) => {
    const sum: MomentSum = { moment, occasions: 0, done: null, usual: null, judged: 0, all: 0, none: 0, why: "", contested: 0,
      by: { fine: 0, competence: 0, execution: 0, pressure: 0, process: 0, market: 0, unclear: 0 } };
    let weight = 0, done = 0;
    for (const seller of doc.sellers) {
      if (team && seller.team_id !== team) continue;
      const m = seller.moments.find((x) => x.moment === moment);
      if (!m) continue;
      if (m.contested) { sum.contested++; continue; }
      sum.all++;
      sum.occasions += m.occasions;
      const rate = est(m.done_rate);
      if (rate) { weight += m.occasions; done += m.occasions * rate.mean; }
      sum.usual ??= m.figures?.shares.usual_done ?? null;
      if (m.verdict) { sum.by[m.verdict]++; sum.judged++; } else { sum.none++; sum.why ||= m.why; }
    }
    sum.done = weight ? done / weight : null;
    return sum;
  });
}

/** How many contested findings are left out, where any are. */
export function leftOut(v: View): Child {
  const out = v.doc.contested;
  return out && v.app ? h("p.note", {}, h("b", {}, v.t.app.contestedOut(out.findings)), " ", [v.t.app.contestedActions(out.actions), v.t.app.contestedLeaks(out.leaks ?? 0), v.t.app.contestedLeft(out.left ?? 0)].filter(Boolean).join(" ")) : null;
}

export const faults = (sum: MomentSum): number =>
  sum.by.competence + sum.by.execution + sum.by.pressure + sum.by.process + sum.by.market;
