// One person: the case that opens a row, the viewer's own judgement before the verdict, what is contested and added, who sees it.
import { h, type Child } from "../dom";
import type { Seller, Verdict } from "../document";
import { glyph, momentName, MOMENTS, say2, say3, section, table, verdictName, type Side, type View } from "../parts";
import { get, listOf, post, query } from "./api";
import { area, button, field, form, later, options, text } from "./ui";
import { stamp } from "./session";
import { href } from "../state";

export interface Note {
  id: number | string; at?: string; made_at?: string; who?: string; by?: string; made_by?: string; own?: boolean; kind: "contest" | "note" | "judgement";
  subject: { page?: string; seller_id?: string | null; moment?: string | null; deal_id?: string | null }; text: string; value?: string | number | null;
  answered_at?: string | null; outcome?: string | null; answer?: string | null; answered_by?: string | null;
}
export interface Case {
  id: number | string; seller_id: string; purpose: string; until?: string | null; opened_at?: string; opened_by?: string; who?: string; at?: string;
  known_at?: string | null; known?: boolean; closed_at?: string | null; closed?: boolean;
}

let notes: Note[] = [], cases: Case[] = [];
let redraw: () => void = () => undefined;
export const onNotes = (what: () => void): void => { redraw = what; };
/** A finding is set aside or stands again: the result is another. */
let changed: () => void = () => undefined;
export const onContest = (what: () => void): void => { changed = what; };

const quiet = async (path: string, name: string): Promise<unknown[]> => { try { return listOf<unknown>(await get(path), name); } catch { return []; } };

/** Fetched before a page about persons is drawn, so that nothing is shown that should wait. */
export async function prepare(seller: string): Promise<void> {
  const [n, c] = await Promise.all([quiet("/api/notes" + query({ seller_id: seller }), "notes"), quiet("/api/cases", "cases")]);
  notes = n as Note[];
  cases = c as Case[];
}

const whose = (x: Note) => x.who ?? x.by ?? x.made_by ?? "";
const when = (x: { at?: string; made_at?: string; opened_at?: string }) => x.at ?? x.made_at ?? x.opened_at ?? "";
const own = (v: View, x: Note) => x.own ?? whose(x) === v.app?.name;
const about = (x: Note, seller: string, moment = "") => x.subject.seller_id === seller && (!moment || x.subject.moment === moment);
const openCase = (seller: string) => cases.find((x) => x.seller_id === seller && !x.closed_at && !x.closed);

/** Contested, and nobody has answered yet. */
const isOpen = (x: Note) => x.kind === "contest" && !x.answered_at;
export const contested = (seller: string, moment: string): boolean => notes.some((x) => isOpen(x) && about(x, seller, moment));

/** A manager judges first; nobody judges oneself. */
export function mustJudge(v: View, seller: string): boolean {
  return !!v.app && v.app.role === "manager" && v.app.may("judge") && v.app.seller !== seller && !notes.some((x) => x.kind === "judgement" && about(x, seller) && own(v, x));
}

const JUDGEMENTS = ["fine", "competence", "execution", "pressure", "process", "market", "unclear"] as const;

function judge(v: View, seller: string): HTMLElement {
  const a = v.t.app;
  const rows = MOMENTS.map((moment) => {
    const name = `j-${moment}`;
    return { moment, node: h("fieldset.judge", {}, h("legend", {}, momentName(v, moment)), h("div.picks", {}, JUDGEMENTS.map((x) =>
      h("label.pick", {}, h("input", { type: "radio", name, value: x }), h("span.vd", {}, glyph(v, x), h("span", {}, x === "unclear" ? a.cannotSay : verdictName(v, x))))))) };
  });
  const why = field(a.judgeWhy, area({ maxlength: 2000 }), a.judgeWhyHint), wrong = h("p.wrong-field", { role: "alert" });
  const box: HTMLElement = form(v, [h("p.hint", {}, a.judgeHow), rows.map((x) => x.node), why.node, wrong], a.judgeSave, async () => {
    const chosen = rows.map((x) => [x.moment, box.querySelector<HTMLInputElement>(`input[name=j-${x.moment}]:checked`)?.value] as const);
    const missing = chosen.find(([, value]) => !value);
    wrong.textContent = missing ? a.judgeAll : "";
    if (missing) { box.querySelector<HTMLInputElement>(`input[name=j-${missing[0]}]`)?.focus(); return; }
    for (const [moment, value] of chosen)
      await post("/api/notes", { kind: "judgement", subject: { page: "sellers", seller_id: seller, moment }, text: why.input.value.trim() || a.judgeNoText, value });
    redraw();
  }, null, "wide");
  return box;
}

