// The chain: the moments as rails over the part of the deal they decide, above the river of deals.
import { h, s, type Child } from "./dom";
import { mean, type Doc, type Stage } from "./document";
import { pageHref } from "./state";
import { drill, faults, momentName, momentSums, personsShown, type MomentSum, type View } from "./parts";

interface Column { stage: Stage; x: number; y: number; won: number; forward: number; stalled: number; lost: number }

const WIDTH = 1014, LEFT = 150, RIGHT = 74, TOP = 84;

/** Of the deals that entered, in whole deals: the shares at the horizon, open deals with their likely outcome. */
const count = (stage: Stage, share: "won" | "lost" | "stalled" | "forward") => stage.entered * mean(stage[share]);

export const wonAtHorizon = (doc: Doc): number => doc.stages.reduce((sum, x) => sum + count(x, "won"), 0);

/** First and last stage that a moment decides over; -1: before the deal. */
function reach(doc: Doc, moment: string): [number, number] {
  const last = doc.stages.length - 1;
  const note = (doc.inferred as { note?: string; args?: string[] }[]).find((x) => x.note?.startsWith("Decision stages"));
  const names = note?.args?.[1]?.split(" > ") ?? [];
  const first = doc.stages.findIndex((x) => names.includes(x.stage));
  switch (moment) {
    case "prospecting": return [-1, -1];
    case "qualification": return [0, 0];
    case "decision_steering": return [first < 0 ? Math.max(0, last - 1) : first, last];
    default: return [Math.min(1, last), last];
  }
}

/** What a moment's leaks cost a year: what is told of it where persons are not. */
const cost = (doc: Doc, moment: string): number => doc.leaks.filter((x) => x.moment === moment).reduce((n, x) => n + mean(x.value_per_year), 0);

function railText(v: View, sum: MomentSum): string {
  if (!personsShown(v.doc)) return cost(v.doc, sum.moment) > 0 ? v.t.leaksCost(v.f.money(cost(v.doc, sum.moment))) : v.t.noLeak;
  if (!sum.judged) return sum.why || v.t.cannotBeJudged;
  const done = sum.done === null ? "" : v.t.doneShare(v.f.pct(sum.done));
  const n = faults(sum);
  return n ? v.t.doneAndFaults(done, v.f.int(n), v.f.int(sum.all)) : done;
}

function rails(v: View, columnX: (i: number) => number, width: number): { nodes: SVGElement[]; height: number } {
  const shown = personsShown(v.doc), sums = momentSums(v.doc), weight = (sum: MomentSum) => (shown ? faults(sum) : cost(v.doc, sum.moment));
  const worst = Math.max(...sums.map(weight), shown ? 1 : 0.01);
  const order = ["prospecting", "qualification", "next_step", "objection_handling", "decision_steering"];
  const rowEnd: number[] = [];
  const nodes = order.map((moment) => {
    const sum = sums.find((x) => x.moment === moment)!;
    const [from, to] = reach(v.doc, moment);
    const x0 = from < 0 ? 0 : columnX(from), x1 = to < 0 ? LEFT - 10 : columnX(to + 1) - 10;
    const text = railText(v, sum), room = Math.max(momentName(v, moment).length * 8.2, text.length * 7.2) + 14;
    let row = rowEnd.findIndex((end) => end <= x0);
    if (row < 0) row = rowEnd.length;
    rowEnd[row] = Math.max(x1, Math.min(x0 + room, width)) + 6;
    const y = row * 50, told = !shown || sum.judged > 0, worstHere = told && weight(sum) === worst;
    return s("g", {}, s(told ? "text.t.tb" : "text.t3.tb", { x: x0, y: y + 17 }, momentName(v, moment)),
      s("text.t2", { x: x0, y: y + 35 }, text),
      s(told ? (worstHere ? "line.rail-worst" : "line.rail") : "line.rail-none", { x1: x0, x2: x1, y1: y + 44, y2: y + 44 }));
  });
  return { nodes, height: rowEnd.length * 50 };
}

/** A branch that bends down and out: outer edge `outer` from the bend's centre, `thick` wide. */
function branch(x: number, inner: number, thick: number, centre: number, base: number): string {
  const outer = inner + thick;
  return `M${x} ${centre - outer}H${x + 6}A${outer} ${outer} 0 0 1 ${x + 6 + outer} ${centre}V${base}` +
    `H${x + 6 + inner}V${centre}A${inner} ${inner} 0 0 0 ${x + 6} ${centre - inner}H${x}Z`;
}

