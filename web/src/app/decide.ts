// Decisions: what was decided about each proposal, when it is looked at again, and what came of it.
import { h, type Child } from "../dom";
import { est, type Decision, type Estimate, type FollowUp, type Predicted, type Told } from "../document";
import { actionName } from "../findings";
import { followUp } from "../pages/decisions";
import { en } from "../text/en";
import { sv } from "../text/sv";
import { say2, section, table, teamName, type View } from "../parts";
import { get, listOf, post } from "./api";
import { area, button, field, form, later, text } from "./ui";
import { stamp } from "./session";

interface Logged {
  id: number | string; at?: string; made_at?: string; who?: string; made_by?: string; action: string; moment?: string | null; team_id?: string | null; seller_id?: string | null;
  note: string; review_on?: string | null; closed_at?: string | null; close_note?: string | null; closed_note?: string | null; closed?: boolean;
  choice?: Choice | null; predicted?: Told | null;
}
export const CHOICES = ["do", "not", "later"] as const;
type Choice = (typeof CHOICES)[number];

/** The choice stands first in the note, as a word of its own, so that the log is read without this page too. */
const noteOf = (v: View, choice: Choice, note: string) => `${v.t.app.choices[choice]}.${note ? " " + note : ""}`;

const inDays = (days: number): string => new Date(Date.now() + days * 86400e3).toISOString().slice(0, 10);
const today = (): string => new Date().toISOString().slice(0, 10);

let refresh: (() => void) | null = null;

/** Opens a form under a proposal. */
export function decide(v: View, about: unknown): Child {
  const d = about as Decision & { team_id?: string | null };
  if (!v.app?.may("decide") || v.printed) return null;
  const a = v.t.app, box = h("div.inplace", { hidden: true });
  const open = button(a.decide, () => {
    box.hidden = !box.hidden;
    open.setAttribute("aria-expanded", String(!box.hidden));
    if (box.hidden || box.firstChild) return;
    const name = `choice-${Math.random().toString(36).slice(2)}`;
    const picks = CHOICES.map((choice) => h("label.pick", {}, h("input", { type: "radio", name, value: choice }), h("span", {}, h("b", {}, a.choices[choice]), " ", a.choiceLines[choice])));
    const wrong = h("p.wrong-field", { role: "alert" });
    const note = field(a.decideNote, area({ maxlength: 2000 }), a.decideNoteHint), on = field(a.reviewOn, text({ type: "date", value: inDays(91), min: today() }));
    on.input.classList.add("mid");
    box.append(form(v, [h("fieldset", {}, h("legend", {}, a.decideAbout), picks, wrong), note.node, on.node], a.decideSave, async () => {
      const chosen = box.querySelector<HTMLInputElement>(`input[name=${name}]:checked`)?.value as Choice | undefined;
      wrong.textContent = chosen ? "" : a.chooseOne;
      if (!chosen) { box.querySelector<HTMLInputElement>("input[type=radio]")?.focus(); return; }
      await post("/api/decisions", { action: d.action, ...(d.moment ? { moment: d.moment } : {}), ...(d.team_id ? { team_id: d.team_id } : {}),
        choice: chosen, ...(v.state.snapshot ? { snapshot: Number(v.state.snapshot) } : {}), note: noteOf(v, chosen, note.input.value.trim()), ...(on.input.value ? { review_on: on.input.value } : {}) });
      note.input.value = "";
      refresh?.();
      return a.decided;
    }));
    box.querySelector<HTMLInputElement>("input")?.focus();
  }, "small");
  open.setAttribute("aria-expanded", "false");
  return h("div.decide", {}, open, box);
}

function closing(v: View, x: Logged, again: () => void): Child {
  const a = v.t.app, box = h("div.inplace", { hidden: true });
  const open = button(a.followUp, () => {
    box.hidden = !box.hidden;
    open.setAttribute("aria-expanded", String(!box.hidden));
    if (box.hidden || box.firstChild) return;
    const note = field(a.followUpNote, area({ maxlength: 2000 }), a.followUpHint);
    box.append(form(v, [note.node], a.followUpSave, async () => {
      note.wrong(note.input.value.trim() ? "" : a.needed);
      if (!note.input.value.trim()) { note.input.focus(); return; }
      await post(`/api/decisions/${x.id}/close`, { note: note.input.value.trim() });
      again();
    }));
    note.input.focus();
  }, "small");
  open.setAttribute("aria-expanded", "false");
  return [open, box];
}

/** What was chosen; of older decisions by the word that their note begins with. */
const choiceOf = (x: Logged): Choice | null => x.choice ?? CHOICES.find((c) => [en, sv].some((t) => x.note.startsWith(`${t.app.choices[c]}.`))) ?? null;

