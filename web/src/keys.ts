// Keys of the pages: / goes to the choice or the search of the page, ? shows the keys. They can be turned off, since a
// reader who speaks to the machine may say them by mistake (WCAG 2.1.4).
import { h } from "./dom";
import type { View } from "./parts";

const STORE = "verkan.keys";
let off = false;
try { off = localStorage.getItem(STORE) === "off"; } catch { /* a page from a file may have no store */ }
let view: View | null = null;

/** Shows which keys there are. */
export function showKeys(): void {
  const v = view;
  if (!v || document.querySelector("dialog")) return;
  const { t } = v, back = document.activeElement as HTMLElement | null;
  const box = h("dialog.keys", { "aria-labelledby": "keys-title", onclose: () => { box.remove(); back?.focus(); } },
    h("h2", { id: "keys-title" }, t.keysName),
    h("dl.def.first", {}, t.keys.map(([key, what]) => [h("dt", {}, h("kbd", {}, key)), h("dd", {}, what)])),
    h("label.pick", {}, h("input", { type: "checkbox", checked: !off, onchange: (event) => {
      off = !(event.target as HTMLInputElement).checked;
      try { localStorage.setItem(STORE, off ? "off" : "on"); } catch { /* holds for this page */ }
    } }), h("span", {}, t.keysUse)),
    h("div.btns", {}, h("button.btn", { type: "button", onclick: () => box.close() }, t.close))) as HTMLDialogElement;
  document.body.append(box);
  box.showModal();
}

/** Which page the keys are for. */
export function keysFor(v: View): void { view = v; }

document.addEventListener("keydown", (event) => {
  if (off || event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
  const at = event.target as HTMLElement;
  if (at.matches?.("input:not([type=checkbox]):not([type=radio]):not([type=range]), textarea, select") || document.querySelector("dialog")) return;
  if (event.key === "?") { event.preventDefault(); showKeys(); return; }
  if (event.key !== "/") return;
  const to = ["main input[type=search]", "main select.in", "main .input"].map((x) => document.querySelector<HTMLElement>(x)).find((x) => x);
  if (!to) return;
  event.preventDefault();
  to.focus();
});
