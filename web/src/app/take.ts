// Taking a test by its link, without account: what it is for, one situation at a time, what comes after. The link's secret goes as
// bearer. An answer that does not get through is kept on the device and sent again; the server counts each once.
import { h, type Child } from "../dom";
import { head, say3, section, type View } from "../parts";
import { ask, Refused } from "./api";
import { profileParts, type Profile } from "./profile";
import { blocks, button, told } from "./ui";

interface State {
  state: "open" | "expired" | "withdrawn" | "finished" | "changed"; says: string; kind: "seller" | "candidate"; purpose: string; lang: "sv" | "en"; competencies: string[]; accommodations: { says: string; note: string }[];
  answered: number; most: number; begun: boolean; expires_at: string; person_level: "open" | "case"; profile: boolean;
}
interface Question { done: boolean; answered: number; item: string; number: number; most: number; text: string; options: { choice: string; text: string }[] }
interface Answered { answered: "saved" | "same" | "stands" | "not_asked"; says: string; question: Question }
interface Pending { item: string; choice: string }

const MINUTE_EACH = 0.75;

/** The sitting on this page: what was begun stays begun, and what is known stays on the screen, when the page is drawn anew. */
interface Known { state: State | null; question: Question | null; said: string; profile: Profile | null }
let secret = "", begun = false, chosen: Pending | null = null, own: "sv" | "en" | "" = "";
let known: Record<string, Known> = {};
let waiting = 0;

function turnTo(link: string): void {
  if (link === secret) return;
  secret = link;
  begun = false;
  chosen = null;
  own = "";
  known = {};
}
const knownIn = (lang: string): Known => (known[lang] ??= { state: null, question: null, said: "", profile: null });

/** What could not be sent yet, under a name that gives the link away to nobody. */
const place = (): string => `verkan.answer.${secret.slice(0, 8)}`;
function keep(p: Pending | null): void {
  try { if (p) localStorage.setItem(place(), JSON.stringify(p)); else localStorage.removeItem(place()); } catch { /* a browser that keeps nothing: the page itself still does */ }
}
function kept(): Pending | null {
  try {
    const got = JSON.parse(localStorage.getItem(place()) ?? "null") as Pending | null;
    return got && typeof got.item === "string" && typeof got.choice === "string" ? got : null;
  } catch { return null; }
}

const call = <T>(method: string, path: string, body?: unknown): Promise<T> => ask<T>(method, "/api/sitting" + path, body, true, secret);

/** The language of the invitation, known before anything is drawn; "" where the link is not. */
export async function takeLang(link: string): Promise<"sv" | "en" | ""> {
  turnTo(link);
  if (!own) try { own = (await call<State>("GET", "")).lang; } catch { /* the page itself says what is wrong */ }
  return own;
}

const terms = (list: [string, Child][]): HTMLElement => h("dl.def.first.terms", {}, list.map(([name, what]) => [h("dt", {}, name), h("dd", {}, what)]));

function start(v: View, s: State, go: () => void): Child[] {
  const c = v.t.assess, own = s.kind === "seller";
  return [head(v, c.takeName, c.takeFinding(v.f.int(s.most)), s.answered ? h("p.cert", {}, h("span", {}, c.takeSoFar(s.answered))) : null),
    h("div.btns", {}, button(s.begun ? c.takeGoOn : c.takeBegin, go, "pri")),
    h("section.sec.narrow.take", {}, h("h2.vh", {}, c.takeFor), terms([
      [c.takeFor, c.takeForWords[s.purpose] ?? s.purpose], [c.takeAbout, v.t.and(s.competencies.map((x, i) => (i ? x.toLocaleLowerCase(v.f.lang) : x))) + "."],
      [c.takeSees, own ? c.takeSeesDevelopment[s.person_level] ?? "" : c.takeSeesRecruitment],
      ...(s.accommodations.length ? [[c.takeHas, s.accommodations.map((x) => h("span.line", {}, x.note ? `${x.says}: ${x.note}` : x.says))] as [string, Child]] : []),
      [c.takeTime, c.takeTimeWords(v.f.int(Math.max(1, s.most - s.answered) * MINUTE_EACH))],
      [c.takePause, c.takePauseWords(v.f.date(s.expires_at.slice(0, 10)))], [c.takeKept, own ? c.takeKeptDevelopment : c.takeKeptRecruitment],
      [c.takeRights, [c.takeRightsWords, " ", c.takeFree]]]))];
}

function closed(v: View, name: string, says: string, why: string): Child[] {
  return [head(v, name, says, why ? h("p.cert", {}, h("span", {}, why)) : null)];
}

function finished(v: View, s: State): Child[] {
  const c = v.t.assess;
  if (s.kind === "candidate")
    return [head(v, c.takeName, c.takeDone, null), section(v, c.takeDoneNext, null, null, say3(c.takeDoneCandidate), terms([[c.takeSees, c.takeSeesRecruitment], [c.takeKept, c.takeKeptRecruitment], [c.takeRights, c.takeRightsWords]]))];
  const at = knownIn(v.f.lang), box = h("div.later", { "aria-busy": String(!at.profile) }, at.profile ? h("div", {}, profileParts(v, at.profile, { taker: true })) : blocks());
  if (!at.profile) call<Profile>("GET", "/profile").then((p) => { at.profile = p; box.replaceChildren(h("div", {}, profileParts(v, p, { taker: true }))); },
    (error: unknown) => box.replaceChildren(h("p.lede", {}, error instanceof Refused && error.status === 404 ? c.takeOldResult : told(v, error)))).finally(() => box.setAttribute("aria-busy", "false"));
  return [head(v, c.takeName, c.takeDone, h("p.cert", {}, h("span", {}, c.takeDoneOwn))), box];
}

