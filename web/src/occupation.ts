// States over time: stacked to 100; won from below, stalled or open in the middle, lost from above.
import { h, s, type Child } from "./dom";
import { mean, type Doc } from "./document";
import { asTable, type View } from "./parts";

const W = 1014, H = 320, LEFT = 44, RIGHT = 170, TOP = 12, BOTTOM = 40;

interface Layer { name: string; cls: string; share: number[] }

function layers(doc: Doc, won: string, lost: string): Layer[] {
  const at = (state: number) => doc.occupation.share.map((row) => mean(row[state]));
  const stages = doc.occupation.states.length - 2;
  const open = Array.from({ length: stages }, (_, i) => ({ name: doc.occupation.states[i] ?? "", cls: `stage s${Math.min(i, 5)}`, share: at(i) }));
  return [{ name: won, cls: "won-area", share: at(stages) }, ...open.reverse(), { name: lost, cls: "lost", share: at(stages + 1) }];
}

export function occupation(v: View): Child[] {
  const { doc, t, f } = v, ages = doc.occupation.age_days, end = ages[ages.length - 1] ?? 0;
  if (ages.length < 2 || doc.occupation.states.length < 3) return [];
  const all = layers(doc, t.won, t.lost), width = v.wide ? W : 380, right = v.wide ? RIGHT : 12;
  const x = (days: number) => LEFT + ((width - LEFT - right) * days) / end, y = (share: number) => TOP + (H - TOP - BOTTOM) * (1 - share);
  const below = ages.map(() => 0);
  const labels: { name: string; y: number }[] = [];
  const areas = all.map((layer) => {
    const lower = [...below];
    layer.share.forEach((share, i) => { below[i] = Math.min(1, (below[i] ?? 0) + share); });
    const up = ages.map((a, i) => `${x(a).toFixed(1)} ${y(below[i] ?? 0).toFixed(1)}`);
    const down = ages.map((a, i) => `${x(a).toFixed(1)} ${y(lower[i] ?? 0).toFixed(1)}`).reverse();
    const last = ages.length - 1;
    if ((layer.share[last] ?? 0) > 0.06) labels.push({ name: `${layer.name} ${f.pct(layer.share[last] ?? 0)}`, y: y(((below[last] ?? 0) + (lower[last] ?? 0)) / 2) + 5 });
    return s(`path.${layer.cls.replace(" ", ".")}`, { d: `M${up.join("L")}L${down.join("L")}Z` });
  });
  // Each stage is named where most deals are in it.
  const inside = v.wide ? all.map((layer, k) => {
    const at = ages.reduce((best, _, i) => (i > 0 && (layer.share[i] ?? 0) > (layer.share[best] ?? 0) ? i : best), 1), share = layer.share[at] ?? 0;
    const under = all.slice(0, k).reduce((n, l) => n + (l.share[at] ?? 0), 0);
    return layer.cls.startsWith("stage") && share > 0.05 ? s("text.t2", { x: x(ages[at] ?? 0), y: y(under + share / 2) + 5, "text-anchor": "middle" }, layer.name) : null;
  }) : null;
  const tick = [0, 1, 2, 3].map((i) => Math.round((end * i) / 3));
  const svg = s("svg.occupation", { viewBox: `0 0 ${width} ${H}`, role: "img", "aria-label": t.occupationLabel(f.days(end)) },
    [0, 0.5, 1].map((share) => [s("line.grid", { x1: LEFT, x2: width - right, y1: y(share), y2: y(share) }),
      s("text.t3", { x: LEFT - 8, y: y(share) + 5, "text-anchor": "end" }, f.int(100 * share))]),
    areas, inside, s("line.axis", { x1: LEFT, x2: width - right, y1: y(0), y2: y(0) }),
    tick.map((days, i) => [s("line.axis", { x1: x(days), x2: x(days), y1: y(0), y2: y(0) + 4 }),
      s("text.t3", { x: x(days), y: H - 14, "text-anchor": i === 3 ? "end" : "middle" }, i === 3 ? t.nDays(f.days(days)) : f.days(days))]),
    v.wide ? labels.map((label) => s("text.t", { x: width - right + 12, y: label.y }, label.name)) : null);
  const columns = [{ name: t.days }, ...doc.occupation.states.slice(0, -2).map((name) => ({ name, cls: "r" })), { name: t.won, cls: "r" }, { name: t.lost, cls: "r" }];
  const rows = ages.map((a, i) => [f.days(a), ...(doc.occupation.share[i] ?? []).map((e) => f.pct(mean(e)))]);
  return [h("div.fig", {}, h("p.cap", {}, t.occupationCaption(f.days(end))), svg, v.wide ? null : h("p.note", {}, labels.map((l) => l.name).join(" \u00b7 ")),
    asTable(v, "tm", columns, rows, t.occupationLabel(f.days(end))))];
}