function wide(v: View): SVGElement {
  const { doc, f, t } = v, n = doc.stages.length, step = (WIDTH - LEFT - RIGHT) / n;
  const columnX = (i: number) => LEFT + step * i;
  const first = Math.max(...doc.stages.map((x) => x.entered), 1);
  const bent = Math.max(...doc.stages.map((x) => count(x, "lost") + count(x, "stalled")), 1);
  const scale = Math.min(144 / first, (step - 34) / bent);
  const rail = rails(v, columnX, WIDTH);
  const top = rail.height + 14, river = top + TOP;
  let y = river;
  const columns: Column[] = doc.stages.map((stage, i) => {
    const c = { stage, x: columnX(i), y, won: scale * count(stage, "won"), forward: scale * count(stage, "forward"),
      stalled: scale * count(stage, "stalled"), lost: scale * count(stage, "lost") };
    y += c.won;
    return c;
  });
  const wonX = columnX(n), won = wonAtHorizon(doc);
  const bendOf = (c: Column) => 9.5 + c.lost + c.stalled;
  const base = Math.max(...columns.map((c) => c.y + c.won + c.forward + bendOf(c))) + 12;
  const parts = columns.map((c, i) => {
    const at = c.y + c.won + c.forward, centre = at + bendOf(c), x = c.x + 10;
    return [
      c.won > 0.3 ? s("rect.won", { x, y: c.y, width: wonX - x, height: c.won }) : null,
      c.forward > 0.3 && i + 1 < n ? s("rect.living", { x, y: c.y + c.won, width: columnX(i + 1) - x, height: c.forward }) : null,
      c.stalled > 0.3 ? s("path.stalled", { d: branch(x, 9.5 + c.lost, c.stalled, centre, base) }) : null,
      c.lost > 0.3 ? s("path.lost", { d: branch(x, 8, c.lost, centre, base) }) : null,
      s("rect.entered", { x: c.x, y: c.y, width: 10, height: Math.max(1.5, scale * c.stage.entered) }),
      s("text.t3", { x: c.x, y: top + 28 }, shortened(c.stage.stage, step)),
      behind(v, s("text.t.tb.key", { x: c.x, y: top + 50 }, f.int(c.stage.entered)), c.stage.stage, ""),
      behind(v, s("text.t2", { x: c.x, y: base + 22 }, t.nLost(f.int(count(c.stage, "lost")))), c.stage.stage, "lost"),
      behind(v, s("text.t.tb", { x: c.x, y: base + 42 }, t.nStalled(f.int(count(c.stage, "stalled")))), c.stage.stage, "open"),
    ];
  });
  return s("svg.desk.chain", { viewBox: `0 0 ${WIDTH} ${base + 50}`, role: v.app ? "group" : "img",
    "aria-label": t.chainLabel(f.int(doc.data.activities), f.int(doc.data.deals), f.int(won)) },
  rail.nodes, s("line.rule", { x1: 0, x2: WIDTH, y1: rail.height + 18, y2: rail.height + 18 }),
  s("text.t3", { x: 0, y: top + 28 }, t.activities), s("text.t.tb.key", { x: 0, y: top + 50 }, f.int(doc.data.activities)),
  t.activityKinds.map((line, i) => s("text.t3", { x: 0, y: river + 14 + 18 * i }, line)),
  parts, s("rect.entered", { x: wonX, y: river, width: 10, height: Math.max(1.5, y - river) }),
  s("text.t3", { x: wonX, y: top + 28 }, t.wonDeals), behind(v, s("text.t.tb.key", { x: wonX, y: top + 50 }, f.int(won)), "", "won"));
}

/** In the application a count leads to the deals behind it. */
const behind = (v: View, node: SVGElement, stage: string, outcome: string): SVGElement =>
  (v.app?.may("deals") && !v.printed ? s("a.drill", { href: pageHref(v.state, "rows", { stage, outcome }) }, node) : node);

const shortened = (name: string, room: number) => {
  const most = Math.floor(room / 7.4);
  return name.length <= most ? name : name.slice(0, most - 1) + "\u2026";
};

function narrow(v: View): HTMLElement {
  const { doc, f, t } = v, first = Math.max(...doc.stages.map((x) => x.entered), 1);
  const bar = (parts: [string, number][]) => {
    let x = 0;
    return s("svg.bar", { viewBox: "0 0 100 16", preserveAspectRatio: "none", "aria-hidden": "true" }, parts.map(([cls, n]) => {
      const w = (100 * n) / first, node = s(`rect.${cls}`, { x, y: 0, width: Math.max(0, w), height: 16 });
      x += w;
      return node;
    }));
  };
  const row = (name: Child, n: Child, graph: SVGElement, under: string) =>
    h("tr", {}, h("th", { scope: "row" }, name, h("span.sub", {}, n)), h("td", {}, graph, h("span.sub", {}, under)));
  const won = wonAtHorizon(doc);
  return h("table.bars", {}, h("caption.vh", {}, t.chainCaption), h("tbody", {},
    doc.stages.map((x) => row(x.stage, drill(v, f.int(x.entered), { stage: x.stage }),
      bar([["living", count(x, "forward")], ["won-solid", count(x, "won")], ["stalled", count(x, "stalled")], ["lost", count(x, "lost")]]),
      t.lostAndStalled(f.int(count(x, "lost")), f.int(count(x, "stalled"))))),
    row(t.wonDeals, drill(v, f.int(won), { outcome: "won" }), bar([["won-solid", won]]), t.ofStarted(f.pct(won / Math.max(1, doc.stages[0]?.entered ?? 1))))));
}

function momentList(v: View): HTMLElement {
  return h("table.bars", {}, h("caption.cap", {}, v.t.momentsCaption), h("tbody", {}, momentSums(v.doc).map((sum) =>
    h("tr", {}, h("th", { scope: "row" }, momentName(v, sum.moment)), h("td", {},
      sum.done === null ? h("span.sub", {}, railText(v, sum)) : [
        s("svg.bar.thin", { viewBox: "0 0 100 4", preserveAspectRatio: "none", "aria-hidden": "true" },
          s("rect.track", { x: 0, y: 0, width: 100, height: 4 }), s("rect.ctl", { x: 0, y: 0, width: 100 * sum.done, height: 4 })),
        h("span.sub", {}, railText(v, sum))])))));
}

/** Drawn as a river where there is one order of stages and room for it; as bars elsewhere. */
export function chain(v: View): Child[] {
  const { stages } = v.doc;
  const one = stages.every((x, i) => i === 0 || x.position > (stages[i - 1]?.position ?? 0));
  if (one && stages.length <= 7 && v.wide) return [wide(v)];
  return [narrow(v), momentList(v)];
}
