// Whether the chances were right that stored diagnoses gave open deals: how many were expected to be won, and how many were.
import { h, type Child } from "../dom";
import { asTable, axisColumn, axisOf, paired, say2, section, table, type Column, type View } from "../parts";
import type { Estimate } from "../document";
import { href } from "../state";
import { get, Refused } from "./api";
import { later } from "./ui";

interface Count { told: number; closed: number; few: boolean; won: number | null; expected: number | null; lo: number | null; hi: number | null }
interface Hits extends Count { closer: boolean | null; least: number; bands: (Count & { from: number; to: number })[]; diagnoses: (Count & { id: number; as_of: string | null })[] }

const about = (v: View, x: number) => v.f.num(x, x < 10 ? 1 : 0);
const share = (x: number | null, of: Count): number => (x ?? 0) / Math.max(1, of.closed);
const expected = (x: Count): Estimate => ({ mean: share(x.expected, x), lo: share(x.lo, x), hi: share(x.hi, x) });
const won = (x: Count): Estimate => ({ mean: share(x.won, x), lo: share(x.won, x), hi: share(x.won, x) });

/** By the chance that was told: how large a part was expected to be won, and how large a part was. */
function bands(v: View, list: Hits["bands"]): Child {
  const { t, f } = v, x = t.app.hits, axis = axisOf(list.flatMap((b) => [expected(b), won(b)]), v.wide ? 380 : 210);
  const name = (b: Hits["bands"][number]) => `${f.int(100 * b.from)}\u2013${f.pct(b.to)}`;
  const words = (b: Hits["bands"][number]) => x.words(f.pct(expected(b).mean), f.pctRange(expected(b)), f.pct(won(b).mean));
  return h("div.fig", {}, table("st hi", [{ name: x.chance, row: true, bare: true }, axisColumn(v, axis, (y) => f.int(100 * y), "%"), { name: x.closed, cls: "r" }, { name: x.expected, cls: "r" }, { name: x.won, cls: "r" }],
    list.map((b) => [h("b", {}, name(b)), paired(axis, expected(b), won(b), words(b)), f.int(b.closed),
      [about(v, b.expected ?? 0), h("span.sub.nb", {}, f.range(b.lo ?? 0, b.hi ?? 0))], h("b", {}, f.int(b.won ?? 0))])), h("p.note", {}, x.note));
}

function diagnoses(v: View, got: Hits): Child {
  const { t, f } = v, x = t.app.hits, none = (b: Count, text: string) => (b.few ? x.few : b.closed ? text : t.noValue);
  const columns: Column[] = [{ name: x.asOf }, { name: x.told, cls: "r" }, { name: x.closed, cls: "r" }, { name: x.expected, cls: "r" }, { name: x.won, cls: "r" }];
  return asTable(v, "tm", columns, got.diagnoses.map((b) => [h("a", { href: href(v.state, { snapshot: String(b.id), page: "deals", open: [] }) }, b.as_of ? f.date(b.as_of) : t.noValue), f.int(b.told),
    b.few ? x.few : f.int(b.closed), none(b, about(v, b.expected ?? 0)), none(b, f.int(b.won ?? 0))]), x.byDiagnosis, x.byDiagnosis);
}

export function hits(v: View): Child {
  const { t, f } = v, x = t.app.hits;
  if (!v.app?.may("result") || v.printed) return null;
  return section(v, x.name, x.aside, "hits", later(v, "hits", () => get<Hits>("/api/hits"), (got) => {
    if (!got.told) return [say2(x.noneTold), h("div.gap", {}, h("p.lede", {}, x.noneToldWhy))];
    if (got.won === null) return [say2(got.few ? x.fewClosed(got.told, f.int(got.told), f.int(got.least)) : x.noneClosed(got.told, f.int(got.told))), h("div.gap", {}, h("p.lede", {}, x.notYetWhy)), diagnoses(v, got)];
    const lo = got.lo ?? 0, hi = got.hi ?? 0, range = f.range(lo, hi);
    return [say2(x.finding(f.int(got.told), f.int(got.closed), about(v, got.expected ?? 0), f.int(got.won))),
      h("p.lede", {}, h("b", {}, got.won < lo ? x.tooHigh : got.won > hi ? x.tooLow : x.right), " ", x.chanceAlone(range), " ", got.closer ? x.closer : x.notCloser),
      got.bands.length ? bands(v, got.bands) : null, diagnoses(v, got)];
  }, (error) => (error instanceof Refused && (error.status === 403 || error.status === 404) ? [say2(x.noneTold), h("div.gap", {}, h("p.lede", {}, error.message || x.noneToldWhy))] : undefined)));
}
