// Making elements. Text only ever becomes a text node, so nothing in a document can become markup.

export type Child = Node | string | number | null | undefined | false | Child[];
type Props = Record<string, string | number | boolean | ((event: Event) => void) | null | undefined>;

function fill(parent: Element, children: Child[]): void {
  for (const child of children) {
    if (Array.isArray(child)) fill(parent, child);
    else if (child instanceof Node) parent.append(child);
    else if (child !== null && child !== undefined && child !== false) parent.append(String(child));
  }
}

function set(element: Element, props: Props): void {
  for (const [name, value] of Object.entries(props)) {
    if (value === null || value === undefined || value === false) continue;
    if (typeof value === "function") element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : String(value));
  }
}

/** An HTML element: h("p.note", {id: "x"}, "text"). Handlers are given as onclick: function. */
export function h(what: string, props: Props = {}, ...children: Child[]): HTMLElement {
  const [tag, ...classes] = what.split(".");
  const element = document.createElement(tag || "div");
  if (classes.length) element.className = classes.join(" ");
  set(element, props);
  fill(element, children);
  return element;
}

/** The same in SVG. */
export function s(what: string, props: Props = {}, ...children: Child[]): SVGElement {
  const [tag, ...classes] = what.split(".");
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag || "g");
  if (classes.length) element.setAttribute("class", classes.join(" "));
  set(element, props);
  fill(element, children);
  return element;
}

/** Sentences hold their emphasis as **bold**. */
export function rich(text: string): Child[] {
  return text.split("**").map((part, i) => (i % 2 ? h("b", {}, part) : part));
}