/** One situation: a question in its own words, four answers, and a way on. What is said about saving is read out. */
function question(v: View, q: Question, said: string, next: (a: Answered) => void, gone: (error: unknown) => void): HTMLElement {
  const c = v.t.assess, name = `q-${q.item}`;
  const status = h("p.note.said-at", { role: "status" }, said), wrong = h("p.wrong-field", { role: "alert" });
  const picks = q.options.map((o) => h("label.option", {}, h("input", { type: "radio", name, value: o.choice, checked: chosen?.item === q.item && chosen.choice === o.choice,
    onchange: () => { chosen = { item: q.item, choice: o.choice }; wrong.textContent = ""; } }), h("span", {}, o.text)));
  const go = h("button.btn.pri", { type: "submit" }, c.takeSend), more = h("div.btns", {}, go);
  let busy = false, tries = 0;
  const offline = (p: Pending): void => {
    status.textContent = c.takeOffline;
    more.replaceChildren(go, button(c.takeAgain, () => void send(p, true)));
    clearTimeout(waiting);
    waiting = window.setTimeout(() => void send(p, true), Math.min(30_000, 1000 * 2 ** tries++));
  };
  const send = async (p: Pending, again: boolean): Promise<void> => {
    if (busy || !form.isConnected) return;
    busy = true;
    clearTimeout(waiting);
    go.setAttribute("aria-disabled", "true");
    if (!again) status.textContent = c.takeSaving;
    keep(p);
    try {
      const got = await call<Answered>("POST", "/answers", p);
      keep(null);
      chosen = null;
      if (again) got.says = got.answered === "stands" ? got.says : c.takeBack;
      next(got);
    } catch (error) {
      if (error instanceof TypeError || (error instanceof Refused && error.status >= 500)) offline(p);
      else { keep(null); gone(error); }
    } finally {
      busy = false;
      go.removeAttribute("aria-disabled");
    }
  };
  const form: HTMLElement = h("form.question", { novalidate: true, onsubmit: (event) => {
    event.preventDefault();
    const picked = form.querySelector<HTMLInputElement>("input:checked");
    wrong.textContent = picked ? "" : c.takePick;
    if (!picked) { form.querySelector<HTMLInputElement>("input")?.focus(); return; }
    void send({ item: q.item, choice: picked.value }, false);
  } }, h("fieldset", {}, h("legend", { tabindex: -1 }, h("span.say.say-3", {}, q.text), " ", h("span.ask", {}, c.takeChoose)), h("div.options", {}, picks), wrong),
  h("p.note", {}, c.takeCalm), more, status);
  addEventListener("online", () => { const p = kept(); if (p && form.isConnected) void send(p, true); });
  const before = kept();
  if (before && before.item === q.item) window.setTimeout(() => void send(before, true), 0);
  return form;
}

/** The page behind a link. */
export function takePage(v: View, link: string): Child[] {
  turnTo(link);
  const c = v.t.assess, box = h("div.later.taking", { "aria-busy": "true" }), at = knownIn(v.f.lang);
  const put = (...children: Child[]): void => {
    box.replaceChildren(h("div", {}, children));
    box.setAttribute("aria-busy", "false");
    const title = box.querySelector("h1")?.textContent;
    if (title) document.title = `${title} \u2013 Verkan`;
  };
  const failed = (error: unknown): void => {
    if (error instanceof Refused && error.status === 404) put(closed(v, c.takeUnknown, error.message, c.takeUnknownWhy));
    else if (error instanceof Refused && error.code.startsWith("link_")) load(true);
    else put(head(v, v.t.app.problem, told(v, error), h("p.cert", {}, h("span", {}, v.t.app.nothingChanged))), h("div.btns", {}, button(v.t.app.tryAgain, () => load(true), "pri")));
  };
  const show = (q: Question, said: string, focus: boolean): void => {
    known = q.done ? {} : { [v.f.lang]: at };
    if (q.done) { begun = false; load(true); return; }
    Object.assign(at, { question: q, said });
    put(h("div.head.step", {}, h("h1", { id: "title", tabindex: -1 }, c.takeNumber(v.f.int(q.number), v.f.int(Math.max(q.most, q.number))))),
      question(v, q, said, (a) => show(a.question, a.answered === "saved" ? c.takeSaved(v.f.int(a.question.number)) : a.says, true), failed));
    if (!focus) return;
    scrollTo(0, 0);
    box.querySelector<HTMLElement>("legend")?.focus({ preventScroll: true });
  };
  const ask_ = (focus: boolean): void => { begun = true; call<Question>("POST", "/next", {}).then((q) => show(q, "", focus), failed); };
  const stand = (s: State): void => {
    if (s.state === "open") put(start(v, s, () => ask_(true)));
    else if (s.state === "finished") put(finished(v, s));
    else put(closed(v, c.takeClosed, s.says, ""));
  };
  const load = (focus: boolean): void => {
    call<State>("GET", "").then(async (s) => {
      const p = kept();
      if (p && s.state === "open") { // what was left on the way goes first
        try { await call<Answered>("POST", "/answers", p); keep(null); } catch (error) { if (error instanceof Refused) keep(null); }
      }
      if (s.state === "open" && begun) { ask_(focus); return; }
      at.state = s;
      stand(s);
      if (focus) box.querySelector<HTMLElement>("h1")?.focus();
    }, failed);
  };
  if (begun && at.question) show(at.question, at.said, false);
  else if (!begun && at.state) stand(at.state);
  else load(false);
  return [box];
}
