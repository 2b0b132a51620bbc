// What somebody has when taking a test: kept by who sends the test, shown to the person and to who sees to it.
import { h, type Child } from "../dom";
import { say2, section, table, type View } from "../parts";
import { get, post } from "./api";
import { area, field, form, later, options } from "./ui";

interface Had { id: number; kind: string; says: string; note: string; own: boolean; at: string }
interface All { accommodations: Had[]; kinds: { kind: string; says: string }[] }

/** Of one person: what is kept, and a form to add. */
export function accommodationsOf(v: View, person: string): HTMLElement {
  const c = v.t.assess, address = `/api/people/${encodeURIComponent(person)}/accommodations`;
  return later(v, `${v.f.lang} had ${person}`, () => get<All>(address), (got, again) => {
    const kind = field(c.hadKind, options([["", v.t.app.choose], ...got.kinds.map((x): [string, string] => [x.kind, x.says])])), note = field(c.hadNote, area({ maxlength: 1000, rows: 2 }), c.hadNoteHint);
    kind.input.classList.add("mid");
    return [got.accommodations.length ? h("div.fig", {}, table("st ac", [{ name: c.hadKind }, { name: c.hadNote }, { name: c.hadWhen }],
      got.accommodations.map((x) => [h("b", {}, x.says), x.note || v.t.noValue, v.f.date(x.at.slice(0, 10))]))) : h("p.lede", {}, c.hadNothing),
    form(v, [kind.node, note.node], c.hadKeep, async () => {
      kind.wrong(kind.input.value ? "" : v.t.app.chooseOne);
      note.wrong(kind.input.value === "other" && !note.input.value.trim() ? v.t.app.needed : "");
      const bad = [kind, note].find((x) => x.input.getAttribute("aria-invalid") === "true");
      if (bad) { bad.input.focus(); return; }
      await post(address, { kind: kind.input.value, note: note.input.value.trim() });
      again();
      return c.hadKept;
    }, null, "")];
  });
}

/** Whom it was about last, so that a page drawn anew has it. */
let whom = "";

/** Beside the sending of tests: whom first. */
export function accommodating(v: View, people: { person_id: string; kind: string }[]): HTMLElement {
  const c = v.t.assess, box = h("div", {});
  const who = field(c.hadWho, options([["", v.t.app.choose], ...people.map((x): [string, string] => [x.person_id, x.kind === "candidate" ? `${x.person_id}, ${c.sendCandidate.toLocaleLowerCase(v.f.lang)}` : x.person_id])], people.some((x) => x.person_id === whom) ? whom : ""), c.hadWhoHint);
  who.input.classList.add("mid");
  const turn = (): void => { whom = who.input.value; box.replaceChildren(...(whom ? [accommodationsOf(v, whom)] : [])); };
  who.input.addEventListener("change", turn);
  turn();
  return section(v, c.had, c.hadAside, null, say2(c.hadFinding), people.length ? h("div.fig", {}, who.node, box) : h("p.lede", {}, c.peopleNone));
}

export const ownAccommodations = (v: View, person: string): Child => {
  const c = v.t.assess, part = section(v, c.had, c.hadAside, null, say2(c.hadOwn), accommodationsOf(v, person));
  part.classList.add("screen");
  return part;
};
