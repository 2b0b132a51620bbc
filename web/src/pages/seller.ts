// One seller: the verdicts, what carries them, what would settle the unclear ones.
import { h, rich, s, type Child } from "../dom";
import { est, type Moment, type Verdict } from "../document";
import { axisColumn, axisOf, between, CAUSES, glyph, head, interval, marks, momentName, say2, scope, section, situationName, table, teamName, verdictName,
  certaintyLine, drill, type Side, type View } from "../parts";
import { certainty } from "../format";
import { loadCurve } from "../load";
import { href } from "../state";

const lower = (v: View, text: string) => text.toLocaleLowerCase(v.f.lang);

function probabilities(v: View, m: Moment): HTMLElement {
  const p = m.probability;
  if (!p) return h("p.note", {}, v.t.noVerdict);
  return h("table.pr", {}, h("caption.vh", {}, v.t.allProbabilities), h("thead", {}, h("tr", {}, h("th", { scope: "col" }, v.t.verdict), h("th.r", { scope: "col" }, v.t.probabilityOf))),
    h("tbody", {}, CAUSES.map((c) => h("tr", {}, h("th", { scope: "row" }, h("span.vd", {}, glyph(v, c), h("span", {}, verdictName(v, c)))),
      h("td.r", {}, s(`svg.meter.m-${c}`, { width: 90, height: 3, viewBox: "0 0 90 3", "aria-hidden": "true" }, s("rect.track", { width: 90, height: 3 }),
        s("rect.fill", { width: 90 * (p[c] ?? 0), height: 3 })), h("span.num", {}, v.f.prob(p[c] ?? 0)))))));
}

/** Every measurement that could settle it, with its price; the best in bold. */
function measurements(v: View, m: Moment): Child {
  const { t, f } = v, s = m.figures?.settle, list = s?.options ?? [];
  if (!s || !list.some((o) => o.value !== null)) return null;
  const money = (x: number | null) => (x === null ? t.noValue : f.money(x)), best = (o: { kind: string; n: number }) => !!s.pays && o.kind === s.kind && o.n === s.n;
  const name = (o: { kind: string; n: number }) => t.measurements[o.kind]?.(f.int(o.n)) ?? o.kind;
  const drawn = table("st se", [{ name: t.measurement, bare: true, row: true }, { name: t.settlesHead, cls: "r" }, { name: t.costHead, cls: "r" }, { name: t.worthHead, cls: "r" }, { name: t.netHead, cls: "r" }],
    list.map((o) => [best(o) ? h("b", {}, name(o)) : name(o), f.prob(o.probability), money(o.cost), money(o.value), best(o) ? h("b", {}, money(o.net)) : money(o.net)]));
  return v.printed ? drawn : h("details.rows", {}, h("summary", {}, t.allMeasurements), drawn);
}

function momentPart(v: View, m: Moment, side: Side | null): HTMLElement {
  const { t, f } = v, set_aside = !!side?.contested(m.moment), sure = m.verdict && m.verdict !== "unclear" ? (m.probability?.[m.verdict] ?? 0) : null;
  const known = h("div.cols", {}, h("div", {}, h(v.printed ? "h4" : "h3", {}, t.evidence), m.evidence.length ? h("ul.plain", {}, m.evidence.map((x) => h("li", {}, x))) : h("p.note", {}, t.noValue)),
    h("div", {}, h(v.printed ? "h4" : "h3", {}, t.allProbabilities), probabilities(v, m)));
  const load = m.figures?.load && !set_aside && (m.verdict === "pressure" || m.verdict === "unclear") ? loadCurve(v, m.figures.load, v.state.arg, lower(v, momentName(v, m.moment))) : null;
  return section(v, momentName(v, m.moment), t.occasions(f.int(m.occasions)), `verdicts.${m.moment}`,
    set_aside ? [say2(t.app.contested), h("p.lede", {}, t.app.contestedWhy)] : say2(m.verdict ? [glyph(v, m.verdict, { size: 22, alone: true }), " ", m.why] : m.why || t.cannotBeJudged),
    set_aside ? null : sure !== null ? certaintyLine(v, sure, verdictName(v, m.verdict!) + ".") : m.verdict ? h("p.cert", {}, marks(0), h("span", {}, between(v, m.probability))) : null,
    load, set_aside ? h("details.rows", {}, h("summary", {}, t.app.contestedShow), known) : m.verdict === "fine" && !v.printed && m.moment !== v.state.moment ? h("details.rows", {}, h("summary", {}, t.showEvidence), known) : known,
    m.would_settle && m.verdict !== "fine" && !set_aside ? h("div.settle", {}, h(v.printed ? "h4" : "h3", {}, t.wouldSettle), h("p.say.say-3", {}, m.would_settle), measurements(v, m)) : null,
    m.situations.length && !set_aside ? h("p.note", {}, h("b", {}, t.bySituation + ": "), m.situations.map((x, i) => [i ? "; " : "", situationName(v, x.situation), " \u2013 ",
      x.verdict === "unclear" ? between(v, x.probability) : x.verdict ? t.percentOnly(lower(v, verdictName(v, x.verdict)), f.prob(x.probability?.[x.verdict] ?? 0)) : t.noVerdict])) : null,
    side?.under(m));
}

