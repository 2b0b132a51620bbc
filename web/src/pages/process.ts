// Process: the stages, start to close, where deals are, by situation, what is not the sellers', leaks, other definitions.
import { h, rich, s, type Child } from "../dom";
import { est, mean, type Estimate, type Flow, type Situation, type Stage } from "../document";
import { leakRows } from "../findings";
import { courses } from "../courses";
import { occupation } from "../occupation";
import { quick, times, turning } from "../times";
import { allHere, chosenSituation, ofSituation, scoped, SITUATIONS, axisColumn, axisOf, certaintyLine, choice, drill, head, interval, momentName, refusal, saidCertainty, say2, scope, section, situationName, table,
  teamName, teams, ofTeam, type View } from "../parts";

const stop = (x: Flow) => mean(x.lost) + mean(x.stalled);

function shareCell(v: View, x: Flow, key: "forward" | "won" | "lost" | "stalled"): Child {
  const e = est(x[key]);
  return e ? [v.f.pct(e.mean), h("span.sub", {}, v.f.pctRange(e))] : v.t.noValue;
}

/** The five ways out of a stage as one bar: gone on and won from the left, lost and stalled at the right. */
function ways(v: View, x: Flow): SVGElement {
  const parts = [["living", mean(x.forward)], ["won-solid", mean(x.won)], ["back", mean(x.back)], ["lost", mean(x.lost)], ["stalled", mean(x.stalled)]] as const;
  let at = 0;
  return s("svg.bar", { viewBox: "0 0 100 16", preserveAspectRatio: "none", role: "img",
    "aria-label": `${v.t.wentOn} ${v.f.pct(mean(x.forward))}, ${v.t.won} ${v.f.pct(mean(x.won))}, ${v.t.lost} ${v.f.pct(mean(x.lost))}, ${v.t.stalled} ${v.f.pct(mean(x.stalled))}` },
  parts.map(([cls, share]) => {
    const node = s(`rect.${cls}`, { x: at, y: 0, width: 100 * share, height: 16 });
    at += 100 * share;
    return node;
  }));
}

/** Of several kinds of deal together, each followed among its own: shares weighed by how many came in, widths as of independent groups. */
function together(list: Situation[]): Flow {
  const entered = list.reduce((n, x) => n + x.entered, 0), first = list[0]!;
  if (list.length === 1) return first;
  const none = { median_days: null, p90_days: null, median_workdays: null, p90_workdays: null };
  const pool = (key: "forward" | "back" | "won" | "lost" | "stalled") => {
    const all = list.map((x) => ({ w: x.entered / entered, e: est(x[key]) }));
    if (all.some((x) => !x.e)) return null;
    const middle = all.reduce((n, x) => n + x.w * x.e!.mean, 0), wide = (of: (e: Estimate) => number) => Math.sqrt(all.reduce((n, x) => n + (x.w * of(x.e!)) ** 2, 0));
    return { mean: middle, lo: Math.max(0, middle - wide((e) => e.mean - e.lo)), hi: Math.min(1, middle + wide((e) => e.hi - e.mean)) };
  };
  return { ...none, entered, standing: list.reduce((n, x) => n + x.standing, 0), forward: pool("forward"), back: pool("back"), won: pool("won"), lost: pool("lost"), stalled: pool("stalled"), beyond_data: list.some((x) => x.beyond_data) };
}

/** The stage in the situations that are chosen; null where nothing is told of them. */
function inSituation(v: View, x: Stage): (Stage | (Flow & { stage: string })) | null {
  const sit = chosenSituation(v, SITUATIONS), of = x.situations.filter((y) => ofSituation(sit, y.situation));
  return !sit ? x : of.length ? { ...together(of), stage: x.stage } : null;
}

