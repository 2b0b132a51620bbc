// Shares of the differences: one bar of six parts in fixed order, so that they can be compared over time; words and intervals under it.
import { s, type Child } from "./dom";
import type { Estimate } from "./document";
import type { View } from "./parts";

export const PARTS = ["seller", "team", "activity", "mix", "market", "chance"] as const;

const W = 1014, GROUPS = [[0, 3], [3, 5], [5, 6]] as const;

/** Where labels begin: at their parts, moved aside as little as keeps them apart and inside. */
function places(at: number[], room: number[]): number[] {
  const x = [...at];
  for (let i = 1; i < x.length; i++) x[i] = Math.max(x[i]!, x[i - 1]! + room[i - 1]!);
  for (let i = x.length - 1, end = W; i >= 0; i--) { x[i] = Math.min(x[i]!, end - room[i]!); end = x[i]!; }
  return x;
}

export function shareBar(v: View, share: Estimate[], label: string, groups: string[]): SVGElement {
  const { t, f } = v, sum = share.reduce((n, e) => n + Math.max(0, e.mean), 0) || 1;
  let from = 0;
  const at = share.map((e) => { const x = from; from += (W * Math.max(0, e.mean)) / sum; return x; }), width = share.map((e) => (W * Math.max(0, e.mean)) / sum);
  const name = PARTS.map((key) => t.shares[key] ?? key), range = share.map((e) => f.pctRange(e));
  const room = PARTS.map((_, i) => Math.max(8.2 * name[i]!.length, 7.4 * range[i]!.length) + 18);
  GROUPS.forEach(([a, b], g) => { const need = 7.4 * groups[g]!.length + 18, got = room.slice(a, b).reduce((n, x) => n + x, 0); if (need > got) room[b - 1] = room[b - 1]! + need - got; });
  const x = places(at, room), edge = [...x, W];
  return s("svg.shares", { viewBox: `0 0 ${W} 184`, role: "img", "aria-label": label },
    s("defs", {}, s("pattern", { id: "hatch", width: 7, height: 7, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" }, s("rect.hatch", { width: 1.5, height: 7 }))),
    PARTS.map((_, i): Child => [s(`rect.part${i + 1}`, { x: at[i], y: 0, width: Math.max(2, width[i]! - 2), height: 56 }),
      s("path.lead", { d: `M${(at[i]! + 0.5).toFixed(1)} 56V62L${(x[i]! + 0.5).toFixed(1)} 74V80` }),
      s("text.t.tb", { x: x[i], y: 96 }, name[i]), s("text.t", { x: x[i], y: 116 }, f.pct(share[i]!.mean)), s("text.t3", { x: x[i], y: 136 }, range[i])]),
    GROUPS.map(([a, b], g): Child => [s("line.axis", { x1: edge[a], x2: edge[b]! - 14, y1: 154, y2: 154 }), s("text.t2", { x: edge[a], y: 174 }, groups[g])]));
}
