// The application: asks who looks, fetches the result document, and draws what the address asks for.
import { h, type Child } from "./dom";
import { BLANK, type Doc } from "./document";
import type { Lang } from "./format";
import { head, section, type App, type Part, type View } from "./parts";
import { ask, get, onExpired, Refused, speak, type Me } from "./app/api";
import { adminPage } from "./app/admin";
import { assessPage, competencePage, ratePage } from "./app/assess";
import { asOf, forgetSnapshots } from "./app/as-of";
import { interviewPage } from "./app/interview";
import { decide, followed, logged } from "./app/decide";
import { hits } from "./app/hits";
import { importFirst, importPage, importPart, onResult } from "./app/import";
import { casesPart, contested, mustJudge, onContest, onNotes, prepare, side } from "./app/person";
import { ownInstruments } from "./app/instruments";
import { measure } from "./app/measure";
import { recruitmentPage } from "./app/recruitment";
import { dealPage, rowsPage } from "./app/rows";
import { account, login, logout, secondFirst, setup } from "./app/session";
import { takeLang, takePage } from "./app/take";
import { whatIf } from "./app/whatif";
import { blocks, button, forgetRead, linkButton, standing, told } from "./app/ui";
import { paint, resultPage, viewOf, watch } from "./shell";
import { href, pageHref, PAGES, parse, type Page, type State } from "./state";

type Result = { doc: Doc } | { none: true } | { hidden: true };
type Draw = (v: View, about?: unknown) => Child;

let me: Me | null = null;
let first = false; // no account exists yet
let expired = false;
let turn = 0;
let drawn = ""; // the address that is on the screen
const results = new Map<string, Result>();
const parts: Partial<Record<Part, Draw>> = { whatIf, decide, logged, followed, hits, cases: casesPart, import: importPart, measure: (v) => [measure(v), ownInstruments(v)], scope: frozen, asOf, foot: takeAway };

const tongue = (state: State): Lang => state.lang || (me?.lang === "sv" || me?.lang === "en" ? me.lang : navigator.language.startsWith("sv") ? "sv" : "en");

const app: App = {
  get name() { return me?.name ?? ""; },
  get role() { return me?.role ?? ""; },
  get seller() { return me?.seller_id ?? ""; },
  get personLevel() { return me?.person_level ?? "case"; },
  may: (what) => !!me?.may.includes(what),
  part: (name, v, about) => parts[name]?.(v, about) ?? null,
  side, mustJudge, contested,
};

/** What is read from the server is read once for each language and version. */
async function result(state: State, lang: Lang): Promise<Result> {
  const key = `${lang}/${state.snapshot}`, known = results.get(key);
  if (known) return known;
  let got: Result;
  try {
    const doc = await get<Partial<Doc>>("/api/result" + (state.snapshot ? `?snapshot=${encodeURIComponent(state.snapshot)}` : ""));
    got = doc.answers ? { doc: { ...BLANK, ...doc } } : { hidden: true }; // some roles see counts alone
  } catch (error) {
    if (!(error instanceof Refused) || (error.status !== 404 && error.status !== 403)) throw error;
    if (error.status === 404 && error.code !== "no_result") throw error;
    got = error.status === 404 ? { none: true } : { hidden: true };
  }
  results.set(key, got);
  return got;
}

export function forget(): void { results.clear(); forgetRead(); forgetSnapshots(); drawn = ""; }

async function enter(state: State): Promise<boolean> {
  if (me) return true;
  try {
    me = await get<Me>("/api/me", true);
    expired = false;
    return true;
  } catch (error) {
    if (!(error instanceof Refused) || error.status !== 401) throw error;
    first = !!(error.body as { setup?: boolean } | null)?.setup;
    speak(tongue(state));
    return false;
  }
}

async function leave(): Promise<void> {
  try { await logout(); } finally {
    me = null;
    expired = false;
    forget();
    location.hash = "#/overview";
    show();
  }
}

function menu(v: View, got: Result | null): [Page, string][] {
  if (!me) return [];
  const list: [Page, string][] = got && "hidden" in got ? [] : PAGES.map((page): [Page, string] => [page, v.t.pages[page]]);
  if (app.may("profile")) list.push(["competence", me.role === "seller" ? v.t.assess.development : v.t.assess.competence]);
  if (app.may("assess")) list.push(["assess", v.t.assess.assess]);
  if (app.may("recruit")) list.push(["recruitment", v.t.app.recruit.name]);
  if (app.may("users") || app.may("audit")) list.push(["admin", v.t.app.admin]);
  return list;
}

function tools(v: View): Child {
  if (!me) return null;
  return [h("a.desk", { href: pageHref(v.state, "account"), id: "account", "aria-current": v.state.page === "account" ? "page" : null },
    `${me.name}, ${(v.t.app.roles[me.role] ?? me.role).toLocaleLowerCase(v.f.lang)}`),
  h("button.link.out.desk", { type: "button", id: "out", onclick: () => void leave() }, v.t.app.logOut)];
}

/** What stands in the top where there is room stands last in the menu elsewhere. */
function last(v: View): Child {
  return me ? [h("li.phone", {}, h("a", { href: pageHref(v.state, "account") }, v.t.app.account)),
    h("li.phone", {}, h("button.link.out", { type: "button", onclick: () => void leave() }, v.t.app.logOut))] : null;
}

function show(): void { void draw(++turn); }