function stages(v: View): HTMLElement {
  const { doc, t, f } = v, sit = chosenSituation(v, SITUATIONS), list = doc.stages.flatMap((x) => inSituation(v, x) ?? []);
  const rows = list.map((x) => [
    [h("b", {}, x.stage), h("span.sub", {}, (sit ? (_: View, n: Child) => n : drill)(v, `${f.int(x.entered)} ${t.deals.toLocaleLowerCase(f.lang)}`, { stage: x.stage })), x.stage === doc.finding.stage && doc.finding.kind === "stop" ? h("span.sub.here", {}, t.stopsMost) : null],
    ways(v, x), shareCell(v, x, "forward"), shareCell(v, x, "won"), shareCell(v, x, "lost"), shareCell(v, x, "stalled"),
    [est(x.median_days) ? t.nDays(f.days(mean(x.median_days))) : t.noValue, est(x.median_workdays) ? h("span.sub", {}, t.workdays(f.days(mean(x.median_workdays)))) : null],
    [est(x.p90_days) ? t.nDays(f.days(mean(x.p90_days))) : t.noValue, est(x.p90_workdays) ? h("span.sub", {}, t.workdays(f.days(mean(x.p90_workdays)))) : null],
  ]);
  return section(v, t.stagesSection, t.stagesAside(f.days(doc.method.horizon_days ?? 0)), "stages",
    list.length ? [h("p.cap", {}, rich(t.stagesCaption)), table("st sg", [{ name: t.stage }, { name: h("span.vh", {}, t.share) }, { name: t.wentOn, cls: "r" }, { name: t.won, cls: "r" },
      { name: t.lost, cls: "r" }, { name: t.stalled, cls: "r" }, { name: t.halfGone, cls: "r" }, { name: t.nineGone, cls: "r" }], rows), sit ? h("p.note", {}, t.together) : null] : say2(t.noStages));
}

function whole(v: View): HTMLElement | null {
  const { doc, t, f } = v, w = doc.whole, days = f.days(doc.method.whole_horizon_days ?? 0);
  if (!w.entered || !est(w.won)) return null;
  const axis = axisOf(doc.cohorts.map((c) => est(c.win)), 230);
  return section(v, t.wholeSection, allHere(v), "occupation", say2(t.wholeFinding(f.pct(mean(w.won)), days, f.pct(mean(w.lost)), f.pct(mean(w.stalled)))),
    est(w.median_days) ? h("p.lede", {}, t.wholeUnder(f.days(mean(w.median_days)), f.days(mean(w.median_workdays)), f.days(mean(w.p90_days)))) : null,
    h("div.fig", {}, table("st qu", [{ name: t.quarter }, { name: t.started, cls: "r" }, { name: t.won, cls: "r" }, { name: t.lost, cls: "r" }, { name: t.stillOpen, cls: "r" },
      axisColumn(v, axis, (x) => f.int(100 * x), "%"), { name: t.willBeWon, cls: "r" }],
    doc.cohorts.map((c) => {
      const win = c.beyond_data ? null : est(c.win);
      return [c.quarter, f.int(c.created), f.int(c.won), f.int(c.lost), f.int(c.open),
        win ? interval(axis, win, t.intervalWords(f.pct(win.mean), f.pctRange(win)), "ink") : null,
        win ? [h("b", {}, f.pct(win.mean)), h("span.sub", {}, f.pctRange(win))] : h("span.dim", {}, t.tooYoung)];
    }))));
}

function where(v: View): HTMLElement | null {
  const { doc, t, f } = v, ages = doc.occupation.age_days, middle = Math.floor(ages.length / 3), row = doc.occupation.share[middle];
  if (!row || doc.occupation.states.length < 3) return null;
  const open = row.slice(0, -2).reduce<number>((n, e) => n + mean(e), 0);
  return section(v, t.occupationSection, [t.occupationAside, allHere(v)], "occupation", say2(t.occupationFinding(f.days(ages[middle] ?? 0), f.pct(open))), occupation(v));
}

