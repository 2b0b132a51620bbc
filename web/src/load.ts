// How often one seller does what a moment asks for, by the hours of internal work in the week: what a verdict of pressure rests on.
import { h, rich, s } from "./dom";
import { est, type LoadCurve } from "./document";
import { asTable, type View } from "./parts";

const W = 1014, H = 290, LEFT = 60, TOP = 34, BOTTOM = 48, Z = 1.645;

/** 90 % limits of a share (Wilson). */
function limits(done: number, n: number): [number, number] {
  const p = done / n, half = Z * Math.sqrt((p * (1 - p)) / n + (Z * Z) / (4 * n * n)), middle = p + (Z * Z) / (2 * n), by = 1 + (Z * Z) / n;
  return [Math.max(0, (middle - half) / by), Math.min(1, (middle + half) / by)];
}

export function loadCurve(v: View, load: LoadCurve, who: string, moment: string): HTMLElement | null {
  const { t, f } = v, points = load.points.flatMap((p) => { const e = est(p.done); return e ? [{ hours: p.hours, usual: p.usual, e }] : []; });
  const first = points[0], last = points[points.length - 1];
  if (!first || !last || last.hours <= first.hours) return null;
  const width = v.wide ? W : 380, right = v.wide ? 190 : 14, most = Math.ceil(last.hours / 4) * 4;
  const px = (hours: number) => LEFT + ((width - LEFT - right) * hours) / most, py = (share: number) => H - BOTTOM - (H - TOP - BOTTOM) * share;
  const path = (y: (p: (typeof points)[number]) => number, list = points) => list.map((p) => `${px(p.hours).toFixed(1)} ${py(y(p)).toFixed(1)}`).join("L");
  const seen = load.recorded.filter((w) => w.n > 0).map((w) => ({ ...w, share: w.done / w.n, limits: limits(w.done, w.n) }));
  const ends: [number, number] = [py(last.e.mean), py(last.usual)], close = Math.abs(ends[0] - ends[1]) < 20;
  const label = t.loadLabel(f.pct(first.e.mean), f.num(first.hours, 0), f.pct(last.e.mean), f.num(last.hours, 0));
  const svg = s("svg.curve", { viewBox: `0 0 ${width} ${H}`, role: "img", "aria-label": label },
    [0, 0.5, 1].map((share) => [s("line.grid", { x1: LEFT, x2: width - right, y1: py(share), y2: py(share) }), s("text.t3", { x: LEFT - 8, y: py(share) + 5, "text-anchor": "end" }, f.pct(share))]),
    s("text.t3", { x: 0, y: 14 }, t.loadUnit),
    s("path.band", { d: `M${path((p) => p.e.hi)}L${path((p) => p.e.lo, [...points].reverse())}Z` }),
    s("path.same", { d: `M${path((p) => p.usual)}` }), s("path.line", { d: `M${path((p) => p.e.mean)}` }),
    seen.map((w) => [s("line.seen-l", { x1: px(w.hours), x2: px(w.hours), y1: py(w.limits[1]), y2: py(w.limits[0]) }), s("circle.seen", { cx: px(w.hours), cy: py(w.share), r: 4.5 })]),
    s("line.axis", { x1: LEFT, x2: width - right, y1: py(0), y2: py(0) }),
    [0, 1, 2, 3, 4].map((i) => [s("line.axis", { x1: px((i * most) / 4), x2: px((i * most) / 4), y1: py(0), y2: py(0) + 4 }), s("text.t3", { x: px((i * most) / 4), y: H - 24, "text-anchor": "middle" }, f.int((i * most) / 4))]),
    s("text.t3", { x: (LEFT + width - right) / 2, y: H - 6, "text-anchor": "middle" }, t.loadHours),
    v.wide ? [s("text.t.tb", { x: px(last.hours) + 12, y: ends[0] + (close && ends[0] >= ends[1] ? 14 : 5) }, who), s("text.t2", { x: px(last.hours) + 12, y: ends[1] + (close && ends[0] < ends[1] ? 14 : close ? -6 : 5) }, t.loadUsual)] : null);
  return h("div.fig", {}, h("p.cap", {}, rich(t.loadCaption(moment))), svg, v.wide ? null : h("p.note", {}, t.loadPhone(who)),
    asTable(v, "tm", [{ name: t.what }, { name: t.loadHours, cls: "r" }, { name: t.loadShare, cls: "r" }, { name: t.interval, cls: "r" }, { name: t.loadUsual, cls: "r" }],
      [...points.map((p) => [t.loadJudged, f.num(p.hours, 1), f.pct(p.e.mean), f.pctRange(p.e), f.pct(p.usual)]),
        ...seen.map((w) => [t.loadRecorded(f.int(w.done), f.int(w.n)), f.num(w.hours, 1), f.pct(w.share), f.pctRange({ mean: w.share, lo: w.limits[0], hi: w.limits[1] }), t.noValue])], label));
}
