// Administration: who may see what, the log and whether it is whole, and what is set.
import { h, type Child } from "../dom";
import { head, say2, section, table, type View } from "../parts";
import { ask, get, listOf, post, query } from "./api";
import { button, field, form, later, options, text, told } from "./ui";
import { stamp } from "./session";

interface User { id: number | string; name: string | null; role: string; team_ids?: string[]; seller_id?: string | null; disabled?: boolean; invited?: boolean; last_login?: string | null; seen_at?: string | null }
/** "account 3" in the reader's words; other subjects are ids of the data. */
function about(v: View, subject?: string | null): string {
  const [, kind, rest] = /^([a-z]+)( .*)$/.exec(subject ?? "") ?? [], word = kind && v.t.app.auditKinds[kind];
  return word ? word + rest : subject || v.t.noValue;
}

interface Entry { id: number; at: string; who: string | null; what: string; subject?: string | null; purpose?: string | null; outcome?: string | null }

const ROLES = ["owner", "administrator", "analyst", "leader", "manager", "seller", "auditor", "hr", "representative"];
const teamsOf = (written: string): string[] => written.split(/[\s,;]+/).filter(Boolean);

/** A link that works once; shown here and never again. */
function once(v: View, name: string, link: string, words = { title: v.t.app.inviteFor(name), note: v.t.app.inviteOnce }): HTMLElement {
  const a = v.t.app, said = h("span", { role: "status" });
  const shown = h("input.input", { type: "text", readonly: true, value: link, "aria-label": a.inviteLink, onfocus: (event) => (event.target as HTMLInputElement).select() }) as HTMLInputElement;
  return h("div.once", {}, h("p.say.say-3", {}, words.title), h("p.note", {}, words.note), shown,
    h("div.btns", {}, button(a.copy, () => { navigator.clipboard?.writeText(link).then(() => { said.textContent = a.copied; }, () => { shown.focus(); shown.select(); }); }, "small"), said));
}

/** Where the link that was made last stands: while the page does, whatever draws it anew. While the next is on its way none is shown, so that
 * nobody copies one person's link for another; where none came, the one before is there again. */
export function links(page: string) {
  let fresh: { name: string; link: string } | null = null;
  addEventListener("hashchange", () => { if (!location.hash.startsWith(page)) fresh = null; });
  return (v: View, words?: (name: string) => { title: string; note: string }) => {
    const box = h("div", { role: "status" });
    const put = () => box.replaceChildren(...(fresh ? [once(v, fresh.name, fresh.link, words?.(fresh.name))] : []));
    const make = async (name: string, ask: () => Promise<{ link: string }>): Promise<void> => {
      box.replaceChildren();
      try { fresh = { name, link: (await ask()).link }; } finally { put(); }
      box.querySelector("input")?.focus();
    };
    put();
    return { box, make };
  };
}
type Make = ReturnType<ReturnType<typeof links>>["make"];
const invited = links("#/admin");

function editor(v: View, x: User, again: () => void, make: Make): HTMLElement {
  const a = v.t.app, box = h("div.inplace", { hidden: true });
  const open = button(a.change, () => {
    box.hidden = !box.hidden;
    open.setAttribute("aria-expanded", String(!box.hidden));
    if (box.hidden || box.firstChild) return;
    const { nodes, values } = fields(v, x);
    const said = h("div.said", { role: "alert" });
    const act = (what: () => Promise<unknown>) => () => { what().then(again, (error: unknown) => said.replaceChildren(h("p", {}, told(v, error)))); };
    box.append(form(v, nodes, a.save, async () => { await ask("PATCH", `/api/users/${x.id}`, values()); again(); }),
      h("div.btns", {}, button(x.disabled ? a.enable : a.disable, act(() => ask("PATCH", `/api/users/${x.id}`, { disabled: !x.disabled })), "small"),
        button(a.newLink, () => { make(x.name ?? "", () => post(`/api/users/${x.id}/link`)).catch((error: unknown) => said.replaceChildren(h("p", {}, told(v, error)))); }, "small")), said);
  }, "small");
  open.setAttribute("aria-expanded", "false");
  return h("div", {}, open, box);
}

function fields(v: View, x: Partial<User>) {
  const a = v.t.app;
  const role = field(a.role, options([...(x.role ? [] : [["", a.choose] as [string, string]]), ...ROLES.map((r): [string, string] => [r, a.roles[r] ?? r])], x.role ?? ""));
  const hint = h("p.hint", {}, a.roleLines[x.role ?? ""] ?? "");
  role.input.addEventListener("change", () => { hint.textContent = a.roleLines[role.input.value] ?? ""; });
  const teams = field(a.teams, text({ value: (x.team_ids ?? []).join(", "), autocomplete: "off", spellcheck: "false" }), a.teamsHint);
  const seller = field(a.sellerId, text({ value: x.seller_id ?? "", autocomplete: "off", spellcheck: "false" }), a.sellerIdHint);
  for (const f of [role, teams, seller]) f.input.classList.add("mid");
  return { nodes: [role.node, hint, teams.node, seller.node], role,
    values: () => ({ role: role.input.value, team_ids: teamsOf(teams.input.value), seller_id: seller.input.value.trim() || null }) };
}