function situations(v: View): HTMLElement | null {
  const { doc, t, f } = v;
  const sit = chosenSituation(v, SITUATIONS), with_ = doc.stages.map((x) => ({ ...x, situations: x.situations.filter((y) => ofSituation(sit, y.situation)) })).filter((x) => x.situations.length > 1);
  const stage = with_.find((x) => x.stage === v.state.stage) ?? with_.find((x) => x.stage === doc.finding.stage) ?? with_[0];
  if (!stage) return null;
  v.state.stage ||= "";
  const list = [...stage.situations].sort((a, b) => a.situation.localeCompare(b.situation));
  const order = [...list].sort((a, b) => stop(b) - stop(a)), worst = order[0]!, best = order[order.length - 1]!;
  const lost = (x: Situation) => est(x.lost) ?? { mean: 0, lo: 0, hi: 0 };
  const apart = lost(worst).lo + (est(worst.stalled)?.lo ?? 0) > lost(best).hi + (est(best.stalled)?.hi ?? 0);
  const bands = list.map((x) => { const a = est(x.lost), b = est(x.stalled); return a && b ? { mean: a.mean + b.mean, lo: Math.min(a.lo + b.mean, a.mean + b.lo), hi: Math.max(a.hi + b.mean, a.mean + b.hi) } : null; });
  const axis = axisOf(bands, 230);
  const picker = h("p.scope", {}, t.situationsScope, " ", choice(v, "stage", t.stageChoice, with_.map((x) => [x.stage, x.stage])));
  const select = picker.querySelector("select");
  if (select) select.value = stage.stage;
  const rows = table("st si", [{ name: t.situation }, { name: t.deals, cls: "r" }, axisColumn(v, axis, (x) => f.int(100 * x), "%"),
      { name: t.stops, cls: "r" }, { name: t.halfGone, cls: "r" }],
    list.map((x, i) => [situationName(v, x.situation), f.int(x.entered), bands[i] ? interval(axis, bands[i]!, t.intervalWords(f.pct(bands[i]!.mean), f.pctRange(bands[i]!)), "ink", stop(stage)) : null,
      h("b", {}, f.pct(stop(x))), est(x.median_days) ? t.nDays(f.days(mean(x.median_days))) : t.noValue]));
  return section(v, t.situationsSection, v.printed ? stage.stage : picker, "situations",
    say2(apart ? t.situationsFinding(situationName(v, worst.situation), f.pct(stop(worst)), situationName(v, best.situation), f.pct(stop(best))) : t.situationsSame),
    courses(v, stage), apart || v.printed ? h("div.fig", {}, rows) : h("details.rows", {}, h("summary", {}, t.situationsShow(f.int(list.length))), rows));
}

function notSellers(v: View): HTMLElement {
  const { doc, t, f } = v;
  if (!doc.process.length && !doc.market.length) return section(v, t.notSellers, [t.notSellersAside, allHere(v)], "verdicts", say2(t.notSellersNone));
  return section(v, t.notSellers, [t.notSellersAside, allHere(v)], "verdicts", say2(t.notSellersFinding),
    doc.process.map((x) => h("div.act", {}, h("p.say.say-3", {}, x.text || `${momentName(v, x.moment)}, ${teamName(v, x.team_id)}`), certaintyLine(v, x.probability, ""))),
    doc.market.map((x) => h("div.act", {}, h("p.say.say-3", {}, x.text || `${x.segment}, ${f.month(x.from)}`), certaintyLine(v, x.probability, ""))));
}

function conversion(v: View): HTMLElement | null {
  const { doc, t, f } = v;
  if (!doc.conversion.length) return null;
  const kinds = [...new Set(doc.conversion.map((x) => x.kind))];
  return section(v, t.conversionSection, allHere(v), "conversion", say2(t.conversionFinding),
    h("div.fig", {}, table("st co", [{ name: t.definition }, { name: t.figure }, { name: t.blind }], kinds.map((kind) => {
      const of = doc.conversion.filter((x) => x.kind === kind), first = of[0]!;
      return [[first.definition, h("span.sub", {}, first.systems)],
        h("dl.figures", {}, of.map((x) => [h("dt", {}, x.stage ?? t.allDeals), h("dd", {}, h("b", {}, x.value === null ? t.noValue : f.pct(x.value)), h("span.pc", {}, ` ${f.int(x.n)} / ${f.int(x.of)}`))])),
        h("span.dim", {}, first.differs)];
    }))));
}

const leaksIn = (v: View) => v.doc.leaks.filter((x) => ofTeam(v, x.team_id) && ofSituation(chosenSituation(v, ["simple", "complex"]), x.situation));

function leaksOf(v: View): Child {
  const all = teams(v.doc);
  return v.printed || all.length < 2 ? null : h("p.scope", {}, choice(v, "team", v.t.teamChoice, [["", v.t.allTeams], ...all.map((x): [string, string] => [x, teamName(v, x)])]));
}

export function process(v: View): Child[] {
  const { doc, t, f } = v, turn = turning(v);
  return [
    scope(v, scoped(v, { sit: SITUATIONS })), turn ? head(v, t.pages.process, t.turnFinding(turn.stage, f.days(turn.turn_day ?? 0), quick(turn)), [certaintyLine(v, 0.95, t.turnBasis(f.int(turn.entered))), allHere(v)])
      : head(v, t.pages.process, doc.finding.text, [saidCertainty(doc.finding.certainty, doc.finding.probability), allHere(v)]),
    times(v), stages(v), situations(v), notSellers(v), where(v), whole(v),
    doc.leaks.length ? section(v, t.leaks, leaksOf(v), "leaks", leaksIn(v).length ? leakRows(v, leaksIn(v)) : say2(t.leaksNotHere)) : section(v, t.leaks, null, "leaks", refusal(v, "Q2")),
    conversion(v),
  ];
}
