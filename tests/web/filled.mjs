// A report whose document has something to say everywhere: what is empty in it is filled with made-up rows of the
// shapes of DESIGN section 7, so that every page is seen with and without an answer.

const e = (mean, lo, hi) => ({ mean, lo, hi });

function rows(doc) {
  const teams = [...new Set(doc.sellers.map((s) => s.team_id))], stage = doc.stages.at(-2)?.stage ?? null, seller = doc.sellers[0].seller_id;
  return {
    attribution: { share: { activity: e(0.09, 0.03, 0.15), market: e(0.17, 0.1, 0.24), mix: e(0.21, 0.14, 0.29), team: e(0.14, 0.07, 0.21),
      seller: e(0.15, 0.08, 0.22), chance: e(0.24, 0.18, 0.31) }, reliability: 0.6 },
    activity: { plus_20pct: { value: e(800000, -2100000, 3900000), own_deals: e(12, -20, 44), probability_half: 0.13, currency: "SEK" }, elasticity: e(0.21, -0.1, 0.5), saturated: true,
      quality: [{ what: "next_step", per_ten: e(-0.02, -0.03, -0.01), usual: 0.6, seen: true, occasions: 900, text: "Nästa steg avtalas mer sällan i veckor med högre tempo." }],
      text: "Mer tempo hjälper inte mycket här.", because: "", between_text: "Mellan säljare vore siffran en annan. Den används inte." },
    leaks: [
      { stage, moment: "decision_steering", team_id: null, segment: null, situation: "complex, committee", cause: "process", value_per_year: e(14200000, 9100000, 19800000), probability: 0.93 },
      { stage: doc.stages[0]?.stage ?? null, moment: "qualification", team_id: teams[0], segment: "Industri", situation: null, cause: "execution", value_per_year: e(6400000, 2900000, 10300000), probability: 0.84 },
      { stage: null, moment: "next_step", team_id: teams[1] ?? teams[0], segment: null, situation: null, cause: "pressure", value_per_year: e(4100000, 1600000, 6900000), probability: 0.88 },
      { stage, moment: "objection_handling", team_id: null, segment: null, situation: "simple", cause: "competence", value_per_year: e(1900000, 300000, 3800000), probability: 0.73 }],
    what_if: { "activity+20%": { value: e(800000, -2100000, 3900000) }, "fix:decision_steering": { value: e(11600000, 6400000, 17000000) },
      "fix:next_step": { value: e(2900000, 600000, 5400000) } },
    decisions: [
      { action: "process", target: null, moment: "decision_steering", verdict: "right", value: e(11600000, 6400000, 17000000), cost: 300000, p_positive: 0.996, why: "Hela teamet brister; ingen säljare kan lösa det ensam." },
      { action: "free_hours", target: teams[0], moment: "next_step", verdict: "right", value: e(2900000, 600000, 5400000), cost: 900000, p_positive: 0.98, why: "De kan redan." },
      { action: "coach", target: teams[1] ?? null, moment: "qualification", verdict: "too_early", value: e(300000, -600000, 1400000), cost: 480000, p_positive: 0.66, why: "Mät först." },
      { action: "raise_activity", target: null, moment: null, verdict: "wrong", value: e(-400000, -3300000, 2700000), cost: 1200000, p_positive: 0.39, why: "Kurvan är mättad." },
      { action: "redeploy", target: teams[0], moment: "decision_steering", verdict: "right", value: e(340000, 80000, 650000), cost: 84000, p_positive: 0.99, why: "Enkla affärer går bra.",
        swap: { gives: 1, takes: 1, deals: 45, sellers: [{ seller_id: "S0001", part: "gives", moment: "decision_steering", in_order_simple: 0.97, in_order_complex: 0.02, deals: 45 }, { seller_id: "S0002", part: "takes", moment: "decision_steering", in_order_simple: 0.95, in_order_complex: 0.9, deals: 45 }] } },
      { action: "train", target: null, moment: "objection_handling", verdict: "wrong", value: e(-2200000, -3300000, -900000), cost: 2700000, p_positive: 0.004, why: "Brist hos få." }],
    time: [["customer", 11.2, 11], ["internal", 9.4, 8.8], ["admin", 4.1, 4], ["travel", 2.6, 2.4], ["focus", 6.3, 6.1], ["absence", 3.2, 3]].flatMap(([category, hours, usual]) => [
      { category, hours_per_week: hours, usual, weeks: 1100, persons: 24, displaced: category === "internal" ? [{ what: "prospecting", per_hour: e(-0.12, -0.2, -0.05),
        between_sellers: -0.3, usual: 8, seen: true, weeks: 900, text: "En intern timme till i veckan tränger undan 0,12 prospekteringar samma vecka." }] : null },
      { team_id: teams[0], category, hours_per_week: hours + 1, usual, weeks: 300, persons: 6, displaced: null },
      { seller_id: seller, category, hours_per_week: hours - 1, usual, weeks: 50, displaced: null }]),
    follow_up: [{ intervention_id: "I1", kind: "training", moment: "next_step", what: "doing", effect: e(0.21, 0.06, 0.35), net: e(0.16, 0.02, 0.3), regression_to_mean: 0.05, evaluable: true, outcome: "worked", text: "Görs oftare efteråt." },
      { intervention_id: null, kind: "coaching", moment: "next_step", what: "success", effect: e(-0.02, -0.13, 0.1), net: e(-0.04, -0.15, 0.08), regression_to_mean: 0.02, evaluable: true, outcome: "not_told", text: "Det kan vara slump." },
      { intervention_id: "I3", kind: "activity_target", moment: null, what: "doing", effect: null, net: null, regression_to_mean: null, evaluable: false, outcome: null, text: "För få att jämföra med." }],
    open_deals: Array.from({ length: 40 }, (_, i) => ({ deal_id: `D${1000 + i}`, seller_id: seller, team_id: teams[i % teams.length], stage, days_in_stage: 10 + i, silent_days: i % 3 ? i * 2 : null,
      due_on: i % 4 ? null : "2026-12-01", late_on: null, amount: 100000 * (i + 1), currency: "SEK", p_alive: i % 7 ? 1 - i / 41 : null, p_win: 0.6 - i / 80, p_win_fresh: 0.5,
      expected_value: i % 7 ? 30000 * (i + 1) : null, hours: 4 + i / 3, at_stake: 20000, advice: ["drive_on", "next_step", "ask", "drop", "leave", null][i % 6], ground: "lives",
      why: "Kunden har hört av sig och ett nästa steg är bokat." })),
    process: [{ team_id: teams[0], stage: null, moment: "decision_steering", what: "doing", effect: e(-0.9, -1.3, -0.5), probability: 0.96, share: 0.21, usual: 0.41,
      text: "Styra till beslut i team T0001: görs vid 21 % av tillfällena av mediansäljaren där, på andra håll vid 41 % (96 %)." }],
    market: [{ segment: "Industri", from: "2026-01-01", effect: e(-0.8, -1.2, -0.4), probability: 0.88, text: "Industri är svagare från och med första kvartalet 2026 (88 %)." }],
  };
}