/** Contest, or add what the figures do not know; in place, under the finding. */
function add(v: View, seller: string, moment: string): Child {
  const a = v.t.app, box = h("div.inplace", { hidden: true });
  const kinds = [["contest", "wrong"], ["contest", "missing"], ["contest", "conclusion"], ["note", "note"]] as const;
  const open = button(a.addTo, () => {
    box.hidden = !box.hidden;
    open.setAttribute("aria-expanded", String(!box.hidden));
    if (box.hidden || box.firstChild) return;
    const name = `kind-${moment}`, wrong = h("p.wrong-field", { role: "alert" });
    const picks = kinds.map(([, key]) => h("label.pick", {}, h("input", { type: "radio", name, value: key }), h("span", {}, a.contestKinds[key])));
    const what = field(a.contestText, area({ maxlength: 4000 }), a.contestHint);
    box.append(form(v, [h("fieldset", {}, h("legend", {}, a.contestAbout), picks, wrong), what.node], a.contestSave, async () => {
      const key = box.querySelector<HTMLInputElement>(`input[name=${name}]:checked`)?.value as keyof typeof a.contestKinds | undefined;
      wrong.textContent = key ? "" : a.chooseOne;
      what.wrong(what.input.value.trim() ? "" : a.needed);
      if (!key) { box.querySelector<HTMLInputElement>("input")?.focus(); return; }
      if (!what.input.value.trim()) { what.input.focus(); return; }
      await post("/api/notes", { kind: key === "note" ? "note" : "contest", subject: { page: "sellers", seller_id: seller, moment }, text: `${a.contestKinds[key]}: ${what.input.value.trim()}` });
      (key === "note" ? redraw : changed)();
    }));
    box.querySelector<HTMLInputElement>("input")?.focus();
  }, "small");
  open.setAttribute("aria-expanded", "false");
  return h("div.decide", {}, open, box);
}

/** The way to close what somebody else contests: with words, and what becomes of the finding. */
function answer(v: View, x: Note): Child {
  const a = v.t.app, box = h("div.inplace", { hidden: true });
  const show = button(a.answerTo, () => {
    box.hidden = !box.hidden;
    show.setAttribute("aria-expanded", String(!box.hidden));
    if (box.hidden || box.firstChild) return;
    const name = `answer-${x.id}`, wrong = h("p.wrong-field", { role: "alert" });
    const picks = Object.entries(a.answerOutcomes).map(([key, words]) => h("label.pick", {}, h("input", { type: "radio", name, value: key }), h("span", {}, words)));
    const what = field(a.answerText, area({ maxlength: 4000 }), a.answerHint);
    box.append(form(v, [h("fieldset", {}, h("legend", {}, a.answerWhat), picks, wrong), what.node], a.answerSave, async () => {
      const outcome = box.querySelector<HTMLInputElement>(`input[name=${name}]:checked`)?.value;
      wrong.textContent = outcome ? "" : a.chooseOne;
      what.wrong(what.input.value.trim() ? "" : a.needed);
      if (!outcome) { box.querySelector<HTMLInputElement>("input")?.focus(); return; }
      if (!what.input.value.trim()) { what.input.focus(); return; }
      await post(`/api/notes/${x.id}/answer`, { text: what.input.value.trim(), outcome });
      changed();
    }));
    box.querySelector<HTMLInputElement>("input")?.focus();
  }, "small");
  show.setAttribute("aria-expanded", "false");
  return h("div.decide", {}, show, box);
}

