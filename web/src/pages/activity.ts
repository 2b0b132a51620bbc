// Activity and result: would more tempo help, and what would other changes give.
import { h, rich, type Child } from "../dom";
import { est, mean } from "../document";
import { amount } from "../findings";
import { axisColumn, axisOf, head, interval, momentName, refusal, say2, sayRefusal, scope, section, table, answerOf, type View } from "../parts";

export function whatIfName(v: View, key: string): string {
  const fix = key.match(/^fix:(.*)$/), activity = key.match(/^activity\+(\d+)%$/);
  if (fix) return v.t.whatIfFix(momentName(v, fix[1] ?? ""));
  return activity ? v.t.whatIfActivity(activity[1] ?? "") : key;
}

function changes(v: View): HTMLElement {
  const { doc, t, f } = v, list = Object.entries(doc.what_if).sort((a, b) => mean(b[1].value) - mean(a[1].value));
  if (!list.length) return section(v, t.whatIfSection, null, "leaks", say2(t.whatIfNone), refusal(v, "Q5", 1));
  const all = list.map(([, x]) => est(x.value)), axis = axisOf(all, 300), most = Math.max(1, ...all.flatMap((e) => (e ? [Math.abs(e.lo), Math.abs(e.hi)] : [])));
  return section(v, t.whatIfSection, null, "leaks", say2(t.whatIfFinding(whatIfName(v, list[0]![0]).toLocaleLowerCase(f.lang), f.money(mean(list[0]![1].value)))),
    h("div.fig", {}, table("st wi", [{ name: t.change }, axisColumn(v, axis, (x) => f.axis(x, most), f.unit(most)), { name: t.value, cls: "r" }],
      list.map(([key, x], i) => [x.text ?? whatIfName(v, key), all[i] ? interval(axis, all[i]!, t.intervalWords(f.money(all[i]!.mean), f.moneyRange(all[i]!)), key.startsWith("fix") ? "accent" : "ink") : null, amount(v, all[i] ?? null)]))),
    h("p.note", {}, t.whatIfNote));
}

export function activity(v: View): Child[] {
  const { doc, t, f } = v, a = doc.activity, gain = a ? est(a.plus_20pct?.value) : null;
  const finding = !a ? sayRefusal(v, "Q3") : a.text ?? (gain && gain.lo > 0 && a.saturated === false ? t.activityYes : gain && gain.hi > 0 && gain.lo < 0 && a.saturated === null ? t.activityOpen : gain && gain.lo > 0 ? t.activityYes : t.activityNo);
  const why = answerOf(v, "Q3"), elastic = a ? est(a.elasticity) : null;
  return [
    scope(v), head(v, t.pages.activity, finding, why?.why ? h("p.cert", {}, h("span", {}, why.why)) : null),
    a ? section(v, t.activitySection, null, "activity",
      gain ? h("div.act", {}, h("h3", {}, t.activityAll), h("p.say.say-3", {}, rich(t.activityValue(f.money(gain.mean), f.moneyRange(gain))))) : null,
      elastic ? h("p.lede", {}, t.activityElasticity(f.num(elastic.mean, 2), f.range(elastic.lo, elastic.hi, 2))) : null,
      a.saturated === null || a.saturated === undefined ? null : h("p.lede", {}, a.saturated ? t.saturatedYes : t.saturatedNo)) : null,
    changes(v),
  ];
}
