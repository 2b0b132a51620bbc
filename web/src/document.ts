// The result document (doc/diagnosis.schema.json) as the pages read it.

export interface Estimate { mean: number; lo: number; hi: number }
export type Loose = { mean: number | null; lo: number | null; hi: number | null } | number | null | undefined;
export type Verdict = "fine" | "competence" | "execution" | "pressure" | "process" | "market" | "unclear";
export type Cause = Exclude<Verdict, "unclear">;

export interface Flow {
  entered: number; standing: number;
  median_days: Loose; p90_days: Loose; median_workdays: Loose; p90_workdays: Loose;
  forward: Loose; back: Loose; won: Loose; lost: Loose; stalled: Loose; beyond_data: boolean;
  course?: Course | null;
}
/** Where those are that entered: shares by day, a list a state. */
export interface Course { day: number[]; standing: number[]; forward: number[]; back: number[]; won: number[]; lost: number[] }
export interface Situation extends Flow { situation: string }
export interface Stage extends Flow {
  stage: string; position: number; situations: Situation[];
  on_days?: number[] | null; lost_days?: number[] | null; turn_day?: number | null;
}
/** Done by hours of internal work in the week: as judged, and as recorded. */
export interface LoadCurve { points: { hours: number; done: Loose; usual: number }[]; recorded: { hours: number; n: number; done: number }[] }
export interface Moment {
  moment: string; occasions: number; done_rate: Loose; success_rate: Loose;
  verdict: Verdict | null; probability: Record<Cause, number> | null; code: string;
  why: string; evidence: string[]; contested?: boolean; would_settle: string | null;
  situations: { situation: string; verdict: Verdict | null; probability: Record<Cause, number> | null }[];
  figures: {
    load?: LoadCurve | null;
    counts: { done: number; known: number; success: number };
    shares: Record<string, number | null>;
    settle: { kind: string; n: number; probability: number; pays?: boolean; options?: { kind: string; n: number; probability: number; cost: number | null; value: number | null; net: number | null }[] };
  } | null;
}
export interface Seller {
  seller_id: string | null; team_id: string | null; rank: { lo: number; hi: number } | null; moments: Moment[];
  result?: { contacts: number; won: number } | null;
}
export interface Answer {
  question: string; asked: string; status: "answered" | "weak" | "cannot"; why: string; record: string;
  reasons: { code: string; why: string; record: string }[];
}
export interface Problem {
  file: string; line: number; field: string; code: string; sentence: string; rows: number; kept: boolean;
}
export interface FileBalance {
  file: string; table: string; read: number; used: number; identical: number; replaced: number; rejected: number;
  skipped: number;
}
export interface Leak {
  stage?: string | null; stages?: { stage: string; share: number }[]; moment?: string | null; team_id?: string | null; segment?: string | null;
  situation?: string | null; cause?: Verdict | null; value_per_year: Loose; probability: number; text?: string;
}
export interface Decision {
  action: string; target?: string | null; moment?: string | null; verdict: "right" | "wrong" | "too_early";
  value: Loose; cost: Loose; p_positive: number | null; why?: string; text?: string;
  worth_knowing?: number | null; swap?: Swap | null;
}
export interface Swap {
  gives: number; takes: number; deals: number;
  sellers?: { seller_id?: string | null; part: "gives" | "takes"; moment: string; in_order_simple: number; in_order_complex: number; deals: number }[];
}
export interface Displaced { what: string; per_hour: Loose; seen: boolean; text: string; usual?: number | null }
export interface TimeRow {
  seller_id?: string | null; team_id?: string | null; category: string; hours_per_week: number | null;
  usual?: number | null; weeks?: number; displaced?: Displaced[] | null;
}
export interface FollowUp {
  intervention_id: string | null; kind?: string; action?: string | null; team_id?: string | null; moment?: string | null; what?: string; from?: string; evaluable: boolean; outcome?: string | null;
  before?: number | null;
  effect: Loose; regression_to_mean: number | null; net?: Loose; text?: string;
}
/** What a result told of a proposal, kept with the decision about it. */
export interface Told { snapshot: number; verdict: string | null; value: Loose; cost: number | null; currency: string | null; p_positive: number | null;
  expects: { closes: Loose; doing: Loose; success: Loose } | null }