export function filled(html) {
  const open = '<script type="application/json" id="document">';
  const from = html.indexOf(open) + open.length, to = html.indexOf("</script>", from);
  const doc = JSON.parse(html.slice(from, to));
  for (const [key, value] of Object.entries(rows(doc))) {
    const empty = doc[key] === null || (Array.isArray(doc[key]) ? !doc[key].length : typeof doc[key] === "object" && !Object.keys(doc[key]).length);
    if (empty) doc[key] = value;
  }
  for (const a of doc.answers)
    if (a.reasons.some((r) => r.code === "no_model" || r.code === "process_only") && !["Q6", "Q7", "Q10"].includes(a.question))
      Object.assign(a, { status: "answered", why: "", record: "", reasons: [] });
  if (!doc.data.problems.length)
    doc.data.problems = [{ file: "deals.csv", line: 1204, field: "amount", code: "bad_number", sentence: "Beloppet 12 OOO är inget tal; skriv det med siffror.", rows: 3, kept: true },
      { file: "activities.csv", line: 88, field: "", code: "no_key", sentence: "Raden saknar activity_id.", rows: 41, kept: false }];
  doc.data.rejects ||= 41;
  const stray = doc.sellers[3].moments[3];
  Object.assign(stray, { verdict: null, probability: null, code: "few", why: "9 % av invändningarna är registrerade; 120 till räcker.", done_rate: null, success_rate: null, figures: null, evidence: [] });
  return html.slice(0, from) + JSON.stringify(doc).replace(/</g, "\\u003c") + html.slice(to);
}
