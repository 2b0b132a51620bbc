// What choosing by a test is worth in money, and whether it says the same of every group.
import { h } from "../dom";
import { say2, section, type View } from "../parts";
import { post } from "./api";
import { area, field, form, text, type Field } from "./ui";

interface Worth { mean: number; lo: number; hi: number; p_pays: number; break_even: number | null }
interface Line { group: string; n: number; judged: boolean; above: number; lo: number; hi: number; p_slope: number; detectable: number }
interface Lines { beside: string; n: number; groups: Line[]; least: number }

/** A whole number from 1 to `most`; 0 where it is none, and the field says so. */
function whole(v: View, of: Field, most: number, least = 1): number {
  const typed = of.input.value.replace(/[\s\u00a0]/g, ""), n = /^\d{1,10}$/.test(typed) ? Number(typed) : NaN, good = n >= least && n <= most;
  of.wrong(good ? "" : v.t.app.recruit.worthWhole(v.f.int(least), v.f.int(most)));
  return good ? n : NaN;
}

export function worth(v: View): HTMLElement {
  const { f } = v, r = v.t.app.recruit, said = h("div.fig", { "aria-live": "polite" });
  const number = (name: string, hint = "", value = "") => { const x = field(name, text({ inputmode: "numeric", autocomplete: "off", value }), hint); x.input.classList.add("mid"); return x; };
  const hired = number(r.worthHired), share = number(r.worthShare), months = number(r.worthMonths), sd = number(r.worthSd, r.worthSdHint), cost = number(r.worthCost, "", "0");
  return section(v, r.worth, r.worthAside, null, form(v, [h("p.hint", {}, r.worthLead), h("div.inline", {}, hired.node, share.node), h("div.inline", {}, months.node, cost.node), sd.node], r.worthDo, async () => {
    const of = { hired: whole(v, hired, 1e6), of_hundred: whole(v, share, 99), months: whole(v, months, 600), worth: whole(v, sd, 1e9), cost: whole(v, cost, 1e9, 0) };
    const bad = [hired, share, months, cost, sd].find((x) => x.input.getAttribute("aria-invalid") === "true");
    if (bad) { bad.input.focus(); return; }
    const x = await post<Worth>("/api/recruitment/worth", of);
    said.replaceChildren(say2(r.worthSays(f.money(x.mean), f.moneyRange(x), f.prob(x.p_pays))),
      h("p.lede", {}, [x.break_even === null ? null : [r.worthEven(f.money(x.break_even)), " "], r.worthNote]));
  }, null, ""), said);
}

function lineSays(v: View, beside: string, least: number, x: Line): string {
  const { f } = v, r = v.t.app.recruit;
  if (!x.judged) return r.linesCannot(x.group, f.int(x.n), f.int(least));
  const by = f.num(Math.abs(x.above), 2), range = x.above < 0 ? f.range(-x.hi, -x.lo, 2) : f.range(x.lo, x.hi, 2);
  const main = x.lo > 0 ? r.linesBetter(x.group, beside, by, range) : x.hi < 0 ? r.linesWorse(x.group, beside, by, range) : r.linesNone(x.group, beside, by, range, f.num(x.detectable, 2));
  return x.p_slope < 0.05 ? `${main} ${r.linesSteep}` : main;
}

export function sameLine(v: View): HTMLElement {
  const r = v.t.app.recruit, said = h("div.fig", { "aria-live": "polite" }), lines = field(r.linesField, area({ rows: 4, placeholder: r.linesExample }), r.linesLead);
  return section(v, r.lines, r.linesAside, null, form(v, [lines.node], r.linesDo, async () => {
    lines.wrong(lines.input.value.trim() ? "" : v.t.app.needed);
    if (!lines.input.value.trim()) { lines.input.focus(); return; }
    const got = await post<Lines>("/api/recruitment/lines", { lines: lines.input.value });
    const told = got.groups.some((x) => x.judged && (x.lo > 0 || x.hi < 0));
    said.replaceChildren(say2(!got.groups.some((x) => x.judged) ? r.linesNobody : told ? r.linesDiffer : r.linesAlike),
      h("ul.plain", {}, got.groups.map((x) => h("li", {}, lineSays(v, got.beside, got.least, x)))));
  }, null, ""), said);
}
