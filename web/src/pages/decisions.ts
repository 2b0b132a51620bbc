// Decisions: what is right, wrong and too early, in one list; and what came of earlier ones.
import { h, type Child } from "../dom";
import { est, type Decision, type Estimate, type FollowUp, type Predicted } from "../document";
import { actionName, amount } from "../findings";
import { axisColumn, axisOf, head, interval, momentName, paired, refusal, say2, sayRefusal, scope, section, table, teamName, teams, teamScope, ofTeam, type View } from "../parts";

const ORDER = { right: 0, wrong: 1, too_early: 2 }, SHOWN = 4;

/** Who swaps deals, for those who may see persons. */
function swap(v: View, d: Decision): Child {
  const { t, f } = v, who = (d.swap?.sellers ?? []).filter((s) => s.seller_id);
  if (!who.length) return null;
  const lines = who.map((s) => h("span.why", {}, h("b", {}, s.seller_id ?? ""), " ", t.swapLine(s.part === "gives" ? t.swapGives : t.swapTakes, momentName(v, s.moment), f.prob(s.in_order_simple), f.prob(s.in_order_complex), f.int(Math.round(s.deals)))));
  return v.printed ? lines : h("details.rows", {}, h("summary", {}, t.whoSwaps), lines);
}

/** Those for the team that is chosen, and those for everybody. */
const shown = (v: View): Decision[] => v.doc.decisions.filter((d) => ofTeam(v, d.target && teams(v.doc).includes(d.target) ? d.target : null));

function list(v: View): HTMLElement {
  const { doc, t, f } = v;
  if (!doc.decisions.length) return section(v, t.actions, null, "actions", refusal(v, "Q5", 1));
  const rows = shown(v).sort((a, b) => ORDER[a.verdict] - ORDER[b.verdict] || (est(b.value)?.mean ?? 0) - (est(a.value)?.mean ?? 0));
  const every = rows.map((d) => est(d.value)), axis = axisOf(every, 170), most = Math.max(1, ...every.flatMap((e) => (e ? [Math.abs(e.lo), Math.abs(e.hi)] : [])));
  const where = (d: Decision) => (!d.target ? t.everywhere : teams(doc).includes(d.target) ? (d.text ? "" : teamName(v, d.target)) : d.target);
  const why = (d: Decision) => (d.verdict !== "too_early" ? d.why : d.worth_knowing ? t.worthKnowing(f.money(d.worth_knowing)) : "");
  const row = (d: Decision): Child[] => {
    const e = est(d.value);
    return [h(`span.${d.verdict}`, {}, t[d.verdict]),
      [h("b", {}, actionName(v, d)), h("span.sub", {}, where(d)), why(d) ? h("span.why", {}, why(d)) : null, swap(v, d), v.app?.part("decide", v, d)],
      e ? interval(axis, e, t.intervalWords(f.money(e.mean), f.moneyRange(e)), d.verdict === "right" ? "accent" : d.verdict === "wrong" ? "ink" : "ring") : null,
      amount(v, e), est(d.cost) ? f.money(est(d.cost)!.mean) : t.noValue, d.p_positive === null ? t.noValue : f.prob(d.p_positive)];
  };
  const drawn = (some: Decision[]) => table("st de", [{ name: t.verdict, bare: true }, { name: t.action, bare: true, row: true }, axisColumn(v, axis, (x) => f.axis(x, most), f.unit(most)),
    { name: t.net, cls: "r" }, { name: t.cost, cls: "r" }, { name: t.paysHead, cls: "r" }], some.map(row));
  const told = rows.filter((d) => d.verdict !== "too_early"), early = rows.filter((d) => d.verdict === "too_early"), first = [...told, ...early.slice(0, SHOWN)], rest = early.slice(SHOWN);
  return section(v, t.actions, t.decisionsAside, "actions", drawn(v.printed ? rows : first),
    rest.length && !v.printed ? h("details.rows", {}, h("summary", {}, t.moreEarly(f.int(rest.length))), drawn(rest)) : null,
    h("p.note", {}, early.length ? `${t.earlyNote} ` : "", t.decisionsNote));
}

const OUTCOMES = { worked: "effectSeen", worse: "effectHarm", not_told: "noEffect" } as const;

/** Beside what was predicted: whether what came is within it. */
function beside(v: View, p: Predicted, e: Estimate): string {
  const { t } = v, { lo, hi } = p.points;
  return e.mean >= lo && e.mean <= hi ? t.within : e.hi < lo ? t.below : e.lo > hi ? t.above : t.perhapsWithin;
}

