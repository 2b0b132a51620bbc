// Time in each stage: when those went on that did, and when those were lost. Line 80 %, block the middle half, tick the median; no means.
import { h, rich, s, type Child } from "./dom";
import type { Stage } from "./document";
import { allHere, asTable, axisOf, section, type View } from "./parts";

const W = 1014, ROW = 62;

const timed = (v: View): Stage[] => v.doc.stages.filter((x) => x.on_days?.length === 5 || x.lost_days?.length === 5);

/** The stage in which a deal is soonest rather dead than alive; decisive only where a yes comes faster than a no. */
export function turning(v: View): Stage | null {
  const list = v.doc.stages.filter((x) => typeof x.turn_day === "number" && x.on_days?.length === 5);
  return list.sort((a, b) => (a.turn_day ?? 0) - (b.turn_day ?? 0))[0] ?? null;
}

export const quick = (x: Stage): boolean => !!x.on_days && !!x.lost_days && (x.on_days[2] ?? 0) < (x.lost_days[2] ?? 0);

export function times(v: View): HTMLElement | null {
  const { t, f } = v, list = timed(v);
  if (!list.length) return null;
  const most = Math.max(...list.flatMap((x) => [x.on_days?.[4] ?? 0, x.lost_days?.[4] ?? 0])), axis = axisOf([{ mean: most, lo: 0, hi: most }], 0);
  const width = v.wide ? W : 380, left = v.wide ? 150 : 8, right = v.wide ? 236 : 14, head = 34, row = v.wide ? ROW : 78;
  const px = (day: number) => left + ((width - left - right) * Math.min(day, axis.hi)) / axis.hi;
  const box = (days: number[], y: number, cls: string) => [s(`line.${cls}-l`, { x1: px(days[0]!), x2: px(days[4]!), y1: y, y2: y }),
    s(`rect.${cls}`, { x: px(days[1]!), y: y - 4, width: Math.max(2, px(days[3]!) - px(days[1]!)), height: 8 }), s("line.tick", { x1: px(days[2]!), x2: px(days[2]!), y1: y - 6, y2: y + 6 })];
  const last = axis.marks.length - 1;
  const svg = s("svg.times", { viewBox: `0 0 ${width} ${head + row * list.length}`, role: "img", "aria-label": list.map((x) => `${x.stage}: ${t.timesRow(f.days(x.on_days?.[2] ?? 0), f.days(x.lost_days?.[2] ?? 0))}`).join("; ") },
    axis.marks.map((day, i) => [s("line.grid", { x1: px(day), x2: px(day), y1: head - 8, y2: head + row * list.length }), s("text.t3", { x: px(day), y: 14, "text-anchor": i === last ? "end" : i ? "middle" : "start" }, i === last ? t.nDays(f.days(day)) : f.days(day))]),
    list.map((x, i) => {
      const y = head + row * i, one = v.wide ? y + 20 : y + 34, two = one + 22;
      return [s("line.rule", { x1: 0, x2: width, y1: y + row - 2, y2: y + row - 2 }), s("text.t.tb", { x: 0, y: y + (v.wide ? 24 : 14) }, x.stage),
        v.wide ? s("text.t3", { x: 0, y: y + 44 }, t.nDeals(f.int(x.entered))) : null,
        x.on_days ? box(x.on_days, one, "went") : null, x.lost_days ? box(x.lost_days, two, "ended") : null,
        v.wide ? [x.on_days ? [s("text.t2", { x: W - 212, y: one + 5 }, t.timesOn), s("text.t2", { x: W, y: one + 5, "text-anchor": "end" }, t.timesHalf(f.days(x.on_days[2]!)))] : null,
          x.lost_days ? [s("text.t.tb", { x: W - 212, y: two + 5 }, t.timesLost), s("text.t.tb", { x: W, y: two + 5, "text-anchor": "end" }, t.timesHalf(f.days(x.lost_days[2]!)))] : null]
          : s("text.t2", { x: width, y: y + 14, "text-anchor": "end" }, t.timesRow(f.days(x.on_days?.[2] ?? 0), f.days(x.lost_days?.[2] ?? 0)))];
    }));
  const cells = (days: number[] | null | undefined): Child[] => (days ? [f.days(days[2]!), f.range(days[1]!, days[3]!), f.range(days[0]!, days[4]!)] : [t.noValue, t.noValue, t.noValue]);
  return section(v, t.timesSection, allHere(v), "times", h("p.cap", {}, rich(t.timesCaption)), svg,
    asTable(v, "tm", [{ name: t.stage }, { name: t.what }, { name: t.timesMiddle, cls: "r" }, { name: t.timesBlock, cls: "r" }, { name: t.timesLine, cls: "r" }],
      list.flatMap((x) => [[x.stage, t.timesOn, ...cells(x.on_days)], [x.stage, t.timesLost, ...cells(x.lost_days)]]), t.timesSection));
}
