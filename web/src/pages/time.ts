// Time: hours a week by kind, and what internal work displaced.
import { h, type Child } from "../dom";
import { est, mean, type TimeRow } from "../document";
import { axisHead, axisOf, head, interval, refusal, sayRefusal, scope, section, table, teamName, type View, answerOf } from "../parts";

export function time(v: View): Child[] {
  const { doc, t, f } = v;
  if (!doc.time.length) {
    const a = answerOf(v, "Q8");
    return [scope(v), head(v, t.pages.time, sayRefusal(v, "Q8"), null), a ? section(v, t.timeSection, null, "time", refusal(v, "Q8", 1)) : null];
  }
  const group = (x: TimeRow) => x.seller_id ?? (x.team_id ? teamName(v, x.team_id) : t.whole_);
  const whole = doc.time.filter((x) => !x.seller_id && !x.team_id), shown = whole.length ? whole : doc.time.filter((x) => !x.seller_id);
  const hours = (list: TimeRow[]) => list.reduce((n, x) => n + mean(x.hours_per_week), 0);
  const customer = hours(shown.filter((x) => x.category === "customer")), all = hours(shown.filter((x) => x.category !== "absence"));
  const rows = doc.time.filter((x) => !x.seller_id || (doc.time.every((y) => y.seller_id)));
  const axis = axisOf(rows.map((x) => est(x.hours_per_week)), 260);
  return [scope(v), head(v, t.pages.time, t.timeFinding(f.num(customer, 1), f.num(all, 1)), null),
    section(v, t.timeSection, t.timeAside, "time", table("st ti", [{ name: t.group }, { name: t.kind }, { name: [h("span.vh", {}, t.interval), axisHead(axis, (x) => f.num(x, 0), "h")] },
      { name: t.hours, cls: "r" }, { name: t.displaced, cls: "r" }],
    rows.map((x) => {
      const e = est(x.hours_per_week), d = est(x.displaced);
      return [h("b", {}, group(x)), t.kinds[x.category] ?? x.category, e ? interval(axis, e, t.intervalWords(f.num(e.mean, 1), f.range(e.lo, e.hi, 1)), "ink") : null,
        e ? f.num(e.mean, 1) : t.noValue, d ? [f.num(d.mean, 1), h("span.sub", {}, f.range(d.lo, d.hi, 1))] : t.noValue];
    })))];
}
