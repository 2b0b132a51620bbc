// Time: hours a week by kind, and what internal work displaces.
import { h, s, type Child } from "../dom";
import { est, type Estimate, type TimeRow } from "../document";
import { answerOf, axisColumn, axisOf, head, interval, refusal, say2, sayRefusal, scope, section, table, teamName, teamScope, ofTeam, type View } from "../parts";
import { href } from "../state";

const KINDS = ["customer", "focus", "travel", "internal", "admin", "other"];

/** One bar a group: customer and own work in the accent, the rest in greys, always in the same order. */
function bar(v: View, rows: TimeRow[], most: number): SVGElement {
  let x = 0;
  const words = rows.map((r) => `${v.t.kinds[r.category] ?? r.category} ${v.f.num(r.hours_per_week ?? 0, 1)}`).join(", ");
  return s("svg.bar", { viewBox: "0 0 100 16", preserveAspectRatio: "none", role: "img", "aria-label": words }, KINDS.map((kind, i) => {
    const w = (100 * (rows.find((r) => r.category === kind)?.hours_per_week ?? 0)) / most, node = s(`rect.time${i}`, { x, y: 0, width: w, height: 16 });
    x += w;
    return node;
  }));
}

function groups(v: View): HTMLElement {
  const { doc, t, f } = v, name = new Map<string, TimeRow[]>();
  for (const row of doc.time.filter((x) => ofTeam(v, x.team_id))) {
    const key = row.seller_id ? `s:${row.seller_id}` : row.team_id ? `t:${row.team_id}` : "";
    name.set(key, [...(name.get(key) ?? []), row]);
  }
  const sum = (rows: TimeRow[]) => rows.filter((r) => r.category !== "absence").reduce((n, r) => n + (r.hours_per_week ?? 0), 0);
  const most = Math.max(1, ...[...name.values()].map(sum));
  const order = [...name.keys()].sort((a, b) => (a[0] ?? "").localeCompare(b[0] ?? "") * (a && b ? -1 : 1) || a.localeCompare(b, v.f.lang, { numeric: true }));
  const shown = order.filter((key) => KINDS.some((kind) => name.get(key)!.some((r) => r.category === kind)));
  const kinds = KINDS.filter((kind) => doc.time.some((r) => r.category === kind && r.hours_per_week));
  const cell = (rows: TimeRow[], kind: string) => { const r = rows.find((x) => x.category === kind); return typeof r?.hours_per_week === "number" ? f.num(r.hours_per_week, 1) : t.noValue; };
  const label = (key: string): Child => !key ? h("b", {}, t.everyone) : key.startsWith("t:") ? h("b", {}, teamName(v, key.slice(2)))
    : h("a", { href: href(v.state, { page: "sellers", arg: key.slice(2), open: [] }) }, key.slice(2));
  const rows = (keys: string[]) => keys.map((key): Child[] => [label(key), bar(v, name.get(key)!, most), ...kinds.map((kind) => cell(name.get(key)!, kind)), h("b", {}, f.num(sum(name.get(key)!), 1))]);
  const columns = () => [{ name: t.group }, { name: h("span.vh", {}, t.hours) }, ...kinds.map((kind) => ({ name: t.kinds[kind] ?? kind, cls: "r" })), { name: t.sum, cls: "r" }];
  const people = shown.filter((key) => key.startsWith("s:")), sums = shown.filter((key) => !key.startsWith("s:"));
  return section(v, t.timeSection, t.timeAside, "time",
    h("ul.legend", {}, kinds.map((kind) => h("li", {}, s("svg", { width: 16, height: 12, viewBox: "0 0 16 12", "aria-hidden": "true" }, s(`rect.time${KINDS.indexOf(kind)}`, { width: 16, height: 12 })), t.kinds[kind] ?? kind))),
    sums.length ? h("div.fig", {}, table("st ti", columns(), rows(sums))) : null,
    people.length ? h("details.rows", { open: v.printed || !sums.length }, h("summary", {}, t.showSellers(f.int(people.length))), h("div.fig", {}, table("st ti", columns(), rows(people)))) : null);
}

function displaced(v: View): HTMLElement | null {
  const list = v.doc.time.flatMap((x) => x.displaced ?? []), { t, f } = v;
  if (!list.length) return null;
  const ten = (e: Estimate | null) => (e ? { mean: 10 * e.mean, lo: 10 * e.lo, hi: 10 * e.hi } : null), all = list.map((x) => ten(est(x.per_hour))), axis = axisOf(all, 230), seen = list.filter((x) => x.seen);
  return section(v, t.displacedSection, t.displacedAside, "time", say2(seen.length ? t.displacedFinding(f.int(seen.length), f.int(list.length)) : t.displacedNone),
    h("div.fig", {}, table("st di", [{ name: t.what }, axisColumn(v, axis, (x) => f.tick(x, 2), ""), { name: t.perHour, cls: "r" }],
      list.map((x, i) => [t.taken[x.what] ? [h("b", {}, t.taken[x.what]), h("span.sub", {}, x.seen ? (typeof x.usual === "number" ? t.usualWeek(f.num(x.usual, 1)) : "") : t.noChange)] : x.text, all[i] ? interval(axis, all[i]!, t.intervalWords(f.num(all[i]!.mean, 1), f.range(all[i]!.lo, all[i]!.hi, 1)), x.seen ? "ink" : "ring") : null,
        all[i] ? [h("b", {}, f.num(all[i]!.mean, 1)), h("span.sub.nb", {}, f.range(all[i]!.lo, all[i]!.hi, 1))] : t.noValue]))));
}

export function time(v: View): Child[] {
  const { doc, t, f } = v, a = answerOf(v, "Q8");
  if (!doc.time.length) return [scope(v), head(v, t.pages.time, sayRefusal(v, "Q8"), null), section(v, t.timeSection, null, "time", refusal(v, "Q8", 1))];
  const whole = doc.time.filter((x) => !x.seller_id && !x.team_id), of = (keep: (x: TimeRow) => boolean) => whole.filter(keep).reduce((n, x) => n + (x.hours_per_week ?? 0), 0);
  return [scope(v, teamScope(v)), head(v, t.pages.time, whole.length ? t.timeFinding(f.num(of((x) => x.category === "customer"), 1), f.num(of((x) => x.category !== "absence"), 1),
    f.num(of((x) => x.category === "internal" || x.category === "admin"), 1)) : t.timeSellers, a?.why ? h("p.cert", {}, h("span", {}, a.why)) : null), groups(v), displaced(v)];
}
