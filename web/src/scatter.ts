// Activity against result, a point a seller, without names: what the same activity comes to. Differences between sellers are no effect.
import { h, rich, s, type Child } from "./dom";
import { est } from "./document";
import { asTable, axisOf, say2, section, type View } from "./parts";

const W = 1014, H = 340, LEFT = 52, TOP = 40, BOTTOM = 48, LEAST = 5;

interface Point { x: number; y: number }

function drawing(v: View, points: Point[], low: number, high: number): Child {
  const { t, f } = v, width = v.wide ? W : 380, right = 14, top = Math.max(...points.map((p) => p.y));
  const xs = points.map((p) => p.x), x = axisOf([], 0, { lo: Math.floor(Math.min(...xs)), hi: Math.ceil(Math.max(...xs)) }), y = axisOf([{ mean: top, lo: 0, hi: top }], 0);
  const px = (n: number) => LEFT + ((width - LEFT - right) * (n - x.lo)) / (x.hi - x.lo), py = (n: number) => H - BOTTOM - ((H - TOP - BOTTOM) * (n - y.lo)) / (y.hi - y.lo);
  const inside = (p: Point) => p.x >= low && p.x <= high, middle = (px(low) + px(high)) / 2, words = t.sameBand(f.tick(low, 1), f.tick(high, 1)), half = words.length * 3.6;
  const svg = s("svg.scatter", { viewBox: `0 0 ${width} ${H}`, role: "img", "aria-label": t.scatterLabel(f.int(points.length)) },
    s("rect.open", { x: px(low) - 7, y: TOP, width: px(high) - px(low) + 14, height: H - TOP - BOTTOM }),
    y.marks.map((n) => [s("line.grid", { x1: LEFT, x2: width - right, y1: py(n), y2: py(n) }), s("text.t3", { x: LEFT - 8, y: py(n) + 5, "text-anchor": "end" }, f.axis(n, top))]),
    s("text.t3", { x: LEFT - 30, y: 14 }, t.scatterUnit(f.unit(top))),
    s("text.t.tb", { x: Math.min(Math.max(middle, LEFT + half), width - half), y: TOP - 8, "text-anchor": "middle" }, words),
    points.map((p) => s(inside(p) ? "circle.dot" : "circle.ring", { cx: px(p.x), cy: py(p.y), r: 5 })),
    s("line.axis", { x1: LEFT, x2: width - right, y1: py(0), y2: py(0) }),
    x.marks.map((n, i) => [s("line.axis", { x1: px(n), x2: px(n), y1: py(0), y2: py(0) + 4 }), s("text.t3", { x: px(n), y: H - 24, "text-anchor": i === x.marks.length - 1 ? "end" : "middle" }, f.tick(n, 1))]),
    s("text.t3", { x: (LEFT + width - right) / 2, y: H - 6, "text-anchor": "middle" }, t.scatterContacts));
  return h("div.fig", {}, h("p.cap", {}, rich(t.scatterCaption)), svg,
    asTable(v, "tm", [{ name: t.scatterContacts }, { name: t.scatterWon, cls: "r" }], [...points].sort((a, b) => a.x - b.x).map((p) => [f.num(p.x, 1), f.money(p.y)]), t.scatterLabel(f.int(points.length))));
}

export function scatter(v: View): HTMLElement | null {
  const { doc, t, f } = v, same = doc.league?.same;
  if (!same) return null;
  const points = doc.sellers.flatMap((x) => (x.result ? [{ x: x.result.contacts, y: x.result.won }] : []));
  const more = same.worse > 0 ? same.better / same.worse : 0, chance = est(doc.attribution?.share["chance"]);
  return section(v, t.sameSection, t.sameAside, "same",
    say2(t.sameFinding(f.int(same.persons), f.tick(same.low, 1), f.tick(same.high, 1), more >= 1.95 ? f.tick(more, 1) : "", f.pct(Math.max(0, more - 1)))),
    h("p.lede", {}, t.sameWarning(chance ? f.pct(chance.mean) : "")),
    points.length >= LEAST ? drawing(v, points, same.low, same.high) : null);
}
