// Numbers, dates and certainty as UI sentences write them: no-break spaces, a true minus, one scale of words.
import type { Estimate } from "./document";

export type Lang = "sv" | "en";
const NB = "\u00a0";

export interface Format {
  lang: Lang;
  int(x: number): string;
  /** With so many decimals; tick: at most so many. */
  num(x: number, decimals?: number): string;
  tick(x: number, decimals: number): string;
  pct(share: number): string;
  /** A probability as a percent: over 99 and under 1 are said so. */
  prob(p: number): string;
  range(lo: number, hi: number, decimals?: number): string;
  pctRange(e: Estimate): string;
  /** Money with three significant figures. */
  money(x: number): string;
  moneyRange(e: Estimate): string;
  /** Money in words: millions with one decimal, less as it is. */
  short(x: number): string;
  /** Short money for axes and sub-lines: millions or thousands, with its unit. */
  axis(x: number, top: number): string;
  unit(top: number): string;
  days(x: number): string;
  date(iso: string | null): string;
  month(iso: string | null): string;
}

export function round3(x: number): number {
  if (!x) return 0;
  const step = 10 ** Math.max(0, Math.floor(Math.log10(Math.abs(x))) - 2);
  return Math.round(x / step) * step;
}

export function formatOf(lang: Lang, currency: string): Format {
  const tag = lang === "sv" ? "sv-SE" : "en-GB";
  const plain = (x: number, d: number, least = 0) =>
    new Intl.NumberFormat(tag, { minimumFractionDigits: least, maximumFractionDigits: d }).format(x)
      .replace(/^[-\u2212](?=[0.,]*$)/, "").replace(/-/g, "\u2212").replace(/\s/g, NB);
  const to = lang === "sv" ? "till" : "to";
  const join = (lo: string, hi: string, negative: boolean) => (negative ? `${lo} ${to} ${hi}` : `${lo}\u2013${hi}`);
  const percent = lang === "sv" ? `${NB}%` : "%";
  const withMoney = (text: string) => {
    if (!currency) return text;
    if (lang === "sv") return `${text}${NB}${currency === "SEK" ? "kr" : currency}`;
    return `${currency}${NB}${text}`;
  };
  const day = (iso: string, options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(lang === "sv" ? "sv-SE" : "en-GB", { timeZone: "UTC", ...options })
      .format(new Date(iso + "T00:00:00Z")).replace(/\./g, "").replace(/\s/g, NB);
  const f: Format = {
    lang,
    int: (x) => plain(Math.round(x), 0),
    num: (x, d = 0) => plain(x, d, d),
    tick: (x, d) => plain(x, d),
    pct: (x) => plain(100 * x, 0) + percent,
    prob: (p) => {
      if (p > 0.99) return (lang === "sv" ? "över" : "over") + `${NB}99${percent}`;
      if (p < 0.01) return (lang === "sv" ? "under" : "under") + `${NB}1${percent}`;
      return plain(100 * p, 0) + percent;
    },
    range: (lo, hi, d = 0) => join(plain(lo, d, d), plain(hi, d, d), lo < 0 || hi < 0),
    pctRange: (e) => join(plain(100 * e.lo, 0), plain(100 * e.hi, 0), e.lo < -0.005 || e.hi < -0.005),
    money: (x) => withMoney(plain(round3(x), 0)),
    short: (x) => {
      if (Math.abs(x) < 999500) return withMoney(plain(round3(x), 0));
      const many = plain(x / 1e6, Math.abs(x) < 99.5e6 ? 1 : 0);
      return lang === "sv" ? withMoney(`${many}${NB}miljoner`) : withMoney(`${many}${NB}million`);
    },
    moneyRange: (e) => join(plain(round3(e.lo), 0), plain(round3(e.hi), 0), e.lo < 0 || e.hi < 0),
    axis: (x, top) => plain(x / (top >= 1e6 ? 1e6 : top >= 1e3 ? 1e3 : 1), 1),
    unit: (top) => {
      const many = top >= 1e6 ? (lang === "sv" ? "mn" : "mn") : top >= 1e3 ? (lang === "sv" ? "tusen" : "thousand") : "";
      const money = lang === "sv" && currency === "SEK" ? "kr" : currency;
      return lang === "sv" ? [many, money].filter(Boolean).join(NB) : [money, many].filter(Boolean).join(NB);
    },
    days: (x) => plain(x, x < 10 ? 1 : 0),
    date: (iso) => (iso ? day(iso, { day: "numeric", month: "short", year: "numeric" }) : "\u2013"),
    month: (iso) => (iso ? day(iso, { month: "short", year: "numeric" }) : "\u2013"),
  };
  return f;
}

/** 4 almost certain, 3 very likely, 2 likely, 0 cannot be said. */
export function certainty(p: number): 0 | 2 | 3 | 4 {
  return p >= 0.95 ? 4 : p >= 0.85 ? 3 : p >= 0.7 ? 2 : 0;
}
