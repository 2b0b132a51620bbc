// What is around every page, in the report and in the application: the top with the menu, the foot, focus and title.
import { h, type Child } from "./dom";
import type { Doc } from "./document";
import { formatOf, type Lang } from "./format";
import { endNotes, type App, type View } from "./parts";
import { activity } from "./pages/activity";
import { data } from "./pages/data";
import { deals } from "./pages/deals";
import { decisions } from "./pages/decisions";
import { overview } from "./pages/overview";
import { process } from "./pages/process";
import { seller } from "./pages/seller";
import { roles } from "./pages/roles";
import { sellers } from "./pages/sellers";
import { time } from "./pages/time";
import { keysFor, showKeys } from "./keys";
import { href, pageHref, PAGES, type Page, type State } from "./state";
import { en } from "./text/en";
import { sv } from "./text/sv";

const system = matchMedia("(prefers-color-scheme: dark)"), room = matchMedia("(min-width: 861px)"), paper = matchMedia("print");
const draw: Record<(typeof PAGES)[number], (v: View) => Child[]> = { overview, process, activity, sellers, time, decisions, deals, roles, data };

const currencyOf = (doc: Doc) => doc.data.currency ?? doc.activity?.plus_20pct?.currency ?? doc.open_deals.find((x) => x.currency)?.currency ??
  Object.values(doc.what_if).find((x) => x.currency)?.currency ?? "";

export function viewOf(state: State, doc: Doc, lang: Lang, app: App | null): View {
  return { doc, t: lang === "sv" ? sv : en, f: formatOf(lang, currencyOf(doc)), state, app,
    wide: room.matches || paper.matches || state.page === "print", printed: state.page === "print", notes: [] };
}

/** The pages of the result document. */
export function resultPage(v: View, page: Page = v.state.page): Child[] {
  if (page === "print") return [PAGES.map((name) => h("div.sheet", {}, draw[name](v))), endNotes(v)];
  if (page === "sellers" && v.state.arg) return seller(v);
  return draw[(PAGES as readonly string[]).includes(page) ? (page as (typeof PAGES)[number]) : "overview"](v);
}

function top(v: View, menu: [Page, string][], [tools, last]: Child[], skip: HTMLElement): HTMLElement {
  const { t, state } = v, dark = document.documentElement.dataset["theme"] === "dark", other = v.f.lang === "sv" ? "en" : "sv";
  const list = h("ul", {}, menu.map(([page, name]) => h("li", {}, h("a", { href: pageHref(state, page), "aria-current": state.page === page ? "page" : null }, name))), last);
  const nav = menu.length ? h("nav.main", { "aria-label": t.pagesLabel, id: "pages" }, list) : null;
  const close = () => { nav?.classList.remove("shown"); button.setAttribute("aria-expanded", "false"); };
  const button = h("button.menu", { type: "button", "aria-expanded": "false", "aria-controls": "pages", onclick: () => {
    const open = nav?.classList.toggle("shown");
    button.setAttribute("aria-expanded", String(open));
    if (open) nav?.querySelector("a")?.focus();
  } }, t.menu);
  nav?.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !nav.classList.contains("shown")) return;
    close();
    button.focus();
  });
  return h("header.top", {}, skip, h("div.wrap", {}, h("div.top-a", {}, state.page === "take" ? h("span.mark", {}, "Verkan") : h("a.mark", { href: pageHref(state, "overview") }, "Verkan"), v.doc.data.organisation ? h("span.org", {}, v.doc.data.organisation) : null,
    h("div.util", {}, tools, h("a", { href: href(state, { theme: dark ? "light" : "dark" }), id: "theme" }, dark ? t.light : t.dark),
      h("a", { href: href(state, { lang: other }), lang: other, hreflang: other, id: "lang" }, other === "sv" ? "Svenska" : "English"),
      v.app ? null : h("a.desk", { href: pageHref(state, "print") }, t.whole)), nav ? button : null), nav));
}

function foot(v: View): HTMLElement {
  const m = v.doc.method;
  return h("footer.wrap", {}, h("div.foot", {}, m.version ? h("span", {}, v.t.made(m.version, String(m.seed), v.f.date(v.doc.data.as_of))) : null,
    v.app?.part("foot", v), h("button.link.keys", { type: "button", id: "keys", onclick: showKeys }, v.t.keysName), m.version ? h("span.end", {}, v.t.allIntervals(v.f.pct(0.9))) : null));
}

let before: State | null = null;

/** Puts a page on the screen: the focus goes to its heading where it is another page than before. */
export function paint(v: View, menu: [Page, string][], tools: Child[], draw: () => Child[]): void {
  const { state } = v, root = document.documentElement, focused = document.activeElement?.id ?? "";
  keysFor(v);
  root.lang = v.f.lang;
  root.dataset["theme"] = v.printed ? "light" : state.theme || (system.matches ? "dark" : "light");
  const main = h("main.wrap", { id: "main" }, draw());
  const skip = h("a.skip", { href: href(state), onclick: (event) => { event.preventDefault(); main.querySelector<HTMLElement>("h1")?.focus(); } }, v.t.skip);
  const stay = [...document.querySelectorAll("body > script")];
  document.body.replaceChildren(top(v, menu, tools, skip), main, foot(v), ...stay);
  const title = main.querySelector("h1, h2.name")?.textContent ?? "";
  document.title = `${title} \u2013 Verkan`;
  if (before && (before.page !== state.page || before.arg !== state.arg)) {
    scrollTo(0, 0);
    main.querySelector<HTMLElement>("h1")?.focus();
  } else if (before && focused) document.getElementById(focused)?.focus();
  before = state;
}

/** Whether words stand in a form that are not sent: drawing anew would lose them. */
const written = () => [...document.querySelectorAll<HTMLTextAreaElement>("main textarea")].some((field) => field.value !== field.defaultValue);

/** Calls back when the page must be drawn anew: another address, theme, width, or paper. */
export function watch(show: () => void): void {
  addEventListener("hashchange", show);
  for (const query of [system, room, paper]) query.addEventListener("change", () => {
    if (!written()) return show();
    const theme = before?.theme || (system.matches ? "dark" : "light");
    document.documentElement.dataset["theme"] = paper.matches ? "light" : theme;
  });
}
