// Decisions: what is right, wrong and too early, in one list; and what came of earlier ones.
import { h, type Child } from "../dom";
import { est } from "../document";
import { actionName, amount } from "../findings";
import { axisColumn, axisOf, head, interval, refusal, say2, sayRefusal, scope, section, table, teamName, type View } from "../parts";

const ORDER = { right: 0, too_early: 1, wrong: 2 };

function list(v: View): HTMLElement {
  const { doc, t, f } = v;
  if (!doc.decisions.length) return section(v, t.actions, null, "actions", refusal(v, "Q5", 1));
  const rows = [...doc.decisions].sort((a, b) => ORDER[a.verdict] - ORDER[b.verdict] || (est(b.value)?.mean ?? 0) - (est(a.value)?.mean ?? 0));
  const all = rows.map((d) => est(d.value)), axis = axisOf(all, 210), most = Math.max(1, ...all.flatMap((e) => (e ? [Math.abs(e.lo), Math.abs(e.hi)] : [])));
  const where = (d: (typeof rows)[number]) => (!d.target ? t.everywhere : doc.sellers.some((x) => x.team_id === d.target) ? teamName(v, d.target) : d.target);
  return section(v, t.actions, t.decisionsAside, "actions", table("st de", [{ name: t.action }, { name: t.verdict, bare: true }, axisColumn(v, axis, (x) => f.axis(x, most), f.unit(most)),
    { name: t.net, cls: "r" }, { name: t.cost, cls: "r" }, { name: t.paysHead, cls: "r" }],
  rows.map((d, i) => [
    [h("b", {}, actionName(v, d)), h("span.sub", {}, where(d)), d.why ? h("span.why", {}, d.why) : null],
    h(`span.${d.verdict}`, {}, t[d.verdict]),
    all[i] ? interval(axis, all[i]!, t.intervalWords(f.money(all[i]!.mean), f.moneyRange(all[i]!)), d.verdict === "right" ? "accent" : d.verdict === "wrong" ? "ink" : "ring") : null,
    amount(v, all[i] ?? null), est(d.cost) ? f.money(est(d.cost)!.mean) : t.noValue, d.p_positive === null ? t.noValue : f.prob(d.p_positive)])),
  h("p.note", {}, t.decisionsNote));
}

function followUp(v: View): HTMLElement {
  const { doc, t, f } = v;
  if (!doc.follow_up.length) return section(v, t.followUpSection, t.followUpAside, "followUp", refusal(v, "Q11"));
  const can = doc.follow_up.filter((x) => x.evaluable);
  const all = doc.follow_up.map((x) => est(x.effect)), axis = axisOf(all, 230);
  const verdict = (i: number) => { const e = all[i]; return !doc.follow_up[i]!.evaluable || !e ? t.notEvaluable : e.lo > 0 ? t.effectSeen : e.hi < 0 ? t.effectHarm : t.noEffect; };
  return section(v, t.followUpSection, t.followUpAside, "followUp", say2(can.length ? t.followUpFinding(f.int(can.length), f.int(doc.follow_up.length)) : t.followUpNone),
    h("div.fig", {}, table("st fu", [{ name: t.intervention }, axisColumn(v, axis, (x) => f.num(x, 2), ""), { name: t.effect, cls: "r" }, { name: t.regression, cls: "r" }, { name: t.outcome }],
      doc.follow_up.map((x, i) => {
        const e = all[i], r = est(x.regression_to_mean);
        return [[h("b", {}, x.text ?? x.intervention_id), x.kind ? h("span.sub", {}, x.kind) : null], e ? interval(axis, e, t.intervalWords(f.num(e.mean, 2), f.range(e.lo, e.hi, 2)), "ink") : null,
          e ? [h("b", {}, f.num(e.mean, 2)), h("span.sub", {}, f.range(e.lo, e.hi, 2))] : t.noValue, r ? f.num(r.mean, 2) : t.noValue, [verdict(i), x.why ? h("span.sub", {}, x.why) : null]];
      }))));
}

export function decisions(v: View): Child[] {
  const { doc, t } = v, n = (kind: string) => doc.decisions.filter((d) => d.verdict === kind).length;
  return [scope(v), head(v, t.pages.decisions, doc.decisions.length ? t.decisionsCount(doc.decisions.length, n("right"), n("wrong"), n("too_early")) : sayRefusal(v, "Q5"), null), list(v), followUp(v)];
}
