// From a number to the deals behind it, and from a deal to what happened in it.
import { h, type Child } from "../dom";
import { choice, head, momentName, MOMENTS, section, table, teamName, teams, type View } from "../parts";
import { href, pageHref } from "../state";
import { get, listOf, query, Refused } from "./api";
import { stamp } from "./session";
import { later, linkButton } from "./ui";

interface Row { deal_id: string; name?: string | null; stage: string | null; outcome: string | null; amount: number | null; currency?: string | null; team_id?: string | null; seller_id?: string | null; created_on?: string | null; closed_on?: string | null }
interface Event_ { at: string | null; what: string; text: string }
const MOST = 100, SHOWN = 25;

function deals(v: View, list: Row[]): Child {
  const { t, f } = v, a = t.app;
  const persons = list.some((x) => x.seller_id);
  const search = h("input.input.mid", { type: "search", id: "search", placeholder: a.filterRows, "aria-label": a.filterRows }) as HTMLInputElement;
  const body = h("div", {}), count = h("p.cap", { role: "status" });
  const row = (x: Row): Child[] => [[h("a", { href: href(v.state, { page: "deal", arg: x.deal_id, open: [] }) }, x.name || x.deal_id), x.name ? h("span.sub", {}, x.deal_id) : null], x.stage ?? t.noValue,
    a.outcomes[x.outcome ?? ""] ?? x.outcome ?? t.noValue, typeof x.amount === "number" ? f.money(x.amount) : t.noValue, persons ? x.seller_id ?? t.noValue : teamName(v, x.team_id),
    f.date(x.created_on?.slice(0, 10) ?? null), f.date(x.closed_on?.slice(0, 10) ?? null)];
  const show = () => {
    const word = search.value.trim().toLocaleLowerCase(v.f.lang);
    const kept = word ? list.filter((x) => [x.deal_id, x.name, x.stage, x.seller_id].some((part) => part?.toLocaleLowerCase(v.f.lang).includes(word))) : list;
    count.textContent = list.length >= MOST && !word ? a.rowsFirst(f.int(MOST)) : a.rowsCount(kept.length);
    const rows = kept.map(row), columns = [{ name: t.deal }, { name: t.stage }, { name: t.outcome }, { name: t.amount, cls: "r" }, persons ? { name: t.seller } : { name: t.teamChoice }, { name: a.begun }, { name: a.ended }];
    const rest = rows.slice(SHOWN);
    body.replaceChildren(table("st rw", columns, rows.slice(0, SHOWN)), ...(rest.length ? [h("details.rows", {}, h("summary", {}, t.dealsMore(f.int(rest.length))), table("st rw", columns, rest))] : []));
  };
  search.addEventListener("input", show);
  show();
  return [h("div.inline", {}, search), h("div.fig", {}, count, body)];
}

/** The deals behind a number. */
export function rowsPage(v: View): Child[] {
  const { t, f, state } = v, a = t.app, all = teams(v.doc);
  const asked = "/api/deals" + query({ stage: state.stage, seller: state.seller, moment: state.moment, outcome: state.outcome, team: state.team, limit: String(MOST) });
  const stages = v.doc.stages.map((x): [string, string] => [x.stage, x.stage]);
  if (state.stage && !stages.some(([x]) => x === state.stage)) stages.push([state.stage, state.stage]);
  const bits: Child[] = [`${t.showing} `, choice(v, "outcome", t.outcome, [["", a.allOutcomes], ...Object.entries(a.outcomes)]), ` ${a.inStage} `, choice(v, "stage", t.stageChoice, [["", a.allStages], ...stages]),
    all.length > 1 ? [` ${a.inTeam} `, choice(v, "team", t.teamChoice, [["", t.allTeams], ...all.map((x): [string, string] => [x, teamName(v, x)])])] : null,
    ` ${a.atMoment} `, choice(v, "moment", t.moment, [["", a.anyMoment], ...MOMENTS.map((m): [string, string] => [m, momentName(v, m).toLocaleLowerCase(v.f.lang)])]),
    state.seller ? [" \u00b7 ", state.seller, " ", h("a", { href: href(state, { seller: "" }) }, a.without)] : null];
  return [h("div.scope", {}, h("span", {}, bits)), head(v, a.rowsName, a.rowsFinding, null),
    section(v, t.dealsList, null, null, later(v, `${f.lang} ${asked}`, () => get<unknown>(asked),
      (got) => {
        const list = listOf<Row>(got, "deals").filter((x) => !state.team || x.team_id === state.team);
        return list.length ? deals(v, list) : h("p.lede", {}, a.rowsNone);
      }, (error) => (error instanceof Refused && error.status === 403 ? h("p.lede", {}, error.message || a.rowsHidden) : undefined)))];
}

/** One deal: what is written of it, and what happened in order. */
export function dealPage(v: View): Child[] {
  const { t, f, state } = v, a = t.app;
  const seen = v.doc.open_deals.find((x) => x.deal_id === state.arg);
  const back = h("div.scope", {}, h("span", {}, h("a", { href: href(state, { page: "rows", arg: "" }) }, a.rowsName), " / ", state.arg));
  return [back, later(v, `${f.lang} deal ${state.arg}`, () => get<{ deal: Row & Record<string, unknown>; events: Event_[] }>(`/api/deals/${encodeURIComponent(state.arg)}`), ({ deal, events }) => {
    const facts: [string, Child][] = [[t.stage, deal.stage], [t.outcome, a.outcomes[deal.outcome ?? ""] ?? deal.outcome], [t.amount, typeof deal.amount === "number" ? f.money(deal.amount) : null],
      [t.teamChoice, deal.team_id ? teamName(v, deal.team_id) : null], [t.seller, deal.seller_id ? h("a", { href: pageHref(state, "sellers", { arg: deal.seller_id }) }, deal.seller_id) : null],
      [a.begun, deal.created_on ? f.date(deal.created_on.slice(0, 10)) : null], [a.ended, deal.closed_on ? f.date(deal.closed_on.slice(0, 10)) : null]];
    return [head(v, deal.name || a.dealName(deal.deal_id), seen?.why ? `${t.advices[seen.advice ?? ""] ?? ""}. ${seen.why}` : a.dealFinding(a.outcomes[deal.outcome ?? ""] ?? "", deal.stage ?? "", deal.outcome !== "open" && deal.closed_on ? f.date(deal.closed_on.slice(0, 10)) : ""), null),
      section(v, a.dealFacts, null, null, h("dl.def.first", {}, facts.filter(([, x]) => x).map(([name, x]) => [h("dt", {}, name), h("dd", {}, x)]))),
      section(v, a.dealEvents, a.dealEventsAside(f.int(events.length)), null, events.length ? h("ol.events", {}, events.map((x) =>
        h(`li.${x.what.replace(/[^a-z_]/g, "") || "other"}`, {}, h("time", x.at ? { datetime: x.at } : {}, x.at ? stamp(v, x.at.slice(11, 16) === "00:00" ? x.at.slice(0, 10) : x.at) : t.noValue), h("span", {}, x.text.replace(/: \u2013$/, "")))))
        : h("p.lede", {}, a.dealNoEvents))];
  }, (error) => (error instanceof Refused && (error.status === 404 || error.status === 403)
    ? [head(v, t.deal, error.status === 404 ? a.dealMissing(state.arg) : error.message || a.rowsHidden, null), h("div.btns", {}, linkButton(a.rowsName, pageHref(state, "rows")))] : undefined))];
}
