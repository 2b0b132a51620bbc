// Instruments of one's own: QTI files are sent and read in as a whole or not at all; what is wrong is told with the file and the item.
import { h, type Child } from "../dom";
import { say2, section, table, type View } from "../parts";
import { ask, post, type Job } from "./api";
import { competencies } from "./profile";
import { button, field, form, later, progress, text, told } from "./ui";

export function ownInstruments(v: View): Child {
  const o = v.t.assess.own;
  if (!v.app?.may("import") || v.printed) return null;
  const box = h("div.answer", { "aria-live": "polite" });
  const show = (...children: Child[]): void => box.replaceChildren(h("div", {}, children));
  let refresh: (() => void) | null = null;
  const retire = (id: string, called: string, again: () => void): Child => {
    const back = button(o.retire, () => {
      if (back.textContent !== o.retireSure) { back.textContent = o.retireSure; return; } // asked once more: it is no longer sent
      post(`/api/competencies/${encodeURIComponent(id)}/retire`).then(() => { again(); show(h("p.say.say-3", {}, o.retired(called)), h("p.lede", {}, o.retiredWhat)); },
        (error: unknown) => show(h("p.say.say-3", {}, told(v, error))));
    }, "small");
    back.setAttribute("aria-label", o.retireWhich(called));
    back.addEventListener("click", () => { back.removeAttribute("aria-label"); });
    return back;
  };
  const list = later(v, `${v.f.lang} own`, () => competencies(v), (all, again) => {
    refresh = again;
    const own = all.filter((x) => x.own);
    return [say2(own.length ? o.finding(own.length) : o.none), own.length ? h("div.fig", {}, table("st ow", [{ name: o.instrument }, { name: o.situations, cls: "r" }, { name: "" }],
      own.map((x) => [[h("b", {}, x.name), h("span.sub", {}, x.competency)], v.f.int(x.situations), retire(x.competency, x.name, again)]))) : null];
  });
  const files = field(o.files, h("input.input", { type: "file", multiple: true, accept: ".xml,.zip" }), o.filesHint), id = field(o.id, text({ maxlength: 63, spellcheck: "false", autocomplete: "off" }), o.idHint), name = field(o.name, text({ maxlength: 200 }), o.nameHint);
  for (const x of [id, name]) x.input.classList.add("mid");
  const send = async (): Promise<void> => {
    const chosen = [...((files.input as HTMLInputElement).files ?? [])], as = id.input.value.trim(), title = name.input.value.trim();
    files.wrong(chosen.length ? "" : o.noFiles);
    id.wrong(!as || /^[A-Za-z0-9_][A-Za-z0-9_.-]*$/.test(as) ? "" : o.idWrong);
    const bad = [files, id].find((x) => x.input.getAttribute("aria-invalid") === "true");
    if (bad) { bad.input.focus(); return; }
    const { id: upload } = await post<{ id: string }>("/api/uploads");
    for (const one of chosen) await ask("PUT", `/api/uploads/${upload}/${encodeURIComponent(one.name)}`, one);
    const job = await post<{ id: number }>("/api/jobs", { kind: "instrument", upload, ...(as ? { competency: as } : {}), ...(title ? { name: title } : {}) });
    show(progress(v, job.id, o.reading, (done: Job) => {
      if (done.state !== "done") {
        void ask("DELETE", `/api/uploads/${upload}`).catch(() => undefined);
        show(h("p.say.say-3", {}, o.refused), h("p.lede", {}, done.state === "cancelled" ? v.t.app.cancelled : (done.text || v.t.app.notCounted).replace(/^verkan: /, "")));
        return;
      }
      show(h("p.say.say-3", {}, o.done), (done.text ?? "").split("\n").filter((x) => x.trim() && !x.includes("verkan assess invite")).map((x) => h("p.lede", {}, x)));
      (files.input as HTMLInputElement).value = "";
      refresh?.();
    }, () => void ask("DELETE", `/api/jobs/${job.id}`).catch(() => undefined)));
  };
  return section(v, o.section, o.aside, null, list, h("p.lede", {}, o.lead), form(v, [files.node, id.node, name.node], o.send, send, null, ""), box);
}