function users(v: View): HTMLElement {
  const a = v.t.app, { box: link, make } = invited(v);
  const list = later(v, "users", () => get<unknown>("/api/users"), (got, again) => {
    const all = listOf<User>(got, "users").sort((x, y) => (x.name ?? "").localeCompare(y.name ?? "", v.f.lang));
    const name = field(a.userName, text({ autocomplete: "off", spellcheck: "false" }), a.inviteNameHint);
    name.input.classList.add("mid");
    const { nodes, values, role } = fields(v, {});
    return [say2(a.usersFinding(all.filter((x) => !x.disabled).length)), h("div.fig", {}, table("st us", [{ name: a.userName }, { name: a.role }, { name: a.teams }, { name: v.t.status, bare: true }, { name: a.change, bare: true }],
      all.map((x) => [h("b", {}, x.name ?? v.t.noValue), a.roles[x.role] ?? x.role, [(x.team_ids ?? []).join(", ") || v.t.noValue, x.seller_id ? h("span.sub", {}, x.seller_id) : null],
        x.disabled ? h("span.dim", {}, a.isDisabled) : x.invited ? a.isInvited : a.isActive, editor(v, x, again, make)]))), link,
    h("details.rows", {}, h("summary", {}, a.invite), h("div.fig", {}, form(v, [name.node, nodes], a.inviteDo, async () => {
      name.wrong(name.input.value.trim() ? "" : a.needed);
      role.wrong(role.input.value ? "" : a.chooseOne);
      const bad = [name, role].find((x) => x.input.getAttribute("aria-invalid") === "true");
      if (bad) { bad.input.focus(); return; }
      const { role: r, team_ids, seller_id } = values();
      await make(name.input.value.trim(), () => post("/api/users", { name: name.input.value.trim(), role: r, ...(team_ids.length ? { team_ids } : {}), ...(seller_id ? { seller_id } : {}) }));
      again();
    })))];
  });
  return section(v, a.usersSection, a.usersAside, null, list);
}

const MOST = 50;

function audit(v: View): HTMLElement {
  const a = v.t.app, more = h("div", {});
  const load = (before: number | null) => get<unknown>("/api/audit" + query({ before: before ? String(before) : "", limit: String(MOST) }));
  const rows = (list: Entry[]) => table("st au", [{ name: a.when }, { name: a.who }, { name: a.what }, { name: a.subject }, { name: a.purpose }, { name: a.outcome }],
    list.map((x) => [stamp(v, x.at), x.who ?? v.t.noValue, a.audits[x.what] ?? h("span.mono", {}, x.what), about(v, x.subject), a.purposes[x.purpose ?? ""] ?? a.auditPurposes[x.purpose ?? ""] ?? a.roles[x.purpose ?? ""] ?? (x.purpose || v.t.noValue), a.ends[x.outcome ?? ""] ?? (x.outcome || v.t.noValue)]));
  const next = (list: Entry[], into: HTMLElement): Child => (list.length < MOST ? null : h("div.btns", {}, button(a.auditMore, (event) => {
    (event.target as HTMLElement).parentElement?.remove();
    const rest = h("div", {});
    into.append(later(v, `audit ${list.at(-1)!.id}`, () => load(list.at(-1)!.id), (got) => { const l = listOf<Entry>(got, "entries", "audit", "log", "list"); return [l.length ? rows(l) : null, next(l, rest), rest]; }));
  })));
  return section(v, a.auditSection, a.auditAside, null, later(v, "audit", () => load(null), (got) => {
    const list = listOf<Entry>(got, "entries", "audit", "log", "list"), chain = String((got as { chain?: unknown } | null)?.chain ?? (list.find((x) => "chain" in (x as object)) as { chain?: string } | undefined)?.chain ?? "");
    const entries = list.filter((x) => "at" in x), anchor = String((got as { anchor?: unknown } | null)?.anchor ?? "");
    return [say2(chain === "whole" ? a.chainWhole : a.chainBroken(chain)), h("p.lede", {}, a.chainWhy), anchor ? h("p.note", {}, a.chainAnchor, " ", h("code.mono", {}, anchor)) : null, h("div.fig", {}, rows(entries)), next(entries, more), more];
  }));
}

