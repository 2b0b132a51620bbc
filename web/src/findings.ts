// Findings that stand on more than one page: leaks, actions, the moments, the differences.
import { h, rich, s, type Child } from "./dom";
import { est, mean, type Answer, type Decision, type Estimate, type Leak, type Verdict } from "./document";
import type { View } from "./parts";
import { answerOf, asTable, axisColumn, axisOf, drill, faults, glyph, interval, momentName, momentSums, personsShown, refusal, say2, say3, section, situationName,
  table, teamName, verdictName, leftOut } from "./parts";
import { PARTS, shareBar } from "./shares";
import { href, pageHref, type Page } from "./state";

const words = (v: View, e: Estimate) => v.t.intervalWords(v.f.money(e.mean), v.f.moneyRange(e));
const top = (list: (Estimate | null)[]) => Math.max(1, ...list.flatMap((e) => (e ? [Math.abs(e.lo), Math.abs(e.hi)] : [])));

/** What this version has no model for is told once, among what cannot be answered. */
const modelless = (v: View, question: string) => !!answerOf(v, question)?.reasons.some((r) => r.code === "no_model" || r.code === "process_only");

/** A figure and its interval below. */
export function amount(v: View, e: Estimate | null): Child {
  if (!e) return v.t.noValue;
  return [h("span.big", {}, v.f.money(e.mean)), e.lo === e.hi ? null : h("span.sub.nb", {}, v.f.moneyRange(e))];
}

/** What leaks, and what is known of it: the document's first sentence, and the rest. */
export function leakText(v: View, x: Leak): [string, string] {
  if (!x.text) return [v.t.leakAt(x.moment ? momentName(v, x.moment) : v.t.stalled, x.stage ?? ""), leakWhere(v, x)];
  const end = x.text.search(/\.\s/);
  return end < 0 ? [x.text, ""] : [x.text.slice(0, end + 1), x.text.slice(end + 2)];
}

function leakWhere(v: View, x: Leak): string {
  const rest = [x.segment, x.situation ? situationName(v, x.situation) : ""].filter(Boolean).join(", ");
  return v.t.leakWhere(x.team_id ? teamName(v, x.team_id) : v.t.allTeams, rest);
}

/** How a leak is divided by stage, where there are several. */
function byStage(v: View, x: Leak): Child {
  const list = x.stages ?? [];
  return list.length > 1 ? h("span.sub", {}, `${v.t.byStage}: `, list.map((s, i) => [i ? ", " : "", s.stage, "\u00a0", v.f.pct(s.share)])) : null;
}

export function leakRows(v: View, list: Leak[]): Child {
  const all = list.map((x) => est(x.value_per_year)), axis = axisOf(all, 230), most = top(all);
  return h("div.fig", {}, table("st lk", [{ name: v.t.leak }, { name: v.t.likelyCause, bare: true },
    axisColumn(v, axis, (x) => v.f.axis(x, most), v.f.unit(most)), { name: v.t.perYear, cls: "r" }],
  list.map((x, i) => [
    [h("span.say.say-3", {}, leakText(v, x)[0]), h("span.sub", {}, leakText(v, x)[1]), byStage(v, x), v.app?.may("deals") ? h("span.sub", {}, drill(v, v.t.app.seeRows, { stage: (x.stages?.length ?? 1) > 1 ? "" : x.stage ?? "", moment: x.moment ?? "", team: x.team_id ?? "" })) : null],
    x.cause ? h("span.vd", {}, glyph(v, x.cause), h("span", {}, verdictName(v, x.cause)), " ", h("span.pc", {}, v.f.prob(x.probability)))
      : h("span.pc", {}, v.f.prob(x.probability)),
    all[i] ? interval(axis, all[i]!, words(v, all[i]!), "ink") : null,
    amount(v, all[i] ?? null),
  ])));
}

export function leaks(v: View, most: number): HTMLElement | null {
  const list = [...v.doc.leaks].sort((a, b) => mean(b.value_per_year) - mean(a.value_per_year)), shown = list.slice(0, most);
  const total = v.f.short(list.reduce((sum, x) => sum + mean(x.value_per_year), 0)), dearest = v.t.dearest[shown[0]?.cause ?? ""] ?? "", tried = v.doc.method.leaks_tried ?? 0;
  if (!list.length) return modelless(v, "Q2") ? null : section(v, v.t.leaks, null, "leaks", refusal(v, "Q2"));
  return section(v, v.t.leaks, null, "leaks",
    say2(list.length === 1 ? v.t.oneLeak(total) : v.t.leaksFinding(list.length, total), dearest && list.length > 1 ? ` ${dearest}` : ""), leakRows(v, shown),
    leftOut(v), tried > list.length ? h("p.note", {}, v.t.leaksTried(v.f.int(tried), list.length), " ", v.t.segmentsTried(v.doc.method.leak_segments_tried ?? 0)) : null,
    list.length > shown.length && !v.printed ? h("p.note", {}, v.t.leaksShown(shown.length), " ", h("a", { href: href(v.state, { page: "process", arg: "", open: [] }) }, v.t.seeAllLeaks)) : null);
}