/** What stands in the place of a page that could not be fetched. */
function broken(v: View, error: unknown): Child[] {
  const offline = error instanceof TypeError;
  return [head(v, v.t.app.problem, offline ? v.t.app.offline : v.t.app.failed, h("p.cert", {}, h("span", {}, told(v, error), " ", v.t.app.nothingChanged))),
    h("div.btns", {}, button(v.t.app.tryAgain, show, "pri"))];
}

function empty(v: View): Child[] {
  const a = v.t.app, able = app.may("import");
  return [head(v, v.t.here, a.emptyFinding, h("p.cert", {}, h("span", {}, able ? a.emptyWhy : a.emptyAsk))),
    section(v, a.emptySection, null, null, standing(a.emptyWhat, a.emptyLeast, able ? linkButton(a.toData, pageHref(v.state, "data"), "pri") : null))];
}

/** An earlier result says that it is one, and the way to the newest. */
function frozen(v: View): Child {
  return v.state.snapshot ? h("span.frozen", {}, h("b", {}, v.t.app.frozen), " ", h("a", { href: href(v.state, { snapshot: "" }) }, v.t.app.newest)) : null;
}

function takeAway(v: View): Child {
  return app.may("report") && v.doc.schema ? [h("a", { href: `/api/report.html?lang=${v.f.lang}`, download: true }, v.t.app.takeReport), h("a", { href: `/api/report.json?lang=${v.f.lang}`, download: true }, v.t.app.takeJson)] : null;
}

function page(v: View, got: Result): Child[] {
  const { state } = v;
  if (state.page === "account" && me) return account(v, me, () => void leave());
  if (state.page === "admin" && (app.may("users") || app.may("audit"))) return adminPage(v);
  if (state.page === "competence" && app.may("profile")) return competencePage(v);
  if (state.page === "assess" && app.may("assess")) return assessPage(v);
  if (state.page === "rate" && app.may("rate")) return ratePage(v);
  if (state.page === "interview" && app.may("interview")) return interviewPage(v);
  if (state.page === "recruitment" && app.may("recruit")) return recruitmentPage(v);
  if (state.page === "data" && state.arg && app.may("import")) return importPage(v);
  if ("none" in got && state.page === "data") return importFirst(v);
  if ("none" in got) return empty(v);
  if ("hidden" in got) return account(v, me!, () => void leave());
  if (state.page === "rows") return rowsPage(v);
  if (state.page === "deal" && state.arg) return dealPage(v);
  return resultPage(v);
}

async function draw(mine: number): Promise<void> {
  const state = parse(location.hash);
  let lang = tongue(state), v = viewOf(state, BLANK, lang, app);
  speak(lang);
  const waiting = setTimeout(() => { if (mine === turn) paint(v, menu(v, null), [tools(v), last(v)], () => [h("div.head", {}, h("h1", { id: "title", tabindex: -1 }, v.t.app.fetching)), blocks()]); }, 400);
  try {
    if (state.page === "take") { // a link without account: nobody is asked to log in
      const own = state.lang || (await takeLang(state.arg));
      if (mine !== turn) return;
      lang = own || lang;
      speak(lang);
      v = viewOf(state, BLANK, lang, app);
      paint(v, [], [], () => takePage(v, state.arg));
      return;
    }
    const inside = await enter(state);
    if (mine !== turn) return;
    lang = tongue(state);
    speak(lang);
    v = viewOf(state, BLANK, lang, app);
    if (state.page === "setup" && (state.token || first)) {
      paint(v, [], [], () => setup(v, state.token, first, () => { me = null; forget(); history.replaceState(null, "", href(state, { page: "overview", token: "" })); show(); }));
      return;
    }
    if (!inside) {
      paint(v, [], [], () => (first ? setup(v, "", true, show) : login(v, expired, () => { forget(); show(); })));
      document.querySelector<HTMLInputElement>("main input")?.focus();
      return;
    }
    if (me?.second_needed) {
      const needs = me;
      paint(v, [], [tools(v), last(v)], () => secondFirst(v, needs, () => { forget(); show(); }, () => void leave()));
      return;
    }
    if (!location.hash && me?.role === "seller" && me.seller_id) { // one's own row comes first
      location.replace(href(state, { page: "sellers", arg: me.seller_id }));
      return;
    }
    if (!location.hash && me?.role === "hr" && app.may("assess")) { // what HR has here
      location.replace(href(state, { page: "assess" }));
      return;
    }
    const got = await result(state, lang);
    if (mine !== turn) return;
    if (state.page === "sellers" && drawn !== location.hash) await prepare(state.arg);
    if (mine !== turn) return;
    if ("doc" in got) v = viewOf(state, got.doc, lang, app);
    paint(v, menu(v, got), [tools(v), last(v)], () => page(v, got));
    drawn = location.hash;
  } catch (error) {
    if (mine !== turn) return;
    if (error instanceof Refused && error.code === "second" && me && !me.second_needed) { me = null; show(); return; } // asked for since one came in
    if (error instanceof Refused && error.status === 401) { me = null; expired = true; show(); return; }
    paint(v, me ? menu(v, null) : [], [tools(v), last(v)], () => broken(v, error));
  } finally {
    clearTimeout(waiting);
  }
}

onResult(() => forget());
onNotes(() => { drawn = ""; show(); });
onContest(() => { forget(); drawn = ""; show(); });
onExpired(() => { if (me) { me = null; expired = true; forget(); show(); } });
watch(show);
document.addEventListener("click", (event) => {
  const link = (event.target as Element).closest?.("a#lang");
  if (link && me) void ask("PATCH", "/api/me", { lang: link.getAttribute("lang") }).then(() => { if (me) me.lang = link.getAttribute("lang"); }, () => undefined);
});
show();
