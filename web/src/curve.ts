// What a week's contacts give: own deals against contacts, as the model has them, drawn where there are weeks to know it from.
import { h, rich, s, type Child } from "./dom";
import { est, type Doc } from "./document";
import { asTable, type View } from "./parts";

const W = 1014, H = 300, LEFT = 52, TOP = 34, BOTTOM = 48;

interface Curve { x: number; lo: number; hi: number; at(contacts: number, e: number): number }

/** Deals go as contacts to the power of the elasticity, through the mean week. */
function curveOf(doc: Doc): Curve | null {
  const c = doc.activity?.curve, e = est(doc.activity?.elasticity);
  if (!c || !e || !(c.contacts > 0) || !(c.per_contact > 0) || !(e.mean > 0) || !(c.high > c.low)) return null;
  const base = (c.per_contact * c.contacts) / e.mean;
  return { x: c.contacts, lo: c.low, hi: c.high, at: (contacts, power) => base * (contacts / c.contacts) ** power };
}

export function curve(v: View): Child {
  const { doc, t, f } = v, c = curveOf(doc), e = est(doc.activity?.elasticity);
  if (!c || !e) return null;
  const width = v.wide ? W : 380, right = v.wide ? 212 : 14, steps = 40;
  const xs = Array.from({ length: steps + 1 }, (_, i) => c.lo + ((c.hi - c.lo) * i) / steps);
  const edge = (x: number, high: boolean) => Math[high ? "max" : "min"](c.at(x, e.lo), c.at(x, e.hi));
  const raw = Math.max(...xs.map((x) => Math.max(edge(x, true), c.at(x, 1)))) / 3, ten = 10 ** Math.floor(Math.log10(raw));
  const step = ([1, 2, 2.5, 5, 10].find((k) => k * ten >= raw) ?? 10) * ten, most = 3 * step;
  const px = (x: number) => LEFT + ((width - LEFT - right) * (x - c.lo)) / (c.hi - c.lo), py = (y: number) => H - BOTTOM - ((H - TOP - BOTTOM) * Math.min(y, most)) / most;
  const path = (y: (x: number) => number, list = xs) => list.map((x) => `${px(x).toFixed(1)} ${py(y(x)).toFixed(1)}`).join("L");
  const digits = step < 0.1 ? 2 : step < 1 ? 1 : 0, end = xs[steps]!;
  const ticks = [c.lo, (c.lo + c.hi) / 2, c.hi].map((x) => Math.round(x));
  const same = py(c.at(end, 1)), estimate = py(c.at(end, e.mean)), apart = Math.abs(same - estimate) < 22;
  const svg = s("svg.curve", { viewBox: `0 0 ${width} ${H}`, role: "img", "aria-label": t.curveLabel(f.num(c.x, 0), f.num(c.at(c.x, e.mean), 2)) },
    [0, 1, 2, 3].map((i) => [s("line.grid", { x1: LEFT, x2: width - right, y1: py(i * step), y2: py(i * step) }), s("text.t3", { x: LEFT - 8, y: py(i * step) + 5, "text-anchor": "end" }, f.num(i * step, digits))]),
    s("text.t3", { x: LEFT - 30, y: 14 }, t.curveUnit),
    s("path.band", { d: `M${path((x) => edge(x, true))}L${path((x) => edge(x, false), [...xs].reverse())}Z` }),
    s("path.same", { d: `M${path((x) => c.at(x, 1))}` }), s("path.line", { d: `M${path((x) => c.at(x, e.mean))}` }),
    s("line.here", { x1: px(c.x), x2: px(c.x), y1: v.wide ? TOP - 8 : TOP, y2: H - BOTTOM }), s("text.t.tb", { x: px(c.x) + 6, y: v.wide ? TOP - 8 : TOP + 14 }, t.curveHere(f.tick(c.x, 1))),
    s("line.axis", { x1: LEFT, x2: width - right, y1: py(0), y2: py(0) }),
    ticks.map((x, i) => [s("line.axis", { x1: px(x), x2: px(x), y1: py(0), y2: py(0) + 4 }), s("text.t3", { x: px(x), y: H - 24, "text-anchor": i === 2 && !v.wide ? "end" : "middle" }, f.int(x))]),
    s("text.t3", { x: (LEFT + width - right) / 2, y: H - 6, "text-anchor": "middle" }, t.curveContacts),
    v.wide ? [s("text.t", { x: width - right + 12, y: estimate + (apart ? 14 : 5) }, t.curveExpected), s("text.t2", { x: width - right + 12, y: same + (apart ? -8 : 5) }, t.curveSame)] : null);
  const shown = [...new Set([c.lo, c.x, c.hi].map((x) => Math.round(x)))];
  return h("div.fig", {}, h("p.cap", {}, rich(t.curveCaption(f.int(c.lo), f.int(c.hi)))), svg, v.wide ? null : h("p.note", {}, t.curvePhone),
    asTable(v, "tm", [{ name: t.curveContacts }, { name: t.curveUnit, cls: "r" }, { name: t.interval, cls: "r" }],
      shown.map((x) => [f.int(x), f.num(c.at(x, e.mean), 2), f.range(edge(x, false), edge(x, true), 2)]), t.curveLabel(f.num(c.x, 0), f.num(c.at(c.x, e.mean), 2))));
}