/** An action in words: what, for whom, at which moment. */
export function actionName(v: View, d: Decision): string {
  if (d.text) return d.text;
  const name = v.t.actionNames[d.action] ?? d.action;
  return d.moment ? `${name}: ${momentName(v, d.moment)}` : name;
}

function act(v: View, d: Decision): HTMLElement {
  const value = est(d.value), cost = est(d.cost);
  return h("div.act", {}, say3(actionName(v, d)), h("p", {},
    value ? rich(v.t.gives(v.f.money(value.mean), v.f.moneyRange(value))) : null, " ",
    cost && cost.mean ? v.t.costs(v.f.money(cost.mean)) : null, " ",
    d.p_positive === null ? null : v.t.pays(v.f.prob(d.p_positive))), d.why ? h("p", {}, d.why) : null);
}

export function actions(v: View): HTMLElement | null {
  if (!v.doc.decisions.length && modelless(v, "Q5")) return null;
  if (!v.doc.decisions.length) return section(v, v.t.actions, null, "actions", refusal(v, "Q5"));
  const of = (kind: string) => v.doc.decisions.filter((d) => d.verdict === kind);
  const right = of("right"), wrong = of("wrong"), early = of("too_early"), n = 3;
  const head = (name: string) => h(v.printed ? "h4" : "h3", {}, name);
  const column = (name: string, list: Decision[], none: string) => h("div", {}, head(name),
    list.length ? list.slice(0, n).map((d) => act(v, d)) : h("div.act", {}, say3(none)));
  // Where nothing is sure enough, what is likeliest to pay is worth a trial.
  const tries = right.every((d) => d.action === "nothing") ? early.filter((d) => (est(d.value)?.mean ?? 0) > 0)
    .sort((a, b) => (b.p_positive ?? 0) - (a.p_positive ?? 0)).slice(0, 2) : [];
  return section(v, v.t.actions, null, "actions", h("div.two", {},
    column(v.t.doThis, right, v.t.noActions("do")),
    column(v.t.doNot, [...wrong, ...(wrong.length || tries.length ? [] : early)], v.t.noActions("not"))),
    tries.length ? h("div.tries", {}, head(v.t.tryFirst), h("div.two.plain", {}, tries.map((d) => h("div", {}, act(v, d))))) : null, leftOut(v));
}

const CAUSES: Verdict[] = ["competence", "execution", "pressure", "process", "market", "unclear", "fine"];

/** How it stands at each moment, over all sellers, without names. */
export function moments(v: View): HTMLElement | null {
  if (!personsShown(v.doc)) return null;
  const sums = momentSums(v.doc).filter((x) => x.all > 0);
  const given = sums.reduce((n, x) => n + x.judged, 0);
  if (!given) return section(v, v.t.momentsSection, null, "verdicts", refusal(v, "Q4"));
  const total = sums.reduce((n, x) => n + x.all, 0), fine = sums.reduce((n, x) => n + x.by.fine, 0);
  const short = sums.reduce((n, x) => n + faults(x), 0), unclear = sums.reduce((n, x) => n + x.by.unclear + x.none, 0);
  const worst = [...sums].sort((a, b) => faults(b) - faults(a))[0]!;
  const rows: Child[][] = sums.map((x) => [
    [h("b", {}, momentName(v, x.moment)), h("span.sub", {}, drill(v, v.t.occasions(v.f.int(x.occasions)), { moment: x.moment }))],
    x.done === null ? v.t.noValue : v.f.pct(x.done),
    x.judged ? h("ul.counts", {}, CAUSES.filter((c) => x.by[c] > 0).map((c) =>
      h("li", {}, glyph(v, c, { size: 18 }), " ", h("span", {}, v.t.nOf(v.f.int(x.by[c]), verdictName(v, c).toLocaleLowerCase(v.f.lang)))))) : x.why,
  ]);
  return section(v, v.t.momentsSection, v.t.momentsAside, "verdicts",
    say2(faults(worst) ? v.t.momentsPointing(momentName(v, worst.moment), v.f.int(faults(worst)), v.f.int(worst.all)) : v.t.sellersFine),
    h("p.lede", {}, v.t.momentsFinding(v.f.int(fine), v.f.int(total), v.f.int(short), unclear ? v.f.int(unclear) : "")),
    h("div.fig", {}, table("st mo", [{ name: v.t.moment }, { name: v.t.done, cls: "r" }, { name: v.t.shortHow, bare: true }], rows)), leftOut(v),
    v.printed ? null : h("p.note", {}, h("a", { href: href(v.state, { page: "sellers", arg: "", open: [] }) }, v.t.seeSellers)));
}