/** What the result told of it when it was logged. */
function toldOf(v: View, x: Logged): Child {
  const value = est(x.predicted?.value);
  return value ? h("span.why", {}, v.t.app.toldThen(v.f.money(value.mean), v.f.moneyRange(value))) : null;
}

const A_YEAR = 366 * 864e5;
const logit = (p: number): number => Math.log(p / (1 - p)), share = (x: number): number => 1 / (1 + Math.exp(-x));

/** The decision that an intervention came of: the last one to do it, for its team or for all, in the year before it began. */
const decisionOf = (list: Logged[], x: FollowUp): Logged | undefined => list.filter((d) => choiceOf(d) === "do" && d.predicted?.expects && d.action === x.action && (d.moment ?? null) === (x.moment ?? null)
  && (!d.team_id || d.team_id === x.team_id) && (d.at ?? "").slice(0, 10) <= (x.from ?? "") && Date.parse(x.from ?? "") - Date.parse((d.at ?? "").slice(0, 10)) < A_YEAR)
  .sort((a, b) => (b.at ?? "").localeCompare(a.at ?? "") || Number(b.id) - Number(a.id))[0];

/** Its prediction in points of the share: from where those stood who had it, by so much in log odds. */
function predicted(list: Logged[], x: FollowUp): Predicted | null {
  const d = decisionOf(list, x), by = est(x.what === "doing" ? d?.predicted?.expects?.doing : d?.predicted?.expects?.success);
  if (!d || !by || typeof x.before !== "number") return null;
  const before = Math.min(Math.max(x.before, 0.01), 0.99), points = (change: number) => share(logit(before) + change) - before;
  return { points: { mean: points(by.mean), lo: points(by.lo), hi: points(by.hi) } satisfies Estimate, on: (d.at ?? "").slice(0, 10), who: d.who ?? "" };
}

/** What was done and what came of it, beside what decisions were predicted to give. */
export function followed(v: View): Child {
  if (!v.app?.may("deals")) return followUp(v);
  return later(v, "decisions", () => get<unknown>("/api/decisions"), (got) => {
    const list = listOf<Logged>(got, "decisions"), waiting = list.filter((d) => choiceOf(d) === "do" && d.predicted?.expects && !v.doc.follow_up.some((x) => x.evaluable && decisionOf(list, x) === d)).length;
    return followUp(v, (x) => predicted(list, x), waiting ? h("p.note", {}, v.t.app.notFollowed(waiting)) : null);
  }, () => followUp(v));
}

/** What has been decided, newest first; what is due comes before the rest. */
export function logged(v: View): Child {
  const a = v.t.app;
  if (!v.app?.may("decide") || v.printed) return null;
  return section(v, a.loggedSection, a.loggedAside, null, later(v, "decisions", () => get<unknown>("/api/decisions"), (got, again) => {
    refresh = again;
    const list = listOf<Logged>(got, "decisions");
    const closed = (x: Logged) => !!(x.closed_at || x.closed), due = (x: Logged) => !closed(x) && !!x.review_on && x.review_on <= today();
    const when = (x: Logged) => x.at ?? x.made_at ?? "";
    const rows = [...list].sort((x, y) => Number(due(y)) - Number(due(x)) || when(y).localeCompare(when(x)) || Number(y.id) - Number(x.id));
    const open = list.filter((x) => !closed(x)).length, late = list.filter(due).length;
    if (!list.length) return [say2(a.loggedNone), h("p.lede", {}, a.loggedNoneWhy)];
    return [say2(a.loggedFinding(list.length, open, late)), h("div.fig", {}, table("st lo", [{ name: a.when }, { name: a.decision, bare: true }, { name: a.reviewHead }, { name: a.whatCame, bare: true }],
      rows.map((x) => [[stamp(v, when(x)), h("span.sub", {}, x.who ?? x.made_by ?? "")],
        [h("b", {}, actionName(v, { action: x.action, moment: x.moment ?? null } as Decision)), h("span.sub", {}, [x.team_id ? teamName(v, x.team_id) : v.t.everywhere, x.seller_id].filter(Boolean).join(" \u00b7 ")), h("span.why", {}, x.note), toldOf(v, x)],
        x.review_on ? [v.f.date(x.review_on), due(x) ? h("span.sub.here", {}, a.due) : null] : v.t.noValue,
        closed(x) ? [h("b", {}, a.closed), h("span.why", {}, x.close_note ?? x.closed_note ?? "")] : closing(v, x, again)])))];
  }));
}