/** What a decision was predicted to change where it has been followed up: points of the share, and when and by whom it was logged. */
export interface Predicted { points: Estimate; on: string; who: string }
export interface OpenDeal {
  deal_id: string; seller_id?: string | null; team_id?: string | null; stage?: string | null; days_in_stage?: number | null;
  silent_days?: number | null; due_on?: string | null; late_on?: string | null; amount?: number | null; currency?: string;
  p_alive: number | null; p_win: number | null; expected_value: number | null; hours?: number | null;
  advice: string | null; why?: string; weeks?: number[];
}
export interface Requirement { role: string; competency: string; name?: string; weight: Loose; status: string; experts: number; own_deals: boolean }
export interface Applicant {
  label: string; candidate_id?: string | null; role: string | null; applied_on?: string | null; experience_years?: number | null; decision?: string | null;
  measured: number | null; answers?: number; status: string; code: string; performance: Loose; upper_half: number | null;
}
export interface Doc {
  schema: string; language: "en" | "sv"; withheld?: boolean; contested?: { findings: number; actions: number; leaks?: number; left?: number };
  data: {
    from: string | null; to: string | null; as_of: string | null; sellers: number; deals: number; activities: number;
    rejects: number; undated_deals: number; won: number; lost: number; open: number; currency?: string | null; organisation?: string;
    problems: Problem[]; files: FileBalance[];
  };
  finding: { kind: string; text: string; certainty: string; stage: string | null; probability: number | null };
  answers: Answer[];
  attribution: { share: Record<string, Loose>; reliability?: Loose; separable?: boolean; persons?: number } | null;
  league?: { text: string; ordered: boolean; same?: { persons: number; low: number; high: number; worse: number; better: number } | null } | null;
  postponed?: { text: string } | null;
  activity: {
    tempo?: string;
    plus_20pct?: { value: Loose; own_deals?: Loose; takes?: { text: string }; probability_half?: number; currency?: string }; elasticity?: Loose; saturated?: boolean | null;
    curve?: { contacts: number; low: number; high: number; per_contact: number } | null;
    quality?: { what: string; per_ten: Loose; usual: number | null; seen: boolean; text: string }[]; text?: string; because?: string; between_text?: string;
  } | null;
  whole: Flow; stages: Stage[];
  occupation: { age_days: number[]; states: string[]; share: Loose[][]; mean_days: Loose[] };
  cohorts: { quarter: string; created: number; won: number; lost: number; open: number; win: Loose; beyond_data: boolean }[];
  conversion: { kind: string; systems: string; definition: string; differs: string; stage: string | null; n: number;
    of: number; value: number | null }[];
  inferred: { text: string }[];
  leaks: Leak[]; sellers: Seller[];
  process: { team_id: string; moment: string; what: string; effect: Loose; probability: number; share: number;
    usual: number; text: string }[];
  market: { segment: string; from: string; effect: Loose; probability: number; text: string }[];
  what_if: Record<string, { value: Loose; change?: string; text?: string; p_positive?: number; currency?: string }>;
  decisions: Decision[]; time: TimeRow[]; follow_up: FollowUp[]; open_deals: OpenDeal[];
  requirements: Requirement[]; candidates: Applicant[];
  method: { version: string; seed: number; horizon_days: number | null; whole_horizon_days: number | null;
    by_stage: boolean; leaks_tried?: number; leak_segments_tried?: number; checks: { check: string; ok: boolean; value: number }[] };
}

const NO_FLOW: Flow = { entered: 0, standing: 0, median_days: null, p90_days: null, median_workdays: null, p90_workdays: null, forward: null, back: null,
  won: null, lost: null, stalled: null, beyond_data: false };

/** A document that says nothing: what is drawn from while none is there. */
export const BLANK: Doc = {
  schema: "", language: "en", data: { from: null, to: null, as_of: null, sellers: 0, deals: 0, activities: 0, rejects: 0, undated_deals: 0, won: 0, lost: 0, open: 0,
    problems: [], files: [] }, finding: { kind: "", text: "", certainty: "", stage: null, probability: null }, answers: [], attribution: null, activity: null,
  whole: NO_FLOW, stages: [], occupation: { age_days: [], states: [], share: [], mean_days: [] }, cohorts: [], conversion: [], inferred: [], leaks: [], sellers: [],
  process: [], market: [], what_if: {}, decisions: [], time: [], follow_up: [], open_deals: [], requirements: [], candidates: [],
  method: { version: "", seed: 0, horizon_days: null, whole_horizon_days: null, by_stage: false, checks: [] },
};

/** An estimate whose three figures are there, else null. A plain number is an estimate without width. */
export function est(x: Loose): Estimate | null {
  if (typeof x === "number") return Number.isFinite(x) ? { mean: x, lo: x, hi: x } : null;
  if (!x || typeof x.mean !== "number") return null;
  return { mean: x.mean, lo: x.lo ?? x.mean, hi: x.hi ?? x.mean };
}

export const mean = (x: Loose): number => est(x)?.mean ?? 0;

type Patch = string | { [key: string]: Patch };

/** A copy of the document with the sentences of the patch in the places of its own. */
function patched(value: unknown, patch: Patch): unknown {
  if (typeof patch === "string") return patch;
  const copy: Record<string, unknown> | unknown[] = Array.isArray(value)
    ? [...value] : { ...(value as Record<string, unknown>) };
  for (const [key, part] of Object.entries(patch)) {
    const at = copy as Record<string, unknown>;
    at[key] = patched(at[key], part);
  }
  return copy;
}

function block(id: string): unknown {
  return JSON.parse(document.getElementById(id)?.textContent ?? "null");
}

/** The document in each language: the block "spoken" holds, in the document's own shape, the texts that differ. */
export function readDocuments(): Record<"en" | "sv", Doc> {
  const own = block("document") as Doc, spoken = block("spoken") as Patch;
  const other = patched(own, spoken) as Doc;
  return own.language === "sv" ? { sv: own, en: other } : { en: own, sv: other };
}