function settings(v: View): HTMLElement {
  const a = v.t.app, m = v.doc.method;
  return section(v, a.settings, a.settingsAside, null, say2(a.personLevel[v.app?.personLevel === "open" ? "open" : "case"]),
    h("dl.def", {}, [[a.settingPersons, h("code", {}, `person_level = ${v.app?.personLevel ?? ""}`)], ...(m.version ? [[a.settingVersion, `Verkan ${m.version}`], [a.settingSeed, String(m.seed)],
      [a.settingHorizon, m.horizon_days === null ? v.t.noValue : v.t.nDays(v.f.days(m.horizon_days))]] : [])].map(([name, value]) => [h("dt", {}, name), h("dd", {}, value)])));
}

interface Setting { name: string; value: string | number; least?: number; most?: number }
const TERMS = ["effect", "effect_sd", "fee_each", "fee", "hours"], ACTIONS = ["train", "coach", "process", "drop", "redeploy"];

/** What the owner may set: a row an action, and what holds for all of them. */
function change(v: View): HTMLElement {
  const a = v.t.app;
  return section(v, a.settingsChange, a.settingsChangeAside, null, later(v, "settings", () => get<Setting[]>("/api/settings"), (list, again) => {
    const inputs = new Map<string, HTMLInputElement | HTMLSelectElement>(), of = new Map(list.map((x) => [x.name, x]));
    const put = (name: string, label: string): HTMLElement => {
      const one = of.get(name)!, input = name === "person_level" ? options(Object.entries(a.levels), String(one.value), {})
        : text({ value: String(one.value), spellcheck: "false", autocomplete: "off", ...(one.least === undefined ? { maxlength: name === "organisation" ? 80 : 3 } : { inputmode: "decimal" }) });
      input.id = `set-${name}`;
      input.setAttribute("aria-label", label);
      if (name !== "organisation") input.classList.add("num");
      inputs.set(name, input as HTMLInputElement);
      return input;
    };
    const roles = (): Child => { // who needs a second factor
      const one = of.get("server.second_factor")!, held = text({ type: "hidden", value: String(one.value) }) as HTMLInputElement, now = new Set(String(one.value).split(" ").filter(Boolean));
      inputs.set(one.name, held);
      return h("fieldset", {}, h("legend", {}, a.secondMust), h("p.hint", {}, a.secondMustHint), h("div.grid3", {}, Object.entries(a.roles).filter(([role]) => role !== "assessor").map(([role, name]) => h("label.pick", {}, h("input", { type: "checkbox", checked: now.has(role), onchange: (event) => {
        if ((event.target as HTMLInputElement).checked) now.add(role); else now.delete(role);
        held.value = Object.keys(a.roles).filter((x) => now.has(x)).join(" ");
      } }), h("span", {}, name)))), held);
    };
    const single = list.filter((x) => !x.name.startsWith("server.")).filter((x) => !TERMS.includes(x.name.split(".")[2] ?? ""));
    const business = list.some((x) => x.name.startsWith("actions."));
    return form(v, [business ? [say2(a.settingsWhat), h("div.fig.scroll", { tabindex: 0, role: "region", "aria-label": a.settingsChange }, table("st sg", [{ name: a.action }, ...TERMS.map((x) => ({ name: a.terms[x] ?? x }))],
      ACTIONS.map((act) => [h("b", {}, v.t.actionNames[act] ?? act), ...TERMS.map((x) => put(`actions.${act}.${x}`, `${v.t.actionNames[act] ?? act}, ${a.terms[x] ?? x}`))]))),
      h("dl.def", {}, single.flatMap((x) => [h("dt", {}, h("label", { for: `set-${x.name}` }, a.settingNames[x.name] ?? x.name)), h("dd", {}, put(x.name, a.settingNames[x.name] ?? x.name))])), h("p.note", {}, a.settingsNote)] : null, roles()],
    a.settingsSave, async () => {
      const values: Record<string, string | number> = {};
      for (const [name, input] of inputs) {
        const was = of.get(name)!.value, said = input.value.trim(), is = typeof was === "number" ? Number(said.replace(",", ".").replace(/[\s\u00a0]/g, "")) : said;
        if (is !== was) values[name] = is;
      }
      if (!Object.keys(values).length) return a.settingsSame;
      await post("/api/settings", { values });
      again();
      return a.settingsSaved;
    }, null, "wide");
  }));
}

export function adminPage(v: View): Child[] {
  const a = v.t.app;
  return [head(v, a.admin, a.adminFinding, null), v.app?.may("users") ? users(v) : null, v.app?.may("audit") ? audit(v) : null, settings(v), v.app?.may("users") ? change(v) : null];
}
