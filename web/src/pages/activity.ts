// Activity and result: would more tempo help, and what would other changes give.
import { h, rich, type Child } from "../dom";
import { curve } from "../curve";
import { scatter } from "../scatter";
import { est, mean } from "../document";
import { amount } from "../findings";
import { axisColumn, axisOf, certaintyLine, head, interval, momentName, refusal, say2, sayRefusal, scope, section, table, answerOf, type View } from "../parts";

export function whatIfName(v: View, key: string): string {
  const fix = key.match(/^fix:(.*)$/), activity = key.match(/^activity\+(\d+)%$/);
  if (fix) return v.t.whatIfFix(momentName(v, fix[1] ?? ""));
  return activity ? v.t.whatIfActivity(activity[1] ?? "") : key;
}

function changes(v: View): HTMLElement {
  const { doc, t, f } = v, list = Object.entries(doc.what_if).sort((a, b) => mean(b[1].value) - mean(a[1].value));
  if (!list.length) return section(v, t.whatIfSection, null, "whatIf", say2(t.whatIfNone), refusal(v, "Q5", 1));
  const all = list.map(([, x]) => est(x.value)), axis = axisOf(all, 300), most = Math.max(1, ...all.flatMap((e) => (e ? [Math.abs(e.lo), Math.abs(e.hi)] : [])));
  return section(v, t.whatIfSection, null, "whatIf", say2(t.whatIfFinding(list[0]![1].change ?? whatIfName(v, list[0]![0]), f.short(mean(list[0]![1].value)))),
    h("div.fig", {}, table("st wi", [{ name: t.change }, axisColumn(v, axis, (x) => f.axis(x, most), f.unit(most)), { name: t.value, cls: "r" }, { name: t.paysHead, cls: "r" }],
      list.map(([key, x], i) => [x.change ?? whatIfName(v, key), all[i] ? interval(axis, all[i]!, t.intervalWords(f.money(all[i]!.mean), f.moneyRange(all[i]!)), key.startsWith("fix") ? "accent" : "ink") : null, amount(v, all[i] ?? null), typeof x.p_positive === "number" ? f.prob(x.p_positive) : t.noValue]))),
    h("p.note", {}, t.whatIfNote));
}

function quality(v: View): HTMLElement | null {
  const { doc, t, f } = v, list = doc.activity?.quality ?? [];
  if (!list.length) return null;
  const all = list.map((x) => est(x.per_ten)), axis = axisOf(all, 230), worse = list.filter((x) => x.seen && mean(x.per_ten) < 0).length;
  return section(v, t.qualitySection, t.qualityAside, "activity", say2(worse ? t.qualityWorse(f.int(worse), f.int(list.length)) : t.qualitySame),
    h("div.fig", {}, table("st di", [{ name: t.what, bare: true }, axisColumn(v, axis, (x) => f.tick(100 * x, 1), "%"), { name: t.perTen, cls: "r" }],
      list.map((x, i) => [t.qualities[x.what] ? [h("b", {}, t.qualities[x.what]), h("span.sub", {}, x.seen ? (mean(x.per_ten) < 0 ? t.lessOften : t.moreOften) : t.noChange)] : x.text, all[i] ? interval(axis, all[i]!, t.intervalWords(f.num(100 * all[i]!.mean, 1), f.range(100 * all[i]!.lo, 100 * all[i]!.hi, 1)), x.seen ? "ink" : "ring") : null,
        all[i] ? [h("b", {}, f.num(100 * all[i]!.mean, 1)), h("span.sub.nb", {}, f.range(100 * all[i]!.lo, 100 * all[i]!.hi, 1))] : t.noValue]))));
}

export function activity(v: View): Child[] {
  const { doc, t, f } = v, a = doc.activity, gain = a ? est(a.plus_20pct?.value) : null, born = a ? est(a.plus_20pct?.own_deals) : null;
  const finding = !a ? sayRefusal(v, "Q3") : t.tempo[a.tempo ?? ""] ?? (gain && gain.lo > 0 ? t.activityYes : t.activityNo);
  const why = a?.because || answerOf(v, "Q3")?.why, elastic = a ? est(a.elasticity) : null, half = a?.plus_20pct?.probability_half, sub = v.printed ? "h4" : "h3";
  return [
    scope(v), head(v, t.pages.activity, finding, a && typeof half === "number" ? [certaintyLine(v, Math.max(half, 1 - half), t.tempoBasis(half >= 0.5)), why ? h("p.lede", {}, why) : null]
      : why ? h("p.cert", {}, h("span", {}, why)) : null),
    a ? section(v, t.activitySection, null, "activity",
      curve(v),
      h("div.cols", {}, h("div", {}, h(sub, {}, t.activityAll), gain ? h("p.say.say-3", {}, rich(t.activityValue(f.money(gain.mean), f.moneyRange(gain)))) : null,
        born ? h("p.lede", {}, t.activityBorn(f.num(born.mean, 0), f.range(born.lo, born.hi, 0))) : null,
        a.plus_20pct?.takes?.text ? [h(sub, {}, t.activityTakes), h("p.lede", {}, a.plus_20pct.takes.text)] : null),
      h("div", {}, h(sub, {}, t.activityEach), elastic ? h("p.lede", {}, t.activityElasticity(f.num(elastic.mean, 2), f.range(elastic.lo, elastic.hi, 2))) : null,
        a.because || a.saturated === null || a.saturated === undefined ? null : h("p.lede", {}, a.saturated ? t.saturatedYes : t.saturatedNo),
        doc.postponed?.text ? h("p.lede", {}, doc.postponed.text) : null)),
      a.between_text ? h("p.note", {}, a.between_text) : null) : null,
    scatter(v), quality(v), changes(v), v.app?.part("whatIf", v),
  ];
}
