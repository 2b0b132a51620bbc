// Sellers and moments: the matrix, and all teams without names.
import { h, s, type Child } from "../dom";
import { type Moment, type Seller, type Verdict } from "../document";
import { leakRows } from "../findings";
import { between, chosenSituation, scoped, CAUSES, faults, glyph, head, legend, momentName, MOMENTS, momentSums, personsShown, refusal, sayRefusal, say2, scope, section,
  teamName, teams, verdictName, type View, leftOut } from "../parts";
import { href } from "../state";

export const sellerLabel = (v: View, x: Seller): string => x.seller_id ?? v.t.sellerErased;

function cell(v: View, seller: Seller, m: Moment | undefined): Child {
  if (!m) return v.t.noValue;
  if (v.app?.mustJudge(v, seller.seller_id ?? "")) return h("span.none", {}, v.t.app.judgeBefore);
  if (v.app?.contested(seller.seller_id ?? "", m.moment)) return h("span.none", {}, v.t.app.contestedShort);
  if (!m.verdict) return h("span.none", {}, m.why || v.t.cannotBeJudged);
  const p = m.verdict === "unclear" ? null : (m.probability?.[m.verdict] ?? 0);
  const to = href(v.state, { page: "sellers", arg: seller.seller_id ?? "", moment: m.moment, open: [] });
  const inner: Child[] = v.wide
    ? [h(`span.vd${m.verdict === "fine" ? ".fine" : ""}`, {}, glyph(v, m.verdict), h("span", {}, verdictName(v, m.verdict))),
      h("span.under", {}, p === null ? h("span.sub", {}, between(v, m.probability))
        : [m.verdict === "fine" ? null : s(`svg.meter.m-${m.verdict}`, { width: 60, height: 3, viewBox: "0 0 60 3", "aria-hidden": "true" },
          s("rect.track", { width: 60, height: 3 }), s("rect.fill", { width: 60 * p, height: 3 })), h("span.sub", {}, v.f.prob(p))])]
    : [glyph(v, m.verdict, { size: 20 }), h("span.vh", {}, p === null ? between(v, m.probability) : verdictName(v, m.verdict)), h("span.sub", {}, p === null ? "" : p > 0.99 ? ">99" : v.f.int(100 * p))];
  const name = h("span.vh", {}, momentName(v, m.moment) + ": ");
  return seller.seller_id ? h("a.cell", { href: to }, name, inner) : h("span.cell", {}, name, inner);
}

/** Arrow keys move between the links of the matrix; Tab goes through them as everywhere. */
function arrows(event: Event): void {
  const key = (event as KeyboardEvent).key, here = (event.target as HTMLElement).closest<HTMLElement>("td,th");
  const row = here?.parentElement as HTMLTableRowElement | null;
  if (!here || !row || !key.startsWith("Arrow")) return;
  const down = key === "ArrowDown" ? 1 : key === "ArrowUp" ? -1 : 0, right = key === "ArrowRight" ? 1 : key === "ArrowLeft" ? -1 : 0;
  const rows = [...(row.parentElement as HTMLElement).children] as HTMLTableRowElement[];
  let y = rows.indexOf(row), x = [...row.children].indexOf(here);
  for (;;) {
    y += down; x += right;
    const next = rows[y]?.children[x];
    if (!next) return;
    const link = next.querySelector<HTMLElement>("a");
    if (link) { event.preventDefault(); link.focus(); return; }
  }
}

function matrix(v: View, list: Seller[], name: string): HTMLElement {
  const short = !v.wide;
  return h("div.fig.scroll", { tabindex: 0, role: "region", "aria-label": `${v.t.matrixLabel}, ${name}`, onkeydown: arrows },
    h("table.mx", {}, h("thead", {}, h("tr", {}, h("th", { scope: "col" }, v.t.seller), MOMENTS.map((m) =>
      h("th", { scope: "col" }, short ? h("abbr", { title: momentName(v, m) }, v.t.shortMoments[m]) : momentName(v, m))))),
    h("tbody", {}, list.map((x) => h("tr", {}, h("th", { scope: "row" }, x.seller_id
      ? h("a", { href: href(v.state, { page: "sellers", arg: x.seller_id, moment: "", open: [] }) }, x.seller_id) : sellerLabel(v, x)),
    MOMENTS.map((m) => h("td", {}, cell(v, x, x.moments.find((y) => y.moment === m)))))))));
}

const ORDER: Verdict[] = ["fine", "competence", "execution", "pressure", "process", "market", "unclear"];

