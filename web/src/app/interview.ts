// A structured interview: whom, then a competence's questions as they stand in its guide, each with a level by the anchors and what was said.
// What others gave is shown after one's own.
import { h, type Child } from "../dom";
import { head, say2, section, table, type View } from "../parts";
import { href, pageHref } from "../state";
import { get, post, query, Refused } from "./api";
import { area, field, form, later, options, text } from "./ui";

interface Guide { competency: string; name: string; definition: string; anchors: string[]; questions: { ask: string; listen_for: string }[] }
interface Given { competency: string; question: number; level: number; note: string; own: boolean; by: number; at: string }
interface Interviews { guides: Guide[]; given: Given[]; waiting: number; passed: boolean }

/** Whom: by the code that they applied with. */
export function whomToInterview(v: View): HTMLElement {
  const c = v.t.assess, code = field(c.interviewCode, text({ name: "code", autocomplete: "off", spellcheck: "false", maxlength: 200 }), c.interviewCodeHint);
  code.input.classList.add("mid");
  return form(v, [code.node], c.interviewGo, async () => {
    const said = code.input.value.trim();
    code.wrong(said ? "" : v.t.app.needed);
    if (!said) { code.input.focus(); return; }
    location.hash = pageHref(v.state, "interview", { arg: said }).replace(/^[^#]*/, "");
  }, null, "");
}

function asked(v: View, guide: Guide, q: number): { node: HTMLElement; read(): { level: number; note: string } | null } {
  const c = v.t.assess, one = guide.questions[q]!, name = `level-${q}`, wrong = h("p.wrong-field", { role: "alert" });
  const said = field(c.interviewSaid, area({ maxlength: 3000 }), c.interviewListen(one.listen_for));
  const lines = h("div.ticks.one", {}, [...guide.anchors.map((words, i): [string, string] => [String(i + 1), words]), ["0", c.interviewNotAsked] as [string, string]].map(([value, words]) =>
    h("label.pick", {}, h("input", { type: "radio", name, value, onchange: () => { wrong.textContent = ""; } }), h("span", {}, value === "0" ? h("b", {}, words) : [h("b", {}, value), " ", words]))));
  const node = h("fieldset.asked", {}, h("legend", {}, h("span.say.say-3", {}, one.ask)), said.node, h("p.hint", {}, c.rateLevel), lines, wrong);
  return { node, read: () => {
    const picked = lines.querySelector<HTMLInputElement>("input:checked")?.value, note = said.input.value.trim();
    wrong.textContent = picked ? "" : v.t.app.chooseOne;
    said.wrong(!picked || picked === "0" || note.length >= 10 ? "" : c.interviewShort);
    if (!picked) { lines.querySelector("input")?.focus(); return null; }
    if (picked !== "0" && note.length < 10) { said.input.focus(); return null; }
    return { level: Number(picked), note };
  } };
}

function give(v: View, got: Interviews, person: string, again: () => void): HTMLElement {
  const c = v.t.assess, box = h("div", {});
  const which = field(c.rateCompetence, options([["", v.t.app.choose], ...got.guides.map((x): [string, string] => [x.competency, got.given.some((g) => g.own && g.competency === x.competency) ? c.interviewDone(x.name) : x.name])], v.state.moment));
  which.input.classList.add("mid");
  let parts: ReturnType<typeof asked>[] = [];
  const turn = (): void => {
    const guide = got.guides.find((x) => x.competency === which.input.value);
    parts = guide ? guide.questions.map((_, q) => asked(v, guide, q)) : [];
    box.replaceChildren(...(guide ? [h("p.note", {}, guide.definition), ...parts.map((x) => x.node)] : []));
  };
  which.input.addEventListener("change", turn);
  turn();
  return form(v, [which.node, box], c.interviewKeep, async () => {
    which.wrong(which.input.value ? "" : v.t.app.chooseOne);
    if (!which.input.value) { which.input.focus(); return; }
    const answers: Record<string, { level: number; note: string }> = {};
    for (const [q, part] of parts.entries()) {
      const said = part.read();
      if (!said) return;
      answers[String(q + 1)] = said;
    }
    await post("/api/interviews", { person_id: person, competency: which.input.value, answers });
    (which.input as HTMLSelectElement).value = "";
    turn();
    again();
    return c.interviewKept;
  }, null, "wide");
}

/** Own levels, and of a competence that one has given oneself the others', side by side. */
function given(v: View, got: Interviews): Child {
  const c = v.t.assess, waiting = got.waiting ? h("p.lede", {}, c.interviewWaiting(got.waiting)) : null;
  if (!got.given.length) return [say2(c.interviewNone), waiting];
  const name = new Map(got.guides.map((x) => [x.competency, x])), others = [...new Set(got.given.filter((x) => !x.own).map((x) => x.by))];
  const who = (x: Given): string => (x.own ? c.interviewOwn : c.interviewOther(v.f.int(others.indexOf(x.by) + 1)));
  return [waiting, h("div.fig", {}, table("st iv", [{ name: c.competenceHead }, { name: c.interviewBy }, { name: c.interviewLevel, cls: "r" }, { name: c.interviewSaid }], got.given.map((x) => [
    [h("b", {}, name.get(x.competency)?.name ?? x.competency), h("span.sub", {}, name.get(x.competency)?.questions[x.question - 1]?.ask ?? "")], who(x), x.level ? v.f.int(x.level) : c.interviewNotAsked, x.note])))];
}

/** Who does not interview says so, sees what others gave, and gives nothing any more. */
function pass(v: View, got: Interviews, person: string, again: () => void): Child {
  const c = v.t.assess;
  if (got.passed || !got.waiting) return null;
  return form(v, [h("p.lede", {}, c.interviewPassWhy)], c.interviewPass, async () => { await post("/api/interviews/pass", { person_id: person }); again(); }, null, "");
}

export function interviewPage(v: View): Child[] {
  const c = v.t.assess, person = v.state.arg;
  if (!person) return [head(v, c.interviewName, c.interviewWhom, h("p.cert", {}, h("span", {}, c.interviewWhy))), section(v, c.interviewName, null, null, whomToInterview(v))];
  return [h("div.scope", {}, h("a", { href: href(v.state, { arg: "" }) }, c.interviewName), h("span", {}, "/ ", h("b", {}, person))),
    later(v, `${v.f.lang} interview ${person}`, () => get<Interviews>("/api/interviews" + query({ person_id: person })), (got, again) => [
      head(v, c.interviewName, c.interviewFinding(person), h("p.cert", {}, h("span", {}, c.interviewWhy))),
      section(v, c.interviewGive, c.interviewGiveAside, null, got.passed ? h("p.lede", {}, c.interviewPassed) : give(v, got, person, again)),
      section(v, c.interviewGiven, c.interviewGivenAside, null, given(v, got), pass(v, got, person, again))],
    (error) => (error instanceof Refused && error.status === 404 ? [head(v, c.interviewName, error.message, null), whomToInterview(v)] : undefined))];
}
