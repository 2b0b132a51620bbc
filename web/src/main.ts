// Reads the document that stands in the page, and draws what the address asks for.
import { h, type Child } from "./dom";
import { readDocuments } from "./document";
import { formatOf } from "./format";
import type { View } from "./parts";
import { activity } from "./pages/activity";
import { data } from "./pages/data";
import { deals } from "./pages/deals";
import { decisions } from "./pages/decisions";
import { overview } from "./pages/overview";
import { process } from "./pages/process";
import { seller } from "./pages/seller";
import { sellers } from "./pages/sellers";
import { time } from "./pages/time";
import { href, PAGES, parse, type Page, type State } from "./state";
import { en } from "./text/en";
import { sv } from "./text/sv";

const documents = readDocuments();
const own = JSON.parse(document.getElementById("document")!.textContent!).language as "sv" | "en";
const system = matchMedia("(prefers-color-scheme: dark)"), room = matchMedia("(min-width: 861px)"), paper = matchMedia("print");

const draw: Record<(typeof PAGES)[number], (v: View) => Child[]> = { overview, process, activity, sellers, time, decisions, deals, data };

function viewOf(state: State): View {
  const lang = state.lang || own, doc = documents[lang];
  return { doc, t: lang === "sv" ? sv : en, f: formatOf(lang, doc.data.currency ?? doc.activity?.plus_20pct?.currency ?? doc.open_deals.find((x) => x.currency)?.currency ??
    Object.values(doc.what_if).find((x) => x.currency)?.currency ?? ""), state,
    wide: room.matches || paper.matches || state.page === "print", printed: state.page === "print" };
}

function top(v: View, skip: HTMLElement): HTMLElement {
  const { t, state } = v, dark = document.documentElement.dataset["theme"] === "dark", other = v.f.lang === "sv" ? "en" : "sv";
  const list = h("ul", {}, PAGES.map((page) => h("li", {}, h("a", { href: href(state, { page, arg: "", open: [] }),
    "aria-current": state.page === page ? "page" : null }, t.pages[page]))));
  const nav = h("nav.main", { "aria-label": t.pagesLabel, id: "pages" }, list);
  const menu = h("button.menu", { type: "button", "aria-expanded": "false", "aria-controls": "pages", onclick: () => {
    const open = nav.classList.toggle("shown");
    menu.setAttribute("aria-expanded", String(open));
    if (open) nav.querySelector("a")?.focus();
  } }, t.menu);
  nav.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !nav.classList.contains("shown")) return;
    nav.classList.remove("shown");
    menu.setAttribute("aria-expanded", "false");
    menu.focus();
  });
  return h("header.top", {}, skip, h("div.wrap", {}, h("div.top-a", {}, h("a.mark", { href: href(state, { page: "overview", arg: "", open: [] }) }, "Verkan"),
    h("div.util", {}, h("a", { href: href(state, { theme: dark ? "light" : "dark" }), id: "theme" }, dark ? t.light : t.dark),
      h("a", { href: href(state, { lang: other }), lang: other, hreflang: other, id: "lang" }, other === "sv" ? "Svenska" : "English"),
      h("a.desk", { href: href(state, { page: "print", arg: "", open: [] }) }, t.whole)), menu), nav));
}

function foot(v: View): HTMLElement {
  const m = v.doc.method;
  return h("footer.wrap", {}, h("div.foot", {}, h("span", {}, v.t.made(m.version, String(m.seed), v.f.date(v.doc.data.as_of))),
    h("span.end", {}, v.t.allIntervals(v.f.pct(0.9)))));
}

function body(v: View): Child[] {
  if (v.state.page === "print") return PAGES.map((page) => h("div.sheet", {}, draw[page](v)));
  if (v.state.page === "sellers" && v.state.arg) return seller(v);
  return draw[v.state.page](v);
}

let before: State | null = null;

function show(): void {
  const state = parse(location.hash), v = viewOf(state), root = document.documentElement;
  const focused = document.activeElement?.id ?? "";
  root.lang = v.f.lang;
  root.dataset["theme"] = state.page === "print" ? "light" : state.theme || (system.matches ? "dark" : "light");
  const main = h("main.wrap", { id: "main" }, body(v));
  const skip = h("a.skip", { href: href(state), onclick: (event) => { event.preventDefault(); main.querySelector<HTMLElement>("h1")?.focus(); } }, v.t.skip);
  const stay = [...document.querySelectorAll("script")];
  document.body.replaceChildren(top(v, skip), main, foot(v), ...stay);
  const title = main.querySelector("h1, h2.name")?.textContent ?? "";
  document.title = `${title} \u2013 Verkan`;
  if (before && (before.page !== state.page || before.arg !== state.arg)) {
    scrollTo(0, 0);
    main.querySelector<HTMLElement>("h1")?.focus();
  } else if (before && focused) document.getElementById(focused)?.focus();
  before = state;
}

addEventListener("hashchange", show);
system.addEventListener("change", show);
room.addEventListener("change", show);
paper.addEventListener("change", show);
show();

export type { Page };