/** Shares of the differences: six parts in fixed order, so that they can be compared over time. */
export function differences(v: View): HTMLElement | null {
  const { f, t } = v, a = v.doc.attribution;
  if (!a) return modelless(v, "Q1") ? null : section(v, t.differences, null, "differences", refusal(v, "Q1"));
  const share = PARTS.map((key) => est(a.share[key]) ?? { mean: 0, lo: 0, hi: 0 });
  const sum = share.reduce((n, e) => n + Math.max(0, e.mean), 0) || 1;
  const largest = PARTS[share.reduce((best, e, i) => (e.mean > (share[best]?.mean ?? 0) ? i : best), 0)]!;
  const most = Math.max(...share.map((e) => e.mean), 0.01);
  const group = (from: number, to: number) => f.pct(share.slice(from, to).reduce((n, e) => n + Math.max(0, e.mean), 0) / sum);
  const groups = [t.ownDoing(group(0, 3)), t.conditions(group(3, 5)), t.nobody(group(5, 6))];
  const rows = PARTS.map((key, i) => [t.shares[key] ?? key, f.pct(share[i]!.mean), f.pctRange(share[i]!)]);
  const columns = [{ name: t.what }, { name: t.share, cls: "r" }, { name: t.interval, cls: "r" }];
  const caption = h("p.cap", {}, rich(t.differencesCaption(f.int(a.persons ?? v.doc.data.sellers))));
  return section(v, t.differences, null, "differences",
    say2(share[2]!.mean < 0.005 ? t.differencesNone(t.explains[largest] ?? "") : largest === "activity" ? t.differencesActivity(f.pct(share[2]!.mean)) : t.differencesFinding(f.pct(share[2]!.mean), t.explains[largest] ?? "")),
    v.wide ? h("div.fig", {}, caption, shareBar(v, share, rows.map((r) => r.slice(0, 2).join(" ")).join(", "), groups),
    asTable(v, "tm", columns, rows, t.differences))
      : h("div.fig", {}, caption, table("sh", [{ name: t.what }, { name: h("span.vh", {}, t.share) }, { name: t.share, cls: "r" }, { name: t.interval, cls: "r" }],
        PARTS.map((key, i) => [h("b", {}, t.shares[key]), s("svg.bar", { viewBox: "0 0 100 16", preserveAspectRatio: "none", "aria-hidden": "true" },
          s(`rect.row${i + 1}`, { x: 0, y: 0, width: 100 * Math.max(0.004, share[i]!.mean / most), height: 16 })), f.pct(share[i]!.mean), f.pctRange(share[i]!)])),
      h("p.note", {}, groups.join(" \u00b7 "))),
    v.doc.league?.text ? h("p.lede", {}, v.doc.league.text) : null,
    a.separable === false ? h("p.note", {}, t.orderMatters) : null);
}

/** What is answered on pages of its own, not in this document. */
const OWN_PAGE: Record<string, Page> = { Q6: "roles", Q7: "competence", Q10: "recruitment" };
export const elsewhere = (a: Answer): boolean => a.reasons.some((r) => r.code === "no_model") && a.question in OWN_PAGE;
export const ownWhy = (a: Answer): string => (elsewhere(a) ? a.reasons.filter((r) => r.code !== "no_model").map((r) => r.why).join(" ") : a.why);

/** Where an answer is that is not here: a link in the application, words in the report. */
export const whereAnswered = (v: View, a: Answer): Child => ((v.app || a.question === "Q6") && !v.printed
  ? h("a", { href: pageHref(v.state, OWN_PAGE[a.question] ?? "overview") }, v.t.onOwnPage) : v.t.inServer);

/** What cannot be answered, and what to record. */
export function unanswered(v: View): HTMLElement | null {
  const none = v.doc.answers.filter((a) => a.status === "cannot"), list = none.filter((a) => !elsewhere(a) || ownWhy(a)), apart = none.filter((a) => !list.includes(a));
  if (!none.length) return null;
  const beside = apart.length ? h(list.length ? "p.note" : "p.lede", {}, v.t.besides, " ", apart.map((a, i) => [i ? " \u00b7 " : "", a.asked, " ", whereAnswered(v, a)])) : null;
  if (!list.length) return null;
  return section(v, v.t.unanswered, v.t.unansweredAside(list.length), null, say2(v.t.unansweredFinding),
    h("div.fig", {}, table("st un", [{ name: v.t.question }, { name: v.t.missing }, { name: v.t.toRecordHead }],
      list.map((a) => [h("b", {}, a.asked), h("span.dim", {}, ownWhy(a)), a.record || v.t.nothingToRecord]))), beside);
}
