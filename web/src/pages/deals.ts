// Open deals: which still live, and what to do with each.
import { h, s, type Child } from "../dom";
import { type OpenDeal } from "../document";
import { href } from "../state";
import { answerOf, choice, head, refusal, sayRefusal, scope, section, table, teamScope, type View } from "../parts";

const MOST = 25, ORDER = ["drive_on", "next_step", "ask", "drop", "leave", ""];

/** Twelve weeks of life: a full block the customer was heard of, a low open one only the seller, a line silence. */
function life(v: View, weeks: number[] | undefined): Child {
  if (!weeks?.length) return v.t.noValue;
  const heard = weeks.filter((x) => x === 2).length, own = weeks.filter((x) => x === 1).length;
  return s("svg.life", { width: 11 * weeks.length, height: 16, viewBox: `0 0 ${11 * weeks.length} 16`, role: "img", "aria-label": v.t.lifeLabel(v.f.int(heard), v.f.int(own), v.f.int(weeks.length)) }, weeks.map((x, i) => sign(x, 11 * i)));
}

const sign = (x: number, at: number): SVGElement => (x === 2 ? s("rect.dot", { x: at, y: 1, width: 8, height: 14 })
  : x === 1 ? s("rect.ring", { x: at + 0.75, y: 8.75, width: 6.5, height: 5.5 }) : s("rect.ctl", { x: at, y: 14, width: 8, height: 1 }));

const lifeLegend = (v: View): HTMLElement => h("ul.legend", {}, [2, 1, 0].map((x) => h("li", {}, s("svg", { width: 8, height: 16, viewBox: "0 0 8 16", "aria-hidden": "true" }, sign(x, 0)), v.t.lifeSigns[x])));

/** Why, where it says more than the advice does. */
const reason = (v: View, x: OpenDeal): string => (x.late_on ? v.t.stepLate(v.f.date(x.late_on)) : x.due_on ? v.t.stepDue(v.f.date(x.due_on)) : x.advice === "next_step" ? "" : x.why ?? "");

function row(v: View, x: OpenDeal): Child[] {
  const { t, f } = v;
  return [
    [v.app?.may("deals") ? h("a", { href: href(v.state, { page: "deal", arg: x.deal_id, open: [] }) }, x.deal_id) : h("b", {}, x.deal_id), h("span.sub", {}, [x.stage, x.seller_id].filter(Boolean).join(" \u00b7 "))],
    typeof x.amount === "number" ? f.money(x.amount) : t.noValue, life(v, x.weeks), x.p_alive === null ? t.noValue : h("b.nb", {}, f.prob(x.p_alive)), x.p_win === null ? t.noValue : h("span.nb.dim", {}, f.prob(x.p_win)),
    typeof x.expected_value === "number" ? h("b", {}, f.money(x.expected_value)) : t.noValue,
    [h("b", {}, t.advices[x.advice ?? ""] ?? x.advice ?? t.noAdvice), reason(v, x) ? h("span.sub", {}, reason(v, x)) : null],
  ];
}

function distribution(v: View, list: OpenDeal[]): HTMLElement {
  const { t, f } = v, total = (of: OpenDeal[], key: "amount" | "expected_value" | "hours") => of.reduce((n, x) => n + (x[key] ?? 0), 0);
  const known = ORDER.filter((a) => list.some((x) => (x.advice ?? "") === a)), others = [...new Set(list.map((x) => x.advice ?? ""))].filter((a) => !ORDER.includes(a));
  const hours = list.some((x) => typeof x.hours === "number");
  return section(v, t.dealsSection, t.dealsAside, "deals", table("st ad", [{ name: t.advice, bare: true }, { name: t.deals, cls: "r" }, { name: t.inPipeline, cls: "r" }, { name: t.expected, cls: "r" }, ...(hours ? [{ name: t.hoursLeft, cls: "r" }] : [])],
    [...known, ...others].map((advice) => {
      const of = list.filter((x) => (x.advice ?? "") === advice);
      return [[h("b", {}, t.advices[advice] ?? (advice || t.noAdvice)), h("span.sub", {}, t.adviceLines[advice] ?? "")], f.int(of.length), f.money(total(of, "amount")), h("b", {}, f.money(total(of, "expected_value"))), ...(hours ? [f.int(total(of, "hours"))] : [])];
    })));
}

export function deals(v: View): Child[] {
  const { doc, t, f, state } = v, a = answerOf(v, "Q9");
  if (!doc.open_deals.length) return [scope(v), head(v, t.pages.deals, sayRefusal(v, "Q9"), null), section(v, t.dealsList, null, "deals", refusal(v, "Q9", 1))];
  const team = doc.open_deals.filter((x) => !state.team || x.team_id === state.team), list = team.filter((x) => !state.view || (x.advice ?? "") === state.view);
  const advices = ORDER.filter((x) => x && team.some((d) => d.advice === x));
  const judged = list.filter((x) => x.p_alive !== null), dead = judged.filter((x) => (x.p_alive ?? 1) < 0.5).length;
  const steps = list.filter((x) => x.advice === "next_step").length;
  const columns = [{ name: t.deal }, { name: t.amount, cls: "r" }, { name: t.life, bare: true }, { name: t.alive, cls: "r" }, { name: t.wins, cls: "r" }, { name: t.expected, cls: "r" }, { name: t.advice, bare: true }];
  const first = list.slice(0, MOST), rest = list.slice(MOST);
  return [
    scope(v, teamScope(v),
      v.printed || advices.length < 2 ? null : [` ${t.withAdvice} `, choice(v, "view", t.advice, [["", t.anyAdvice], ...advices.map((x): [string, string] => [x, (t.advices[x] ?? x).toLocaleLowerCase(f.lang)])])]),
    head(v, t.pages.deals, judged.length ? t.dealsFinding(f.int(list.length), dead, f.int(dead), steps ? f.int(steps) : "") : t.dealsOnly(f.int(list.length)), a?.why ? h("p.cert", {}, h("span", {}, a.why)) : null),
    distribution(v, team),
    section(v, t.dealsList, t.dealsListAside(f.int(first.length), f.int(list.length)), "deals.list", first.some((x) => x.weeks?.length) ? lifeLegend(v) : null, table("st dl", columns, first.map((x) => row(v, x)), t.dealsList),
      rest.length && !v.printed ? h("details.rows", {}, h("summary", {}, t.dealsMore(f.int(rest.length))), table("st dl", columns, rest.map((x) => row(v, x)), t.dealsList)) : null, h("p.note", {}, t.lifeNote)),
  ];
}