const quote = (v: View, x: Note): HTMLElement => h("blockquote.quote", {}, say3(x.kind === "judgement" ? `${v.t.app.judged(x.value === "unclear" ? v.t.app.cannotSay : verdictName(v, String(x.value ?? "")))} ${x.text}` : x.text), h("p.note", {}, v.t.app.saidBy(whose(x), stamp(v, when(x)))),
  x.answered_at ? h("div.answer", {}, h("p", {}, h("b", {}, v.t.app.answerOutcomes[x.outcome ?? ""] ?? "", ". "), x.answer), h("p.note", {}, v.t.app.saidBy(x.answered_by ?? "", stamp(v, x.answered_at)))) : null);

function caseLine(v: View, seller: string): Child {
  const a = v.t.app, c = openCase(seller);
  if (!c) return null;
  const known = c.known_at || c.known, mine = v.app?.seller === seller;
  const end = !mine ? button(a.caseClose, () => { post(`/api/cases/${c.id}/close`).then(redraw, () => undefined); }, "small") : null;
  return section(v, a.caseName(String(c.id)), a.purposes[c.purpose] ?? c.purpose, null,
    say2(known ? a.caseKnown(stamp(v, c.known_at)) : mine ? a.caseAsk : a.caseUnknown),
    h("p.lede", {}, a.caseOpened(c.opened_by ?? c.who ?? "", stamp(v, when(c)), c.until ? v.f.date(c.until.slice(0, 10)) : "")),
    h("div.btns", {}, mine && !known ? form(v, [], a.caseDoKnow, async () => { await post(`/api/cases/${c.id}/known`); redraw(); }) : null, end));
}

function own_(v: View, seller: string, who: Seller | null): Child {
  const a = v.t.app, mine = notes.filter((x) => x.kind === "judgement" && about(x, seller) && own(v, x));
  if (!mine.length) return null;
  const of = (moment: string) => mine.filter((x) => x.subject.moment === moment).at(-1);
  const rows = MOMENTS.map((moment) => ({ moment, note: of(moment), found: who?.moments.find((m) => m.moment === moment)?.verdict ?? null })).filter((x) => x.note);
  const same = rows.filter((x) => x.note!.value === x.found).length;
  return section(v, a.judgeSection, a.judgeAside, null, say2(a.judgeCompared(v.f.int(same), v.f.int(rows.length))),
    h("div.fig", {}, table("st ju", [{ name: v.t.moment }, { name: a.judgeYours }, { name: a.judgeFound }, { name: a.judgeWhyHead }], rows.map((x) => [
      h("b", {}, momentName(v, x.moment)), sign(v, x.note!.value as Verdict), notes.some((n) => isOpen(n) && about(n, seller, x.moment)) ? h("b", {}, a.contestedShort) : x.found ? sign(v, x.found) : v.t.noVerdict, h("span.dim", {}, x.note!.text)]))),
    h("p.note", {}, a.judgeNote));
}
const sign = (v: View, x: Verdict): Child => h("span.vd", {}, glyph(v, x), h("span", {}, x === "unclear" ? v.t.app.cannotSay : verdictName(v, x)));

/** Who may see the row now: the server asks the rule that shows it. */
function sees(v: View, seller: string): HTMLElement {
  const a = v.t.app;
  return section(v, a.seesSection, null, null, later(v, `viewers ${seller}`, () => get<{ name: string; role: string; self: boolean }[]>(`/api/people/${encodeURIComponent(seller)}/viewers`),
    (list) => say2(a.seesNow(list.length, v.t.and(list.map((x) => `${x.name} (${x.self ? a.seesSelf : (a.roles[x.role] ?? x.role).toLocaleLowerCase(v.f.lang)})`)))),
    () => say2(a.sees[v.app?.personLevel === "open" ? "open" : "case"])), h("ul.plain", {}, a.seesList.map((x) => h("li", {}, x))));
}