function five(v: View, moments: Moment[], side: Side | null): HTMLElement {
  const { t, f } = v, axis = axisOf([], 260, { lo: 0, hi: 1 });
  return section(v, t.fiveMoments, t.fiveMomentsAside, "seller", table("st fm", [{ name: t.moment }, axisColumn(v, axis, (x) => f.int(100 * x), "%"),
    { name: t.done, cls: "r" }, { name: t.success, cls: "r" }, { name: t.verdict, bare: true }, { name: t.basis, cls: "r" }],
  moments.map((m) => {
    const done = est(m.done_rate), went = est(m.success_rate), usual = m.figures?.shares["usual_done"];
    return [h("b", {}, momentName(v, m.moment)),
      done ? interval(axis, done, t.intervalWords(f.pct(done.mean), f.pctRange(done)), "ink", usual ?? undefined) : h("span.dim", {}, m.why || t.cannotBeJudged),
      done ? [h("b", {}, f.pct(done.mean)), h("span.sub", {}, f.pctRange(done))] : t.noValue,
      went ? [f.pct(went.mean), h("span.sub", {}, f.pctRange(went))] : t.noValue,
      side?.contested(m.moment) ? h("b", {}, t.app.contestedShort) : m.verdict ? h("span.vd", {}, glyph(v, m.verdict), h("span", {}, m.verdict === "unclear" ? between(v, m.probability) : verdictName(v, m.verdict)), " ",
        h("span.pc", {}, m.verdict === "unclear" ? "" : f.prob(m.probability?.[m.verdict] ?? 0))) : t.noVerdict,
      drill(v, t.occasions(f.int(m.occasions)), { moment: m.moment, seller: v.state.arg })];
  })), h("p.note", {}, t.usualNote));
}

export function seller(v: View): Child[] {
  const { doc, t, state } = v, who = doc.sellers.find((x) => x.seller_id === state.arg);
  const back = h("a", { href: href(state, { arg: "", moment: "", open: [] }) }, t.backToSellers);
  const side = v.app && !v.printed ? v.app.side(v, state.arg, who ?? null) : null;
  if (!who) return [scope(v, back), head(v, t.pages.sellers, v.app && doc.withheld ? t.app.sellerHidden(state.arg) : t.notFound(state.arg), null), side?.instead];
  const id = who.seller_id ?? "";
  const settled = who.moments.filter((m) => !side?.contested(m.moment));
  if (side?.instead) return [scope(v, back, " / ", teamName(v, who.team_id), " / ", h("b", {}, id)), head(v, t.sellerName(id), t.app.judgeHead(id), null), side.instead];
  const is = (x: Verdict) => settled.filter((m) => m.verdict === x);
  const short = settled.filter((m) => m.verdict && m.verdict !== "fine" && m.verdict !== "unclear"), unclear = is("unclear");
  const list = short.map((m) => t.shortAt(lower(v, momentName(v, m.moment)), lower(v, verdictName(v, m.verdict!))));
  const finding = short.length ? t.sellerShort(id, list.length, t.and(list)) : unclear.length ? t.sellerUnclear(id, t.and(unclear.map((m) => lower(v, momentName(v, m.moment)))))
    : is("fine").length ? t.sellerFine(id) : t.sellersNone;
  const lowest = Math.min(...(short.length ? short : is("fine")).map((m) => m.probability?.[m.verdict as "fine"] ?? 0));
  // The moment that was asked for comes first, then what falls short, what is unclear, what is in order.
  const rank = (m: Moment) => (m.moment === state.moment ? 0 : m.verdict === "fine" ? 3 : m.verdict === "unclear" ? 2 : m.verdict ? 1 : 4);
  const order = [...who.moments].sort((a, b) => rank(a) - rank(b));
  return [
    scope(v, back, " / ", teamName(v, who.team_id), " / ", h("b", {}, id)),
    head(v, t.sellerName(id), finding, [(short.length || !unclear.length) && Number.isFinite(lowest) && certainty(lowest) ? certaintyLine(v, lowest, t.sellerNote) : h("p.cert", {}, h("span", {}, rich(t.sellerNote)))]),
    five(v, who.moments, side), order.map((m) => momentPart(v, m, side)), side?.after,
  ];
}
