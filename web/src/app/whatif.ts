// What if: a change is put together by slider or number, counted as a job, and answered with a sentence and its interval.
import { h, type Child } from "../dom";
import { est, type Doc } from "../document";
import { amount } from "../findings";
import { axisColumn, axisOf, certaintyLine, interval, momentName, MOMENTS, say2, section, table, type View } from "../parts";
import { href, type State } from "../state";
import { ask, post, type Job } from "./api";
import { button, form, progress } from "./ui";

type Answer = Doc["what_if"][string];
const answers = new Map<string, Answer>();
let asked: { key: string; id: number | string } | null = null;

const number = (text: string): number => Number(text) || 0;
const fixes = (state: State): string[] => state.fix.split(",").filter((x) => (MOMENTS as readonly string[]).includes(x));

/** The change as the server reads it: "activity +20%, free 4 h/week, fix next_step, stop bad deals"; "" = none. */
function changeOf(state: State): string {
  const plus = number(state.plus), free = number(state.free);
  return [plus ? `activity ${plus > 0 ? "+" : ""}${plus}%` : "", ...fixes(state).map((m) => `fix ${m}`), free ? `free ${free} h/week` : "",
    state.stop ? "stop bad deals" : ""].filter(Boolean).join(", ");
}

function inWords(v: View, state: State): string {
  const a = v.t.app, plus = number(state.plus), free = number(state.free);
  const list = [plus ? a.changePlus(v.f.num(Math.abs(plus)), plus > 0) : "", ...fixes(state).map((m) => a.changeFix(momentName(v, m).toLocaleLowerCase(v.f.lang))),
    free ? a.changeFree(v.f.tick(free, 1)) : "", state.stop ? a.changeStop : ""].filter(Boolean);
  return list.length ? a.changeAll(v.t.and(list)) : a.changeNone;
}

function answer(v: View, x: Answer, words: string): Child[] {
  const { t, f } = v, e = est(x.value), axis = axisOf([e], 420), most = Math.max(1, Math.abs(e?.lo ?? 0), Math.abs(e?.hi ?? 0));
  const p = x.p_positive;
  return [
    say2(x.text ?? words),
    typeof p === "number" ? (p >= 0.5 ? certaintyLine(v, p, t.app.paysBasis) : certaintyLine(v, 1 - p, t.app.paysNotBasis)) : null,
    e ? h("div.fig", {}, table("st wa", [{ name: t.change, bare: true }, axisColumn(v, axis, (n) => f.axis(n, most), f.unit(most)), { name: t.value, cls: "r" }, { name: t.paysHead, cls: "r" }],
      [[x.change ?? words, interval(axis, e, t.intervalWords(f.money(e.mean), f.moneyRange(e)), "ink"), amount(v, e), typeof p === "number" ? f.prob(p) : t.noValue]])) : null,
    h("p.note", {}, t.whatIfNote),
  ];
}

/** A slider and a number field that say the same. */
function both(v: View, key: "plus" | "free", label: string, unit: string, range: { lo: number; hi: number; step: number; least: number; most: number }, told: () => void): HTMLElement {
  const now = number(v.state[key]), id = `wi-${key}`;
  const slide = h("input.slide", { type: "range", min: range.lo, max: range.hi, step: range.step, value: String(now), "aria-label": `${label}, ${unit}`, id: `${id}-s` }) as HTMLInputElement;
  const field = h("input.input.short", { type: "number", min: range.least, max: range.most, step: range.step, value: String(now), id, inputmode: "decimal" }) as HTMLInputElement;
  const say = (text: string) => {
    const x = Math.min(range.most, Math.max(range.least, number(text)));
    v.state[key] = x ? String(x) : "";
    told();
  };
  slide.addEventListener("input", () => { field.value = slide.value; say(slide.value); });
  field.addEventListener("input", () => { slide.value = field.value; say(field.value); });
  field.addEventListener("change", () => { field.value = v.state[key] || "0"; });
  return h("div.field", {}, h("label", { for: id }, label), h("div.pair", {}, slide, h("span.nb", {}, field, " ", h("span.unit", {}, unit))));
}

/** The form and the answer; what is chosen stands in the address. */
export function whatIf(v: View): Child {
  const { t, state } = v, a = t.app;
  if (!v.app?.may("what_if") || v.printed) return null;
  const box = h("div.result", { "aria-live": "polite", id: "answer" });
  const line = h("p.lede", { role: "status" }, inWords(v, state));
  const told = () => { line.textContent = inWords(v, state); history.replaceState(null, "", href(state)); };
  const key = () => `${v.f.lang}/${v.state.snapshot}/${v.doc.data.as_of ?? ""}/${changeOf(state)}`;
  const show = (...children: Child[]) => box.replaceChildren(h("div", {}, children));
  const run = (id: number | string, of: string): void => {
    asked = { key: of, id };
    show(progress(v, id, a.counting, (job: Job) => {
      asked = null;
      if (job.state === "done" && job.result) {
        const got = job.result as Answer;
        answers.set(of, got);
        show(answer(v, got, inWords(v, state)));
      } else show(h("p.lede", {}, job.state === "cancelled" ? a.cancelled : job.text || a.notCounted));
    }, () => void ask("DELETE", `/api/jobs/${id}`).catch(() => undefined)));
  };
  const tick = (m: string) => h("label.pick", {}, h("input", { type: "checkbox", checked: fixes(state).includes(m), id: `wi-${m}`, onchange: (event) => {
    const on = (event.target as HTMLInputElement).checked;
    state.fix = MOMENTS.filter((x) => (x === m ? on : fixes(state).includes(x))).join(",");
    told();
  } }), h("span", {}, momentName(v, m)));
  const known = answers.get(key());
  if (known) show(answer(v, known, inWords(v, state)));
  else if (asked?.key === key()) run(asked.id, asked.key);
  return section(v, a.tryOut, a.tryOutAside, "whatIf.try",
    form(v, [h("div.cols", {}, h("div", {},
      both(v, "plus", a.plusLabel, "%", { lo: -50, hi: 100, step: 5, least: -90, most: 400 }, told),
      both(v, "free", a.freeLabel, a.hoursUnit, { lo: 0, hi: 12, step: 0.5, least: 0, most: 40 }, told)),
    h("div", {}, h("fieldset", {}, h("legend", {}, a.fixLabel), MOMENTS.map(tick)),
      h("label.pick", {}, h("input", { type: "checkbox", id: "wi-stop", checked: !!state.stop, onchange: (event) => { state.stop = (event.target as HTMLInputElement).checked ? "1" : ""; told(); } }), h("span", {}, a.stopLabel)))), line],
    a.count, async () => {
      const change = changeOf(state);
      if (!change) { show(h("p.lede", {}, a.changeFirst)); return; }
      const done = answers.get(key());
      if (done) { show(answer(v, done, inWords(v, state))); return; }
      const job = await post<{ id: number | string }>("/api/jobs", { kind: "what_if", change });
      run(job.id, key());
    }, button(a.reset, () => { location.hash = href(state, { plus: "", free: "", fix: "", stop: "" }); }), "wide"),
    box);
}
