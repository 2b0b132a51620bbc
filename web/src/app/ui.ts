// What forms and lists from the server are made of: fields, buttons, what is on its way, and what went wrong.
import { h, type Child } from "../dom";
import { say2, type View } from "../parts";
import { follow, Refused, type Job } from "./api";

let ids = 0;

export interface Field { node: HTMLElement; input: HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement; wrong(text: string): void }

/** A labelled control with a hint; what is wrong with it stands under it and is read with it. */
export function field(label: string, input: HTMLElement, hint = ""): Field {
  const id = input.id || `f-${++ids}`, control = input as Field["input"];
  input.id = id;
  const error = h("p.wrong-field", { id: `${id}-e`, hidden: true });
  if (hint) input.setAttribute("aria-describedby", `${id}-h`);
  return {
    input: control,
    node: h("div.field", {}, h("label", { for: id }, label), hint ? h("p.hint", { id: `${id}-h` }, hint) : null, input, error),
    wrong(text) {
      error.textContent = text;
      error.hidden = !text;
      input.setAttribute("aria-invalid", text ? "true" : "false");
      input.setAttribute("aria-describedby", [hint ? `${id}-h` : "", text ? `${id}-e` : ""].filter(Boolean).join(" "));
    },
  };
}

export const text = (props: Record<string, string | boolean | number | null> = {}): HTMLElement => h("input.input", { type: "text", ...props });
export const area = (props: Record<string, string | boolean | number | null> = {}): HTMLElement => h("textarea.input", { rows: 3, ...props });
export const options = (list: [string, string][], chosen = "", props: Record<string, string> = {}): HTMLElement =>
  h("select.input", props, list.map(([value, name]) => h("option", { value, selected: value === chosen }, name)));

export function button(name: Child, onclick: (event: Event) => void, kind: "pri" | "" | "small" = ""): HTMLElement {
  return h(`button.btn${kind ? "." + kind : ""}`, { type: "button", onclick }, name);
}
export const linkButton = (name: Child, href: string, kind: "pri" | "" = ""): HTMLElement => h(`a.btn${kind ? "." + kind : ""}`, { href }, name);

/** What went wrong, in a sentence. */
export function told(v: View, error: unknown): string {
  if (error instanceof Refused) return error.message || v.t.app.refused(String(error.status));
  if (error instanceof TypeError) return v.t.app.noAnswer;
  throw error;
}

/** A form that sends once, says what went wrong beside the button, and lets its fields be wrong. */
export function form(v: View, fields: Child[], submit: string, send: () => Promise<Child | void>, more: Child = null, kind: "pri" | "" | "wide" = "pri"): HTMLElement {
  const said = h("div.said", { role: "status" }), wrong = h("div.said", { role: "alert" });
  const go = h(`button.btn${kind ? ".pri" : ""}`, { type: "submit" }, submit) as HTMLButtonElement;
  let busy = false;
  return h(kind === "wide" ? "form.form.wide" : "form.form", { novalidate: true, onsubmit: async (event) => {
    event.preventDefault();
    if (busy) return;
    busy = true;
    go.setAttribute("aria-disabled", "true");
    said.replaceChildren();
    wrong.replaceChildren();
    try {
      const done = await send();
      if (done) said.append(h("p", {}, done));
    } catch (error) {
      wrong.append(h("p", {}, told(v, error)));
    } finally {
      busy = false;
      go.removeAttribute("aria-disabled");
    }
  } }, fields, h("div.btns", {}, go, more), wrong, said);
}

export const blocks = (): HTMLElement => h("div.skels", { "aria-hidden": "true" }, h("div.skel.w92"), h("div.skel.w78"), h("div.skel.w84"));

/** What was last read, so that a page that is drawn anew (another theme, paper) has it at once. */
const read = new Map<string, unknown>();
export const forgetRead = (): void => read.clear();

/** A part whose content comes from the server, under `key`: nothing for 400 ms, then blocks, then what came, or what went wrong and a way to
 * try again. What was there before is shown at once, and drawn anew only where it has changed. */
export function later<T>(v: View, key: string, load: () => Promise<T>, draw: (got: T, again: () => void) => Child, onError?: (error: unknown) => Child | undefined): HTMLElement {
  const box = h("div.later", { "aria-busy": "true" });
  let turn = 0, shown = "";
  const put = (...children: Child[]) => {
    box.replaceChildren(h("div", {}, children));
    const title = box.querySelector<HTMLElement>("h1");
    if (!title) return;
    document.title = `${title.textContent} \u2013 Verkan`;
    if (document.activeElement === document.body) title.focus({ preventScroll: true });
  };
  const show = (got: T): void => {
    const now = JSON.stringify(got);
    if (now === shown) return;
    shown = now;
    put(draw(got, () => { shown = ""; start(true); }));
  };
  const start = (quiet: boolean): void => {
    const mine = ++turn;
    box.setAttribute("aria-busy", "true");
    const timer = quiet ? 0 : window.setTimeout(() => { if (mine === turn) put(h("p.lede", {}, v.t.app.fetching), blocks()); }, 400);
    load().then((got) => {
      if (mine !== turn) return;
      read.set(key, got);
      show(got);
    }, (error: unknown) => {
      if (mine !== turn) return;
      shown = "";
      const own = onError?.(error);
      put(own !== undefined ? own : [h("p.lede", {}, told(v, error)), h("div.btns", {}, button(v.t.app.tryAgain, () => start(false)))]);
    }).finally(() => { clearTimeout(timer); if (mine === turn) box.setAttribute("aria-busy", "false"); });
  };
  const known = read.get(key) as T | undefined;
  if (known !== undefined) show(known);
  start(known !== undefined);
  return box;
}

/** Follows a job where it was started, and says how far it has come; gone from the page, it is no longer followed. */
export function progress(v: View, id: number | string, what: string, ended: (job: Job) => void, cancel?: () => void): HTMLElement {
  const line = h("p.lede", {}, what), bar = h("progress", { max: 1, "aria-label": what }) as HTMLProgressElement;
  const spoken = h("p.vh", { role: "status" }, what);
  const box = h("div.job", {}, line, bar, spoken, cancel ? h("div.btns", {}, button(v.t.app.cancel, cancel)) : null);
  let said = "";
  follow(id, (job) => {
    const part = typeof job.progress === "number" ? job.progress : null;
    if (part === null) bar.removeAttribute("value"); else bar.value = part;
    const now = job.state === "queued" ? v.t.app.queued : job.text || what;
    line.textContent = part === null ? now : `${now} ${v.f.pct(part)}`;
    if (now !== said) { spoken.textContent = now; said = now; }
  }, () => !box.isConnected && said !== "").then((job) => { if (job) ended(job); }, (error: unknown) => { box.replaceChildren(h("p.lede", { role: "alert" }, told(v, error))); });
  return box;
}

/** A state as content: a sentence in a finding's size, a line, ways out. */
export function standing(sentence: string, line: Child, ...ways: Child[]): Child[] {
  return [say2(sentence), line ? h("p.lede", {}, line) : null, ways.some(Boolean) ? h("div.btns", {}, ways) : null];
}