/** Opens a case: with a purpose from a fixed list, and the seller is told at once. */
export function openCaseForm(v: View, seller: string): Child {
  const a = v.t.app;
  const who = field(v.t.seller, text({ value: seller, spellcheck: "false", autocomplete: "off" }), a.caseWhoHint);
  const purpose = field(a.casePurpose, options([["", a.choose], ...Object.entries(a.purposes)], ""));
  const half = new Date(Date.now() + 183 * 86400e3).toISOString().slice(0, 10);
  const until = field(a.caseUntil, text({ type: "date", value: half, max: half }), a.caseUntilHint);
  who.input.classList.add("mid"); purpose.input.classList.add("mid"); until.input.classList.add("mid");
  return form(v, [who.node, purpose.node, until.node], a.caseOpen, async () => {
    who.wrong(who.input.value.trim() ? "" : a.needed);
    purpose.wrong(purpose.input.value ? "" : a.chooseOne);
    const bad = [who, purpose].find((x) => x.input.getAttribute("aria-invalid") === "true");
    if (bad) { bad.input.focus(); return; }
    await post("/api/cases", { seller_id: who.input.value.trim(), purpose: purpose.input.value, until: until.input.value });
    location.hash = href(v.state, { page: "sellers", arg: who.input.value.trim(), open: [] });
    redraw();
  });
}

/** What the application knows of one seller beside the document. */
export function side(v: View, seller: string, who: Seller | null): Side {
  const a = v.t.app, mine = v.app?.seller === seller, c = openCase(seller);
  const first = who && mustJudge(v, seller) ? [caseLine(v, seller), section(v, a.judgeSection, a.judgeAside, null, say2(a.judgeFirst), h("p.lede", {}, a.judgeFirstWhy), h("div.fig", {}, judge(v, seller)))] : null;
  const none = !who ? [caseLine(v, seller), !c && !mine && v.app?.may("case") ? section(v, a.caseSection, a.caseAside, null, say2(a.caseNeeded), h("p.lede", {}, a.caseNeededWhy), h("div.fig", {}, openCaseForm(v, seller))) : null] : null;
  return {
    contested: (moment) => contested(seller, moment) || !!who?.moments.some((m) => m.moment === moment && m.contested),
    under: (m) => {
      const said = notes.filter((x) => (x.kind !== "judgement" || mine) && about(x, seller, m.moment));
      return [said.length ? h("div.settle", {}, h("h3", {}, a.saidOf), said.map((x) => [quote(v, x), isOpen(x) && !mine && !own(v, x) && ["owner", "manager", "analyst"].includes(v.app?.role ?? "") ? answer(v, x) : null])) : null, v.app?.may("contest") || v.app?.may("judge") ? add(v, seller, m.moment) : null];
    },
    instead: first ?? none,
    after: [caseLine(v, seller), own_(v, seller, who), sees(v, seller)],
  };
}

/** The open cases, where the viewer may have any. */
export function casesPart(v: View): Child {
  const a = v.t.app;
  if (!v.app?.may("case") || v.printed || v.app.personLevel !== "case") return null;
  return section(v, a.casesSection, a.caseAside, null, later(v, "cases", () => get<unknown>("/api/cases"), (got) => {
    const list = listOf<Case>(got, "cases");
    return [list.length ? table("st ca", [{ name: v.t.seller }, { name: a.casePurpose }, { name: a.caseUntil }, { name: v.t.status, bare: true }], list.map((x) => [
      h("a", { href: href(v.state, { page: "sellers", arg: x.seller_id, moment: "", open: [] }) }, x.seller_id), a.purposes[x.purpose] ?? x.purpose, x.until ? v.f.date(x.until.slice(0, 10)) : v.t.noValue,
      x.closed_at || x.closed ? a.caseEnded : x.known_at || x.known ? a.caseIsKnown : a.caseIsNotKnown])) : say2(a.casesNone),
    h("details.rows", {}, h("summary", {}, a.caseOpen), h("div.fig", {}, openCaseForm(v, "")))];
  }));
}
