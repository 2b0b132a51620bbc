// Open deals: which still live, and what to do with each.
import { h, type Child } from "../dom";
import { est, mean } from "../document";
import { head, refusal, sayRefusal, scope, section, table, type View } from "../parts";

const MOST = 25;

export function deals(v: View): Child[] {
  const { doc, t, f } = v, list = doc.open_deals;
  if (!list.length) return [scope(v), head(v, t.pages.deals, sayRefusal(v, "Q9"), null), section(v, t.dealsList, null, "deals", refusal(v, "Q9", 1))];
  const name = (advice: string) => t.advices[advice] ?? advice;
  const kinds = [...new Set(list.map((x) => x.advice))].map((advice) => {
    const of = list.filter((x) => x.advice === advice);
    return { advice, n: of.length, value: of.reduce((sum, x) => sum + mean(x.expected_value), 0) };
  }).sort((a, b) => b.value - a.value);
  const dead = list.filter((x) => (x.p_alive ?? 1) < 0.5).length;
  const sorted = [...list].sort((a, b) => mean(b.expected_value) - mean(a.expected_value));
  const rows = (part: typeof list) => part.map((x): Child[] => [
    [h("b", {}, x.deal_id), x.stage ? h("span.sub", {}, x.stage) : null], x.p_alive === null ? t.noValue : h("b", {}, f.prob(x.p_alive)), x.p_win === null ? t.noValue : f.prob(x.p_win),
    est(x.expected_value) ? f.money(mean(x.expected_value)) : t.noValue, [name(x.advice), x.why || x.text ? h("span.sub", {}, x.why ?? x.text) : null]]);
  const columns = [{ name: t.deal }, { name: t.alive, cls: "r" }, { name: t.wins, cls: "r" }, { name: t.expected, cls: "r" }, { name: t.advice }];
  const body = table("st dl", columns, rows(sorted.slice(0, MOST)), t.dealsList);
  const rest = sorted.slice(MOST);
  const more = rest.length ? h("details.rows", {}, h("summary", {}, t.dealsMore(f.int(rest.length))), table("st dl", columns, rows(rest), t.dealsList)) : null;
  return [scope(v), head(v, t.pages.deals, t.dealsFinding(f.int(list.length), f.int(dead)), null),
    section(v, t.dealsSection, t.dealsAside, "deals", table("st ad", [{ name: t.advice }, { name: t.deals, cls: "r" }, { name: t.expected, cls: "r" }],
      kinds.map((k) => [h("b", {}, name(k.advice)), f.int(k.n), h("b", {}, f.money(k.value))]))),
    section(v, t.dealsList, t.dealsListAside(f.int(Math.min(MOST, list.length)), f.int(list.length)), null, body, more, h("p.note", {}, t.lifeNote))];
}