function allTeams(v: View): HTMLElement | null {
  const list = teams(v.doc), { t } = v;
  if (list.length < 2) return null;
  let worst = { n: 0, moment: "", team: "", ties: 0 };
  const rows = list.map((team) => h("tr", {}, h("th", { scope: "row" }, teamName(v, team)), momentSums(v.doc, team).map((sum) => {
    const n = faults(sum);
    if (n > worst.n) worst = { n, moment: sum.moment, team, ties: 0 };
    else if (n === worst.n) worst.ties++;
    const label = ORDER.filter((x) => sum.by[x]).map((x) => t.nOf(v.f.int(sum.by[x]), verdictName(v, x).toLocaleLowerCase(v.f.lang))).join(", ");
    return h("td", {}, sum.judged ? h("span.strip", { role: "img", "aria-label": label }, ORDER.flatMap((x) => Array.from({ length: sum.by[x] }, () => glyph(v, x, { size: 16 })))) : t.cannotBeJudged);
  })));
  return section(v, t.teamsSection, t.teamsAside, null,
    say2(worst.n > 1 && !worst.ties ? t.teamsFinding(momentName(v, worst.moment).toLocaleLowerCase(v.f.lang), teamName(v, worst.team).toLocaleLowerCase(v.f.lang).replace(worst.team.toLocaleLowerCase(v.f.lang), worst.team)) : t.teamsAlike),
    leftOut(v), h("div.fig.scroll", { tabindex: 0, role: "region", "aria-label": t.teamsSection }, h("table.ms", {}, h("thead", {}, h("tr", {}, h("th", { scope: "col" }, t.teamChoice),
      MOMENTS.map((m) => h("th", { scope: "col" }, v.wide ? momentName(v, m) : h("abbr", { title: momentName(v, m) }, t.shortMoments[m]))))), h("tbody", {}, rows))));
}

/** What is known of teams and moments where persons are not shown: what leaks there, and the likely cause. */
function byTeam(v: View): HTMLElement {
  const { doc, t, state } = v, list = doc.leaks.filter((x) => x.moment && (!state.team || x.team_id === state.team || !x.team_id));
  return section(v, t.byTeam, t.byTeamAside, "leaks", say2(list.length ? t.byTeamFinding(list.length) : t.byTeamNone), list.length ? leakRows(v, list) : null);
}

const APART = ["simple", "complex"] as const;

/** The result as it is in the situations that are chosen: each verdict is that of the situation, where one is told. */
function inSituation(v: View, sit: string): View {
  const of = (m: Moment): Moment => {
    const s = m.situations.find((x) => x.situation === sit);
    return { ...m, done_rate: null, success_rate: null, verdict: s?.verdict ?? null, probability: s?.probability ?? null, why: s?.verdict ? m.why : v.t.notBySituation };
  };
  return { ...v, doc: { ...v.doc, sellers: v.doc.sellers.map((x) => ({ ...x, moments: x.moments.map(of) })), leaks: v.doc.leaks.filter((x) => !x.situation || x.situation === sit) } };
}

export function sellers(whole: View): Child[] {
  const sit = chosenSituation(whole, APART), v = sit ? inSituation(whole, sit) : whole;
  const { doc, t, f, state } = v;
  const list = doc.sellers.filter((x) => !state.team || x.team_id === state.team)
    .sort((a, b) => sellerLabel(v, a).localeCompare(sellerLabel(v, b), f.lang, { numeric: true }));
  const cells = list.flatMap((x) => x.moments), given = cells.filter((m) => m.verdict && m.verdict !== "unclear");
  const unclear = cells.filter((m) => m.verdict === "unclear").length, short = given.filter((m) => m.verdict !== "fine");
  const worst = momentSums(doc, state.team).sort((a, b) => faults(b) - faults(a))[0], at = (c: Verdict) => worst?.by[c] ?? 0;
  const ranked = [...CAUSES].filter((c) => c !== "fine").sort((a, b) => at(b) - at(a)), common = at(ranked[0]!) > at(ranked[1]!) ? ranked[0]! : "";
  const finding = doc.withheld && !doc.sellers.length ? t.sellersHidden : !personsShown(doc) ? t.sellersSome(list.length) : !given.length ? (cells.length ? t.sellersNone : sayRefusal(v, "Q4"))
    : short.length && worst ? t.sellersWorst(momentName(v, worst.moment), f.int(faults(worst)), f.int(worst.all), state.team ? teamName(v, state.team) : "", t.commonCause[common] ?? "") : t.sellersFine;
  const name = state.team ? teamName(v, state.team) : t.allTeams;
  return [
    scope(v, scoped(whole, { team: true, sit: APART })),
    head(v, t.pages.sellers, finding, cells.length ? h("p.cert", {},
      h("span", {}, t.sellersCertainty(f.int(given.length), f.int(cells.length), unclear ? f.int(unclear) : "", cells.length > given.length + unclear ? f.int(cells.length - given.length - unclear) : ""))) : doc.withheld ? h("p.cert", {}, h("span", {}, t.sellersHiddenWhy)) : null),
    list.length ? section(v, state.team ? name : personsShown(doc) ? t.allSellers : t.sellersShown, t.sellersAside(f.int(list.length)), "verdicts", legend(v), matrix(v, list, name), h("p.note", {}, t.matrixNote))
      : doc.withheld ? byTeam(v) : section(v, t.matrixLabel, null, "verdicts", refusal(v, "Q4")),
    v.app?.part("cases", v), state.team || !personsShown(doc) ? null : allTeams(v),
  ];
}