/** What was done, and what came of it; where a decision was logged before, beside what it was predicted to give, on the same scale. */
export function followUp(v: View, predictedOf: (x: FollowUp) => Predicted | null = () => null, more: Child = null): HTMLElement {
  const { doc, t, f } = v, list = doc.follow_up.filter((x) => ofTeam(v, x.team_id));
  if (!list.length) return section(v, t.followUpSection, t.followUpAside, "followUp", doc.follow_up.length ? say2(t.followUpNotHere) : refusal(v, "Q11"), more);
  const net = list.map((x) => (x.evaluable ? (est(x.net) ?? est(x.effect)) : null)), told = list.filter((x) => x.evaluable), before = list.map(predictedOf);
  const axis = axisOf([...net, ...before.map((p) => p?.points ?? null)], 210), beforeAny = before.some(Boolean);
  const outcome = (x: FollowUp, e: Estimate | null) => {
    if (!x.evaluable) return t.notEvaluable;
    const known = x.outcome && x.outcome in OUTCOMES ? (x.outcome as keyof typeof OUTCOMES) : e && e.lo > 0 ? "worked" : e && e.hi < 0 ? "worse" : "not_told";
    return t[OUTCOMES[known]];
  };
  const worked = told.filter((x) => outcome(x, net[list.indexOf(x)] ?? null) === t.effectSeen).length;
  const some = net.some((e) => e !== null), points = (x: number) => f.num(100 * x, 1), range = (e: Estimate) => f.range(100 * e.lo, 100 * e.hi, 1);
  const both = list.flatMap((_, i) => (before[i] && net[i] ? [beside(v, before[i]!, net[i]!)] : [])), inside = both.filter((x) => x === t.within).length;
  const drawing = (e: Estimate | null | undefined, p: Predicted | null | undefined) => (e && p ? paired(axis, p.points, e, t.predictedWords(points(p.points.mean), range(p.points), points(e.mean), range(e)))
    : e ? interval(axis, e, t.intervalWords(points(e.mean), range(e)), "ink") : null);
  const row = (x: FollowUp, i: number): Child[] => {
    const e = net[i], p = before[i];
    return [[h("b", {}, [t.interventionKinds[x.kind ?? ""] ?? x.kind, x.intervention_id ?? (x.team_id ? teamName(v, x.team_id) : t.allOfKind)].filter(Boolean).join(" \u00b7 ")),
      x.moment ? h("span.sub", {}, [momentName(v, x.moment), t.whats[x.what ?? ""]].filter(Boolean).join(", ")) : null, p ? h("span.sub", {}, t.decidedOn(f.date(p.on), p.who)) : null,
      x.text ? (v.printed ? h("span.why", {}, x.text) : h("details.rows", {}, h("summary", {}, t.howMeasured), h("span.why", {}, x.text))) : null],
    ...(some ? [drawing(e, p)] : []), ...(beforeAny ? [p ? [points(p.points.mean), h("span.sub.nb", {}, range(p.points))] : t.noValue] : []),
    e ? [h("b", {}, points(e.mean)), h("span.sub.nb", {}, range(e))] : t.noValue,
    typeof x.regression_to_mean === "number" ? points(x.regression_to_mean) : t.noValue, [h("b", {}, outcome(x, e ?? null)), p && e ? h("span.sub", {}, beside(v, p, e)) : null]];
  };
  return section(v, t.followUpSection, t.followUpAside, "followUp", say2(told.length ? t.followUpFinding(told.length, worked) : t.followUpNone),
    both.length ? h("p.lede", {}, t.predictedFinding(both.length, inside)) : null,
    h("div.fig", {}, table(beforeAny ? "st fu pd" : "st fu", [{ name: t.intervention, bare: true }, ...(some ? [axisColumn(v, axis, (x: number) => f.tick(100 * x, 1), "%")] : []), ...(beforeAny ? [{ name: t.predicted, cls: "r" }] : []),
      { name: beforeAny ? t.measured : t.effect, cls: "r" }, { name: t.regression, cls: "r" }, { name: t.outcome, bare: true }], list.map(row))),
    h("p.note", {}, beforeAny ? `${t.predictedNote} ` : "", t.followUpNote), more);
}

export function decisions(v: View): Child[] {
  const { doc, t } = v, of = shown(v), n = (kind: string) => of.filter((d) => d.verdict === kind).length;
  const right = of.some((d) => d.verdict === "right" && d.action !== "nothing");
  const finding = !doc.decisions.length ? sayRefusal(v, "Q5") : right ? t.decisionsCount(of.length, n("right"), n("wrong"), n("too_early")) : t.decisionsNone(n("wrong"), n("too_early"));
  return [scope(v, teamScope(v)), head(v, t.pages.decisions, finding, null), list(v), v.app?.part("logged", v), v.app && !v.printed ? v.app.part("followed", v) : followUp(v), v.app?.part("hits", v), v.app?.part("whatIf", v)];
}
