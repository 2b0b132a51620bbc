// Roles: what each asks for, with intervals where its weights are one's own, and who applied beside it.
import { h, type Child } from "../dom";
import { est, mean, type Applicant, type Requirement } from "../document";
import { axisColumn, axisOf, head, interval, refusal, say2, section, table, type View } from "../parts";
import { href, pageHref } from "../state";

const NEEDED = 2; // of one's own who weigh a role, before it is no start value

const roleName = (v: View, id: string): string => v.t.roles.names[id] ?? id;
/** One of your own has its name in the row. */
const competence = (v: View, id: string): string => v.t.roles.competences[id] ?? v.doc.requirements.find((x) => x.competency === id)?.name ?? id;
const heaviest = (rows: Requirement[]): Requirement[] => [...rows].sort((a, b) => mean(b.weight) - mean(a.weight));

function pick(v: View, all: string[], role: string): HTMLElement {
  const r = v.t.roles;
  return h("div.scope", {}, h("span", {}, `${r.forRole} `, v.printed ? h("b", {}, roleName(v, role)) : h("select.in", { id: "choice-role", "aria-label": r.role,
    onchange: (event) => { location.hash = href(v.state, { arg: (event.target as HTMLSelectElement).value }); } },
  all.map((x) => h("option", { value: x, selected: x === role }, roleName(v, x)))), "."));
}

function asks(v: View, rows: Requirement[]): HTMLElement {
  const { f } = v, r = v.t.roles, own = (x: Requirement) => !!x.weight && typeof x.weight === "object" && x.weight.lo !== null;
  const axis = axisOf(rows.map((x) => est(x.weight)), v.wide ? 300 : 280);
  return section(v, r.asks, r.asksAside, "roles", h("div.fig", {}, table("st ro", [{ name: r.competence }, axisColumn(v, axis, (x) => f.pct(x), ""), { name: r.share, cls: "r" }],
    heaviest(rows).map((x) => {
      const e = est(x.weight), ranged = own(x);
      return [h("b", {}, competence(v, x.competency)), e ? interval(axis, e, ranged ? r.words(f.pct(e.mean), f.pctRange(e)) : f.pct(e.mean), ranged ? "ink" : "ring") : null,
        e ? [f.pct(e.mean), ranged ? h("span.sub.nb", {}, f.pctRange(e)) : null] : v.t.noValue];
    }))), rows.every(own) ? null : h("p.note", {}, r.noRange));
}

function everyRole(v: View, roles: string[]): HTMLElement | null {
  const r = v.t.roles, rows = v.doc.requirements, of = (role: string, c: string) => mean(rows.find((x) => x.role === role && x.competency === c)?.weight);
  const competences = [...new Set(rows.map((x) => x.competency))];
  const apart = competences.map((c) => { const all = roles.map((x) => of(x, c)); return { c, by: Math.max(...all) - Math.min(...all) }; }).sort((a, b) => b.by - a.by)[0];
  if (roles.length < 2 || !apart) return null;
  return section(v, r.all, r.allAside, null, say2(apart.by > 0.02 ? r.most(competence(v, apart.c)) : r.alike),
    h("div.fig.scroll", { tabindex: 0, role: "region", "aria-label": r.all }, table("al", [{ name: r.competence }, ...roles.map((x) => ({ name: roleName(v, x), cls: "r" }))],
      competences.map((c) => [competence(v, c), ...roles.map((x) => (rows.some((y) => y.role === x && y.competency === c) ? v.f.pct(of(x, c)) : v.t.noValue))]))));
}

function people(v: View, list: Applicant[]): HTMLElement | null {
  const { f } = v, r = v.t.roles, told = list.filter((x) => est(x.performance));
  if (!list.length) return null;
  const axis = axisOf([], v.wide ? 300 : 280, { lo: -2, hi: 2 }), years = list.some((x) => typeof x.experience_years === "number");
  return section(v, r.people, r.peopleAside, null, say2(told.length ? r.peopleTold(f.int(told.length), f.int(list.length)) : r.peopleNone),
    h("div.fig", {}, table("st ap", [{ name: r.applicant }, axisColumn(v, axis, (x) => f.tick(x, 1), ""), { name: r.better, cls: "r" }, { name: r.measured, cls: "r" }, ...(years ? [{ name: r.years, cls: "r" }] : [])],
      list.map((x) => {
        const e = est(x.performance);
        return [h("b", {}, x.candidate_id ?? `#${x.label}`), e ? interval(axis, e, r.result(f.num(e.mean, 2), f.range(e.lo, e.hi, 1)), "ring") : h("span.cannot", {}, r.codes[x.code] ?? v.t.cannotBeJudged),
          x.upper_half === null ? v.t.noValue : f.prob(x.upper_half), f.pct(x.measured ?? 0), ...(years ? [typeof x.experience_years === "number" ? f.num(x.experience_years, 0) : v.t.noValue] : [])];
      }))), h("p.note", {}, r.note, v.app?.may("recruit") ? [" ", h("a", { href: pageHref(v.state, "recruitment") }, r.toRecruit)] : null));
}

export function roles(v: View): Child[] {
  const { doc, f } = v, r = v.t.roles, all = [...new Set(doc.requirements.map((x) => x.role))], role = all.includes(v.state.arg) ? v.state.arg : all[0];
  if (!role) return [head(v, v.t.pages.roles, r.none, null), section(v, r.asks, null, "roles", refusal(v, "Q6", 1))];
  const rows = heaviest(doc.requirements.filter((x) => x.role === role)), first = rows[0]!, low = (x: string) => x.toLocaleLowerCase(f.lang);
  const own = first.experts >= NEEDED ? r.experts(f.int(first.experts)) : r.start(first.experts, f.int(NEEDED));
  return [pick(v, all, role), head(v, v.t.pages.roles, r.finding(roleName(v, role), low(competence(v, first.competency)), low(competence(v, rows[1]?.competency ?? ""))),
    h("p.cert", {}, h("span", {}, own, " ", first.own_deals ? r.deals : r.noDeals))), asks(v, rows), everyRole(v, all),
  people(v, doc.candidates.filter((x) => x.role === role || v.printed || !all.includes(x.role ?? ""))), v.app?.part("measure", v)];
}
