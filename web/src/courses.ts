// A stage by situation, small and side by side on one scale: of those that entered, who went on or was won (from below), was lost (from
// above), is still there (the white between), and at the right edge who still stands at the horizon.
import { h, rich, s } from "./dom";
import type { Course, Stage } from "./document";
import { asTable, situationName, type View } from "./parts";

const W = 232, H = 188, LEFT = 34, RIGHT = 10, TOP = 8, BOTTOM = 26, FEW = 4;
/** What a situation says of the deal itself, easy before hard. */
const WHO = ["simple", "single", "complex", "committee"];
const order = (name: string) => name.split(", ").reduce((n, part) => n + (part === "complex" ? 2 : part === "committee" ? 1 : 0), 0);

interface Drawn { name: string; entered: number; course: Course }
const KEYS = ["day", "standing", "forward", "back", "won", "lost"] as const;
const last = (list: number[]): number => list[list.length - 1] ?? 0;

/** One course of several, by how many deals came in: of all of them together, each followed among its own. */
function together(name: string, list: Drawn[]): Drawn {
  const entered = list.reduce((n, x) => n + x.entered, 0);
  const of = (key: (typeof KEYS)[number]) => list[0]!.course[key].map((_, i) => list.reduce((sum, x) => sum + (x.entered / entered) * (x.course[key][i] ?? 0), 0));
  return { name, entered, course: Object.fromEntries(KEYS.map((key) => [key, of(key)])) as unknown as Course };
}

/** What is drawn: the situations; where they are many, by complexity and who decides, what else they differ in taken together. */
function drawn(stage: Stage): Drawn[] {
  const list = stage.situations.flatMap((x) => (x.course && x.course.day.length > 1 ? [{ name: x.situation, entered: x.entered, course: x.course }] : []));
  const kept = (name: string) => name.split(", ").filter((part) => WHO.includes(part)).join(", ");
  const groups = list.length > FEW ? [...new Set(list.map((x) => kept(x.name)))].map((name) => together(name, list.filter((x) => kept(x.name) === name))) : list;
  return groups.filter((x) => x.name).sort((a, b) => order(a.name) - order(b.name) || a.name.localeCompare(b.name));
}

function small(v: View, course: Course, name: string, said: string): SVGElement {
  const { f } = v, end = last(course.day), at = course.day.length - 1;
  const x = (day: number) => LEFT + ((W - LEFT - RIGHT) * day) / end, y = (share: number) => TOP + (H - TOP - BOTTOM) * (1 - share);
  const line = (share: (i: number) => number) => course.day.map((day, i) => `${x(day).toFixed(1)} ${y(share(i)).toFixed(1)}`);
  const area = (lower: (i: number) => number, upper: (i: number) => number) => `M${line(upper).join("L")}L${line(lower).reverse().join("L")}Z`;
  const on = (i: number) => (course.forward[i] ?? 0) + (course.won[i] ?? 0), back = (i: number) => on(i) + (course.back[i] ?? 0), lost = (i: number) => 1 - (course.lost[i] ?? 0);
  return s("svg.course", { viewBox: `0 0 ${W} ${H}`, role: "img", "aria-label": `${name}: ${said}` },
    [0, 0.5, 1].map((share) => [s("line.grid", { x1: LEFT, x2: W - RIGHT, y1: y(share), y2: y(share) }), s("text.t3", { x: LEFT - 6, y: y(share) + 5, "text-anchor": "end" }, f.int(100 * share))]),
    s("path.living", { d: area(() => 0, on) }), s("path.s1", { d: area(on, back) }), s("path.lost", { d: area(lost, () => 1) }), s("path.line", { d: `M${line(on).join("L")}` }),
    s("rect.stalled", { x: W - RIGHT, y: y(lost(at)), width: 6, height: Math.max(0, y(back(at)) - y(lost(at))) }),
    s("line.axis", { x1: LEFT, x2: W - RIGHT, y1: y(0), y2: y(0) }),
    [0, 0.5, 1].map((part) => [s("line.axis", { x1: x(part * end), x2: x(part * end), y1: y(0), y2: y(0) + 4 }),
      s("text.t3", { x: x(part * end), y: H - 6, "text-anchor": part === 1 ? "end" : "middle" }, f.days(part * end))]));
}

export function courses(v: View, stage: Stage): HTMLElement | null {
  const { t, f } = v, list = drawn(stage);
  if (list.length < 2) return null;
  const on = (x: Course, i: number) => (x.forward[i] ?? 0) + (x.won[i] ?? 0), end = last(list[0]!.course.day);
  const said = ({ course }: Drawn) => t.courseShares(f.pct(on(course, course.day.length - 1)), f.pct(last(course.lost)), f.pct(last(course.standing)));
  return h("div.fig", {}, h("p.cap.course-key", {}, h("span", {}, rich(t.courseCaption(stage.stage, f.days(end)))),
      ([["won-area", t.courseOn], ...(list.some((x) => last(x.course.back) > 0.01) ? [["s1", t.courseBack]] : []), ["still", t.courseStill], ["lost", t.courseLost], ["stalled", t.courseStalled]] as [string, string][]).map(([cls, name]) =>
        h("span.key", {}, s("svg", { width: 12, height: 12, "aria-hidden": "true" }, s(`rect.${cls}`, { x: 0.5, y: 0.5, width: 11, height: 11 })), name))),
    h("div.courses", {}, list.map((x) => h("figure", {}, h("figcaption", {}, situationName(v, x.name)), small(v, x.course, situationName(v, x.name), said(x)),
      h("p.note", {}, t.nDeals(f.int(x.entered)), h("br"), said(x))))),
    asTable(v, "tm", [{ name: t.situation }, { name: t.days, cls: "r" }, { name: t.courseOn, cls: "r" }, { name: t.courseStill, cls: "r" }, { name: t.courseBack, cls: "r" }, { name: t.courseLost, cls: "r" }],
      list.flatMap((x) => x.course.day.map((day, i) => [situationName(v, x.name), f.days(day), f.pct(on(x.course, i)), f.pct(x.course.standing[i] ?? 0),
        f.pct(x.course.back[i] ?? 0), f.pct(x.course.lost[i] ?? 0)])), t.situationsSection));
}
