// What the reader has chosen. All of it stands in the address, after the #: /sellers/S12?team=T1&lang=sv
import type { Lang } from "./format";

/** The pages of the report, in the order of the menu. */
export const PAGES = ["overview", "process", "activity", "sellers", "time", "decisions", "deals", "roles", "data"] as const;
/** What the application has beside them. */
export const APP_PAGES = ["recruitment", "rows", "deal", "competence", "assess", "rate", "interview", "take", "admin", "account", "setup", "help"] as const;
export type Page = (typeof PAGES)[number] | (typeof APP_PAGES)[number] | "print";

/** Choices that are plain words in the address. */
const KEYS = ["team", "sit", "stage", "moment", "seller", "outcome", "snapshot", "view", "plus", "free", "fix", "stop", "token"] as const;
type Key = (typeof KEYS)[number];

export interface State extends Record<Key, string> {
  page: Page;
  arg: string; // what the page is about: a seller, a deal, an upload
  lang: Lang | ""; // "" = the document's
  theme: "light" | "dark" | ""; // "" = the system's
  open: string[]; // explanations that are open
}

export function parse(hash: string): State {
  const [path = "", query = ""] = hash.replace(/^#\/?/, "").split("?");
  const [page = "", ...rest] = path.split("/");
  const q = new URLSearchParams(query);
  const lang = q.get("lang"), theme = q.get("theme");
  let arg = rest.join("/");
  try { arg = decodeURIComponent(arg); } catch { arg = ""; }
  const known: readonly string[] = [...PAGES, ...APP_PAGES, "print"];
  const chosen = Object.fromEntries(KEYS.map((key) => [key, q.get(key) ?? ""])) as Record<Key, string>;
  return {
    ...chosen,
    page: known.includes(page) ? (page as Page) : "overview",
    arg,
    lang: lang === "sv" || lang === "en" ? lang : "",
    theme: theme === "dark" || theme === "light" ? theme : "",
    open: (q.get("open") ?? "").split(",").filter(Boolean),
  };
}

export function href(state: State, change: Partial<State> = {}): string {
  const s = { ...state, ...change };
  const q = new URLSearchParams();
  for (const key of ["lang", "theme", ...KEYS] as const) if (s[key]) q.set(key, s[key]);
  if (s.open.length) q.set("open", s.open.join(","));
  const path = s.arg ? `${s.page}/${encodeURIComponent(s.arg)}` : s.page;
  return `#/${path}${q.size ? "?" + q.toString() : ""}`;
}

/** The address of another page: what is chosen for all pages goes along, the rest does not. */
export function pageHref(state: State, page: Page, change: Partial<State> = {}): string {
  return href(state, { arg: "", moment: "", seller: "", stage: "", outcome: "", view: "", plus: "", free: "", fix: "", stop: "", token: "", open: [], page, ...change });
}
