// The situations themselves: how hard and sharp each is by own answers, and whether it treats groups alike. Counted as a job; refused with what is missing.
import { h, type Child } from "../dom";
import type { Estimate } from "../document";
import { axisColumn, axisOf, interval, say2, section, table, type View } from "../parts";
import { ask, post, type Job } from "./api";
import { competencies } from "./profile";
import { button, field, form, later, options, progress } from "./ui";

interface Group { group: string; n: number; beside: string; m: number; judged: boolean; least: number; power: number | null; items: { item: string; size: string; harder: boolean }[] }
interface Measured {
  competency: string; persons: number; changed: number; least: number; kept: number | null; alike: Group[];
  items: { item: string; answered: number; stated: number; difficulty: Estimate; sharp: Estimate }[];
}

let last: { key: string; by: string; got: Measured } | null = null; // what was counted stays while one looks at other pages

function groups(v: View, list: Group[]): Child {
  const { f } = v, m = v.t.assess.measure, word = (x: string): string => m.languages[x] ?? x;
  return list.map((g0) => ({ ...g0, group: word(g0.group), beside: word(g0.beside) })).map((g) => [h("p.say.say-3", {}, m.beside(g.group, f.int(g.n), g.beside, f.int(g.m))), h("p.lede", {}, !g.judged ? m.notJudged(f.int(g.least))
    : [g.items.length ? g.items.map((x) => [m.sizes[x.size + (x.harder ? "Harder" : "Easier")]?.(x.item, g.group) ?? x.item, " "]) : [m.alike(g.group), " "], m.power(f.pct(g.power ?? 0))])]);
}

function found(v: View, got: Measured, keep: () => void): Child[] {
  const { f } = v, m = v.t.assess.measure, off = got.items.filter((x) => x.stated < x.difficulty.lo || x.stated > x.difficulty.hi);
  if (!got.items.length) return [say2(m.few(got.persons, f.int(got.least - got.persons))), h("p.lede", {}, m.fewWhy(f.int(got.least)))];
  const axis = axisOf([], v.wide ? 300 : 260, { lo: -4, hi: 4 });
  return [say2(off.length ? m.finding(off.length, f.int(got.items.length)) : m.findingNone), h("p.lede", {}, m.rests(f.int(got.persons)), got.changed ? [" ", m.changed(got.changed)] : null),
    h("div.fig", {}, table("st ap", [{ name: m.situation }, axisColumn(v, axis, (x) => f.tick(x, 1), ""), { name: m.stated, cls: "r" }, { name: m.sharp, cls: "r" }, { name: m.answered, cls: "r" }],
      got.items.map((x) => [h("b", {}, x.item), interval(axis, x.difficulty, m.words(f.num(x.difficulty.mean, 1), f.range(x.difficulty.lo, x.difficulty.hi, 1)), "ink", x.stated),
        f.num(x.stated, 1), [f.num(x.sharp.mean, 1), h("span.sub.nb", {}, f.range(x.sharp.lo, x.sharp.hi, 1))], f.int(x.answered)]))),
    h("p.note", {}, m.note), groups(v, got.alike), !got.alike.some((x) => x.judged) ? null : h("p.note", {}, m.groupsNote),
    got.kept ? h("p.lede", { role: "status" }, m.kept(f.int(got.kept))) : h("div.btns", {}, button(m.keep, keep))];
}

export function measure(v: View): Child {
  const m = v.t.assess.measure;
  if (!v.app?.may("import") || v.printed) return null;
  const box = h("div.result", { "aria-live": "polite" });
  const show = (...children: Child[]) => box.replaceChildren(h("div", {}, children));
  return section(v, m.name, m.aside, null, h("p.lede", {}, m.lead), later(v, `${v.f.lang} measure`, () => competencies(v), (list) => {
    const what = field(m.which, options(list.map((x): [string, string] => [x.competency, x.name]), last?.got.competency ?? "")), by = field(m.by, options([["", m.byNone], ["lang", m.byLang], ["kind", m.byKind]], last?.by ?? ""));
    for (const x of [what, by]) x.input.classList.add("mid");
    const key = () => `${what.input.value}/${by.input.value}/${by.input.value === "kind" ? v.f.lang : ""}`; // kinds of people come in words
    const run = async (keep: boolean): Promise<void> => {
      const asked = key();
      const { id } = await post<{ id: number | string }>("/api/jobs", { kind: "measure", competency: what.input.value, ...(by.input.value ? { by: by.input.value } : {}), ...(keep ? { keep } : {}) });
      show(progress(v, id, m.counting, (job: Job) => {
        if (job.state !== "done" || !job.result) { show(h("p.lede", {}, job.state === "cancelled" ? v.t.app.cancelled : job.text || v.t.app.notCounted)); return; }
        last = { key: asked, by: by.input.value, got: job.result as unknown as Measured };
        show(found(v, last.got, () => void run(true)));
      }, () => void ask("DELETE", `/api/jobs/${id}`).catch(() => undefined)));
    };
    if (last?.key === key()) show(found(v, last.got, () => void run(true)));
    return h("div.fig", {}, form(v, [h("div.inline", {}, what.node, by.node)], m.count, () => run(false)));
  }), box);
}
