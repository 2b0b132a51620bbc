// Which questions the files can answer by what is in them, told before they are read in; whether there is enough of it the diagnosis says.
import { h, type Child } from "../dom";
import { section, type View } from "../parts";

type Question = "where" | "tempo" | "moments" | "why" | "load" | "life" | "recruit" | "worked";

/** What each needs: all of the one list, and one of each of the others (METHODS 11). */
const NEEDS: Record<Question, { all: string[]; any?: string[] }> = {
  where: { all: ["deals", "stage_events"] },
  tempo: { all: ["deals", "activities"] },
  moments: { all: ["deals", "stage_events", "activities"], any: ["next_steps", "contact_roles", "moments"] },
  why: { all: ["activities"], any: ["assessments", "moments"] },
  load: { all: ["activities", "calendar"] },
  life: { all: ["deals", "activities"] },
  recruit: { all: ["candidates", "assessments"] },
  worked: { all: ["activities", "interventions"] },
};
export const QUESTIONS = Object.keys(NEEDS) as Question[];

/** The tables that a question lacks; of which one is enough, the first. */
export function lacks(question: Question, have: Set<string>): string[] {
  const { all, any } = NEEDS[question];
  return [...all.filter((table) => !have.has(table)), ...(any && !any.some((table) => have.has(table)) ? [any[0]!] : [])];
}

export function answerable(v: View, have: Set<string>): HTMLElement {
  const a = v.t.app, list = QUESTIONS.map((question) => ({ question, missing: lacks(question, have) }));
  const column = (name: string, rows: Child[]) => h("div", {}, h("h3", {}, name), h("ul.plain", {}, rows));
  const can = list.filter((x) => !x.missing.length), cannot = list.filter((x) => x.missing.length);
  return section(v, a.willAnswer, a.willAnswerAside, null, h("div.two.plain", {},
    column(a.willYes, can.length ? can.map((x) => h("li", {}, a.questions[x.question])) : [h("li", {}, a.willNone)]),
    column(a.willNo, cannot.length ? cannot.map((x) => h("li", {}, a.questions[x.question], h("span.sub", {}, a.willLack(v.t.and(x.missing.map((table) => (v.t.tables[table] ?? table).toLocaleLowerCase(v.f.lang))))))) : [h("li", {}, a.willAll)])),
    h("p.note", {}, a.willNote));
}
