// What the reader has chosen. All of it stands in the address, after the #: /sellers/S12?team=T1&lang=sv
import type { Lang } from "./format";

export const PAGES = ["overview", "process", "activity", "sellers", "time", "decisions", "deals", "data"] as const;
export type Page = (typeof PAGES)[number] | "print";

export interface State {
  page: Page;
  arg: string; // what the page is about: a seller
  lang: Lang | ""; // "" = the document's
  theme: "light" | "dark" | ""; // "" = the system's
  team: string;
  stage: string;
  moment: string;
  open: string[]; // explanations that are open
}

export function parse(hash: string): State {
  const [path = "", query = ""] = hash.replace(/^#\/?/, "").split("?");
  const [page = "", ...rest] = path.split("/");
  const q = new URLSearchParams(query);
  const lang = q.get("lang"), theme = q.get("theme");
  let arg = rest.join("/");
  try { arg = decodeURIComponent(arg); } catch { arg = ""; }
  return {
    page: page === "print" || (PAGES as readonly string[]).includes(page) ? (page as Page) : "overview",
    arg,
    lang: lang === "sv" || lang === "en" ? lang : "",
    theme: theme === "dark" || theme === "light" ? theme : "",
    team: q.get("team") ?? "",
    stage: q.get("stage") ?? "",
    moment: q.get("moment") ?? "",
    open: (q.get("open") ?? "").split(",").filter(Boolean),
  };
}

export function href(state: State, change: Partial<State> = {}): string {
  const s = { ...state, ...change };
  const q = new URLSearchParams();
  for (const key of ["lang", "theme", "team", "stage", "moment"] as const) if (s[key]) q.set(key, s[key]);
  if (s.open.length) q.set("open", s.open.join(","));
  const path = s.arg ? `${s.page}/${encodeURIComponent(s.arg)}` : s.page;
  return `#/${path}${q.size ? "?" + q.toString() : ""}`;
}
