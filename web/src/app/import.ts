// Reading in: files up, what Verkan takes them for, what it needs to be told, and the one button.
import { h, type Child } from "../dom";
import { head, section, table, type View } from "../parts";
import { href, pageHref } from "../state";
import { ask, get, post, Refused, type Job } from "./api";
import { answerable } from "./answerable";
import { peek, type Peek } from "./peek";
import { stamp } from "./session";
import { blocks, button, later, linkButton, options, progress, standing, told } from "./ui";

declare const TABLES: Record<string, string[]>;
const SURE = 0.85;
const SKIP = "skip";

interface Column { column: string; field: string | null; confidence: number | null; sample?: string | string[] | null }
/** What must be said of a file before anything can be read in. */
interface Question { text: string; kind: "column" | "dates" | "decimal" | "missing"; column: string | null; field: string | null }
interface File_ { name: string; bytes: number; rows?: number | null; table: string | null; confidence: number | null; columns: Column[]; text?: string | null; question?: Question | null }
interface Preview { files: File_[]; problems: (string | { file?: string; text?: string; sentence?: string })[] }

/** What the reader has said of an upload, and the job that reads it; kept while the page lives. */
interface Said { table: Map<string, string>; way: Map<string, string>; field: Map<string, Map<string, string>>; job: { id: number | string; kind: "import" | "diagnose" } | null; end: Job | null; preview: Preview | null; peeks: Map<string, Peek> }
const uploads = new Map<string, Said>();
const saidOf = (id: string): Said => {
  let said = uploads.get(id);
  if (!said) uploads.set(id, said = { table: new Map(), way: new Map(), field: new Map(), job: null, end: null, preview: null, peeks: new Map() });
  return said;
};

let changed: () => void = () => undefined;
/** Called when there is a new result to read. */
export const onResult = (what: () => void): void => { changed = what; };

/** Every file of what was dropped, folders too. */
async function dropped(transfer: DataTransfer): Promise<File[]> {
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry()).filter((x): x is FileSystemEntry => x !== null);
  if (!entries.length) return [...transfer.files];
  const out: File[] = [];
  const walk = async (entry: FileSystemEntry): Promise<void> => {
    if (entry.isFile) { out.push(await new Promise<File>((done, fail) => (entry as FileSystemFileEntry).file(done, fail))); return; }
    const reader = (entry as FileSystemDirectoryEntry).createReader();
    for (;;) {
      const some = await new Promise<FileSystemEntry[]>((done, fail) => reader.readEntries(done, fail));
      if (!some.length) return;
      for (const inner of some) await walk(inner);
    }
  };
  for (const entry of entries) await walk(entry);
  return out;
}

const hidden = (name: string) => name.startsWith(".") || name === "Thumbs.db";

async function send(v: View, files: File[], line: HTMLElement, bar: HTMLProgressElement): Promise<void> {
  const { id, most } = await post<{ id: string | number; most?: number }>("/api/uploads");
  const large = files.find((file) => most && file.size > most);
  if (large && most) {
    void ask("DELETE", `/api/uploads/${id}`).catch(() => undefined);
    throw new Refused(413, "size", v.t.app.tooLarge(large.name, size(v, large.size), size(v, most)));
  }
  const taken = new Set<string>();
  let done = 0;
  for (const file of files) {
    line.textContent = v.t.app.sending(v.f.int(done + 1), v.f.int(files.length), file.name);
    let name = file.name.normalize("NFC");
    for (let n = 2; taken.has(name); n++) name = file.name.replace(/(\.[^.]*)?$/, `-${n}$1`);
    taken.add(name);
    const seen = await peek(file).catch(() => null);
    if (seen) saidOf(String(id)).peeks.set(name, seen);
    await ask("PUT", `/api/uploads/${id}/${encodeURIComponent(name)}`, file);
    bar.value = ++done / files.length;
  }
  location.hash = href(v.state, { page: "data", arg: String(id) });
}

/** Where files are given: a button, a folder, or dropped. */
export function give(v: View): HTMLElement {
  const a = v.t.app;
  const line = h("p", { role: "status" }), wrong = h("div.said", { role: "alert" });
  const bar = h("progress", { max: 1, value: 0, "aria-label": a.importSection, hidden: true }) as HTMLProgressElement;
  const start = async (files: File[]): Promise<void> => {
    wrong.replaceChildren();
    const list = files.filter((file) => !hidden(file.name));
    if (!list.length) { wrong.append(h("p", {}, a.noFiles)); return; }
    bar.hidden = false;
    try { await send(v, list, line, bar); } catch (error) {
      line.textContent = "";
      bar.hidden = true;
      wrong.append(h("p", {}, told(v, error), " ", a.nothingChanged));
    }
  };
  const chooser = (folder: boolean) => {
    const input = h("input", { type: "file", multiple: true, hidden: true, id: folder ? "folder" : "files", tabindex: -1, "aria-hidden": "true",
      ...(folder ? { webkitdirectory: true } : {}), onchange: () => { void start([...(input.files ?? [])]); } }) as HTMLInputElement;
    return input;
  };
  const files = chooser(false), folder = chooser(true);
  const zone = h("div.drop", {
    ondragover: (event) => { event.preventDefault(); zone.classList.add("over"); },
    ondragleave: () => zone.classList.remove("over"),
    ondrop: (event) => {
      event.preventDefault();
      zone.classList.remove("over");
      const transfer = (event as DragEvent).dataTransfer;
      if (transfer) void dropped(transfer).then(start);
    },
  }, h("p.say.say-3", {}, a.dropHere), h("p.note", {}, a.dropKinds),
  h("div.btns", {}, button(a.chooseFiles, () => files.click(), "pri"), button(a.chooseFolder, () => folder.click())), files, folder, bar, line, wrong);
  return zone;
}

const tableNames = (v: View): [string, string][] => [["", v.t.app.tableNone], ...Object.keys(TABLES).map((key): [string, string] => [key, v.t.tables[key] ?? key])];
const fieldName = (v: View, key: string): string => v.t.app.fields[key] ?? key;
const fieldNames = (v: View, of: string): [string, string][] =>
  [["", v.t.app.fieldNone], ...(TABLES[of] ?? []).map((key): [string, string] => [key, `${fieldName(v, key)} (${key})`])];
const sampleOf = (c: Column): string => (Array.isArray(c.sample) ? c.sample.slice(0, 3).join(", ") : c.sample ?? "");

/** The server tells of the columns that it takes for something; the look into the file knows the others, and values of all. */
function whole(said: Said, got: Preview): Preview {
  for (const file of got.files) {
    const seen = said.peeks.get(file.name);
    if (!seen || !file.columns.every((c) => seen.headings.includes(c.column))) continue;
    const known = new Map(file.columns.map((c) => [c.column, c]));
    if (known.size) file.columns = seen.headings.map((column) => known.get(column) ?? { column, field: null, confidence: null });
    for (const c of file.columns) c.sample ??= seen.samples[seen.headings.indexOf(c.column)] ?? null;
  }
  return got;
}

/** A column that must be looked at: it has a meaning, but not a sure one, and nobody has said. */
const doubtful = (said: Said, file: File_, c: Column): boolean =>
  !!c.field && typeof c.confidence === "number" && c.confidence < SURE && !said.field.get(file.name)?.has(c.column) && said.table.get(file.name) !== SKIP;

/** A file that must be told something, and was not. */
function unanswered(said: Said, file: File_): boolean {
  const q = file.question, fields = said.field.get(file.name);
  if (!q || said.table.get(file.name) === SKIP) return false;
  return q.kind === "missing" ? ![...fields?.values() ?? []].includes(q.field ?? "")
    : q.kind === "column" ? !fields?.size : !said.way.has(file.name);
}

const WAYS = { dates: ["day", "month"], decimal: ["comma", "point"] } as const;

/** The question, with an answer to each of its sides. */
function questionPart(v: View, said: Said, file: File_, again: () => void): Child {
  const a = v.t.app, q = file.question;
  if (!q) return null;
  const say = (column: string, field: string) => {
    let fields = said.field.get(file.name);
    if (!fields) said.field.set(file.name, fields = new Map());
    for (const [other, is] of fields) if (field && is === field) fields.delete(other);
    fields.set(column, field);
    again();
  };
  const name = q.field ? fieldName(v, q.field) : "";
  let answers: Child = null;
  if (q.kind === "dates" || q.kind === "decimal") {
    const now = said.way.get(file.name);
    answers = WAYS[q.kind].map((way) => {
      const one = button(a.ways[way], () => { said.way.set(file.name, way); again(); }, "small");
      one.setAttribute("aria-pressed", String(now === way));
      return one;
    });
  } else if (q.kind === "missing") {
    const now = [...said.field.get(file.name) ?? []].find(([, is]) => is === q.field)?.[0] ?? "";
    const select = options([["", a.chooseColumn], ...file.columns.map((c): [string, string] => [c.column, c.column])], now, { "aria-label": a.whichIs(name) });
    select.id = `ask-${file.name}`;
    select.addEventListener("change", () => { const is = (select as HTMLSelectElement).value; if (is) say(is, q.field ?? ""); });
    answers = select;
  } else if (q.column) {
    const column = q.column, known = q.field ?? file.columns.find((c) => c.column === column)?.field ?? null;
    answers = [known ? button(a.questionYes(column, fieldName(v, known)), () => say(column, known), "small") : null, button(a.questionNo, () => say(column, ""), "small")];
  }
  return h("div.ask", {}, h("p.say.say-3", {}, unanswered(said, file) ? h("b", {}, a.columnDoubt, ". ") : null, q.text.charAt(0).toLocaleUpperCase(v.f.lang) + q.text.slice(1)), h("div.btns", {}, answers));
}

function columnRow(v: View, said: Said, file: File_, c: Column, again: () => void): Child[] {
  const a = v.t.app, of = said.table.get(file.name) || file.table || "", chosen = said.field.get(file.name)?.get(c.column);
  const now = chosen ?? c.field ?? "", list = fieldNames(v, of);
  if (now && !list.some(([key]) => key === now)) list.push([now, fieldName(v, now)]);
  const say = (value: string) => {
    let fields = said.field.get(file.name);
    if (!fields) said.field.set(file.name, fields = new Map());
    fields.set(c.column, value);
    again();
  };
  const select = options(list, now, { "aria-label": a.readsAs(c.column) });
  select.id = `col-${file.name}-${c.column}`;
  select.addEventListener("change", () => say((select as HTMLSelectElement).value));
  const doubt = doubtful(said, file, c);
  return [h("b", {}, c.column), h("span.mono.dim", {}, sampleOf(c)), select,
    doubt ? [h("b", {}, a.columnDoubt), h("span.sub", {}, a.sureness(v.f.prob(c.confidence ?? 0))), button(a.columnYes, () => say(c.field ?? ""), "small")]
      : chosen !== undefined ? a.columnSaid : now ? [a.columnReady, typeof c.confidence === "number" && c.confidence < 0.995 ? h("span.sub", {}, a.sureness(v.f.prob(c.confidence))) : null] : h("span.dim", {}, a.columnKept)];
}

const size = (v: View, bytes: number): string => (bytes >= 1e9 ? `${v.f.num(bytes / 1e9, 1)}\u00a0GB` : bytes >= 1e6 ? `${v.f.num(bytes / 1e6, 1)}\u00a0MB` : `${v.f.int(Math.max(1, bytes / 1e3))}\u00a0kB`);

function fileSelect(v: View, said: Said, file: File_, again: () => void): HTMLElement {
  const a = v.t.app, select = options([...tableNames(v), [SKIP, a.tableSkip]], said.table.get(file.name) ?? file.table ?? "", { "aria-label": a.readsAs(file.name) });
  select.id = `tab-${file.name}`;
  select.addEventListener("change", () => { said.table.set(file.name, (select as HTMLSelectElement).value); again(); });
  return select;
}

/** Files of which nothing has to be asked. */
const plain = (file: File_): boolean => !!file.table && !file.columns.length && !file.text && !file.question;

function plainFiles(v: View, said: Said, files: File_[], again: () => void): HTMLElement | null {
  const a = v.t.app;
  return files.length ? section(v, a.plainFiles, a.plainAside, null, table("st if", [{ name: v.t.file }, { name: v.t.rows, cls: "r" }, { name: a.size, cls: "r" }, { name: a.readsAsHead, bare: true }],
    files.map((file) => [h("b", {}, file.name), file.rows ? v.f.int(file.rows) : v.t.noValue, size(v, file.bytes), fileSelect(v, said, file, again)]))) : null;
}

function fileSection(v: View, said: Said, file: File_, again: () => void): HTMLElement {
  const a = v.t.app, now = said.table.get(file.name) ?? file.table ?? "", skipped = now === SKIP || now === "";
  const select = fileSelect(v, said, file, again);
  const unsure = typeof file.confidence === "number" && file.confidence < SURE && !said.table.has(file.name);
  const asked = (c: Column) => !!c.field && typeof c.confidence === "number" && c.confidence < SURE;
  const columns = (list: Column[]) => table("st ic", [{ name: a.inFile }, { name: a.example }, { name: a.readsAsHead, bare: true }, { name: a.state, bare: true }],
    list.map((c) => columnRow(v, said, file, c, again)));
  const used = file.columns.filter((c) => said.field.get(file.name)?.get(c.column) ?? c.field).length;
  return section(v, file.name, [size(v, file.bytes), file.rows ? h("span.sub", {}, a.fileRows(v.f.int(file.rows))) : null], null,
    h("div.inline", {}, h("span", {}, a.fileIs), select, unsure ? h("b", {}, a.sureness(v.f.prob(file.confidence ?? 0))) : null),
    questionPart(v, said, file, again),
    file.text ? h("ul.remarks", {}, file.text.split("\n").map((x) => h("li", {}, x))) : null,
    skipped ? h("p.lede", {}, file.table ? a.fileSkipped : a.fileUnknown)
      : [file.columns.some(asked) ? h("div.fig", {}, columns(file.columns.filter(asked))) : null,
        file.columns.some((c) => !asked(c)) ? h("details.rows", { open: file.columns.some((c) => !asked(c) && said.field.get(file.name)?.has(c.column)) },
          h("summary", {}, a.showColumns(v.f.int(used), v.f.int(file.columns.length))), columns(file.columns.filter((c) => !asked(c)))) : null]);
}

interface Told { table?: string; dates?: string; decimal?: string; columns?: Record<string, string | null> }

/** What was said, as the server takes it: only where it differs from the guess. */
function mapOf(said: Said, files: File_[]): Record<string, Told> | undefined {
  const map: Record<string, Told> = {};
  for (const file of files) {
    const one: Told = {}, way = said.way.get(file.name);
    const kind = said.table.get(file.name), fields = said.field.get(file.name);
    if (way === "day" || way === "month") one.dates = way;
    else if (way) one.decimal = way;
    if (kind) one.table = kind;
    if (fields?.size) one.columns = Object.fromEntries([...fields].map(([column, field]) => [column, field || null]));
    if (Object.keys(one).length) map[file.name] = one;
  }
  return Object.keys(map).length ? map : undefined;
}

function ended(v: View, id: string, said: Said, redraw: () => void): Child[] {
  const a = v.t.app, job = said.end!;
  if (job.state === "done")
    return [head(v, a.importSection, a.importDone, h("p.cert", {}, h("span", {}, job.text || a.importDoneWhy))),
      h("div.btns", {}, linkButton(a.toOverview, pageHref(v.state, "overview"), "pri"), linkButton(a.toRejects, pageHref(v.state, "data")))];
  return [head(v, a.importSection, job.state === "cancelled" ? a.importCancelled : a.importFailed, h("p.cert", {}, h("span", {}, job.text, " ", a.nothingChanged))),
    h("div.btns", {}, button(a.backToColumns, () => { said.end = null; redraw(); }, "pri"),
      button(a.otherFiles, () => { uploads.delete(id); void ask("DELETE", `/api/uploads/${id}`).catch(() => undefined); location.hash = pageHref(v.state, "data"); }))];
}

function running(v: View, said: Said, redraw: () => void): Child[] {
  const a = v.t.app, { id, kind } = said.job!;
  return [head(v, a.importSection, kind === "import" ? a.importing : a.diagnosing, h("p.cert", {}, h("span", {}, a.mayLeave))),
    progress(v, id, kind === "import" ? a.importing : a.diagnosing, (job) => {
      said.job = null;
      if (job.state === "done" && kind === "import") {
        post<{ id: number | string }>("/api/jobs", { kind: "diagnose" }).then((next) => { said.job = { id: next.id, kind: "diagnose" }; redraw(); },
          (error: unknown) => { said.end = { ...job, state: "failed", text: told(v, error) }; redraw(); });
        return;
      }
      said.end = job;
      if (job.state === "done") changed();
      redraw();
    }, () => void ask("DELETE", `/api/jobs/${id}`).catch(() => undefined))];
}

/** One upload: what Verkan takes it for, and reading it in. */
export function importPage(v: View): Child[] {
  const a = v.t.app, id = v.state.arg, said = saidOf(id);
  const box = h("div.import", {});
  const back = () => h("div.scope", {}, h("span", {}, h("a", { href: pageHref(v.state, "data") }, v.t.pages.data), " / ", a.importSection));
  const put = (...children: Child[]) => {
    const at = document.activeElement?.id;
    box.replaceChildren(h("div", {}, back(), children));
    if (at) document.getElementById(at)?.focus();
  };
  const draw = (): void => {
    if (said.end) { put(ended(v, id, said, draw)); return; }
    if (said.job) { put(running(v, said, draw)); return; }
    if (!said.preview) return;
    const { files, problems } = said.preview, wrong = h("div.said", { role: "alert" });
    const asked = files.filter((file) => unanswered(said, file)).length;
    const doubts = asked + files.reduce((n, file) => n + file.columns.filter((c) => doubtful(said, file, c)).length, 0);
    const usable = files.filter((file) => { const t = said.table.get(file.name) ?? file.table; return t && t !== SKIP; });
    const go = async (): Promise<void> => {
      try {
        const map = mapOf(said, files);
        const job = await post<{ id: number | string }>("/api/jobs", { kind: "import", upload: id, ...(map ? { map } : {}) });
        said.job = { id: job.id, kind: "import" };
        draw();
      } catch (error) { wrong.replaceChildren(h("p", {}, told(v, error), " ", a.nothingChanged)); }
    };
    put(head(v, a.importSection, [a.previewFinding(v.f.int(usable.length), v.f.int(files.length)), " ", doubts ? a.previewDoubts(doubts) : a.previewSure], [
      h("p.cert", {}, h("span", {}, a.previewSafe)),
      h("ol.steps", {}, h("li", {}, a.stepFiles), h("li", { "aria-current": "step" }, a.stepColumns), h("li", {}, a.stepRead))]),
    problems.length ? section(v, a.problems, null, null, h("ul.plain", {}, problems.map((p) => h("li", {}, typeof p === "string" ? p : [p.file ? h("b", {}, p.file, ": ") : null, p.text ?? p.sentence])))) : null,
    files.filter((file) => !plain(file)).sort((x, y) => Number(unanswered(said, y)) - Number(unanswered(said, x)) || Number(y.columns.some((c) => doubtful(said, y, c))) - Number(x.columns.some((c) => doubtful(said, x, c))) || x.name.localeCompare(y.name)).map((file) => fileSection(v, said, file, draw)),
    plainFiles(v, said, files.filter(plain), draw),
    answerable(v, new Set([...usable.map((file) => said.table.get(file.name) ?? file.table ?? ""), ...v.doc.data.files.filter((file) => file.used > 0 || file.identical > 0).map((file) => file.table)])),
    section(v, a.stepRead, null, null, standing(doubts ? a.readDoubts(doubts) : a.readReady, a.readWhole,
      usable.length && !asked ? button(a.readNow, () => void go(), "pri") : null,
      button(a.throwAway, () => { uploads.delete(id); void ask("DELETE", `/api/uploads/${id}`).catch(() => undefined); location.hash = pageHref(v.state, "data"); })), wrong));
  };
  if (said.end || said.job || said.preview) draw();
  else {
    put(h("div.head", {}, h("h1", { id: "title", tabindex: -1 }, a.importSection), h("p.lede", { role: "status" }, a.lookingAtFiles), blocks()));
    get<Preview>(`/api/uploads/${encodeURIComponent(id)}`).then((got) => { said.preview = whole(said, got); draw(); }, (error: unknown) => {
      put(head(v, a.importSection, a.uploadGone, h("p.cert", {}, h("span", {}, told(v, error)))), h("div.btns", {}, linkButton(a.otherFiles, pageHref(v.state, "data"), "pri")));
    });
  }
  return [box];
}

interface Snapshot { id: number | string; made_at: string; generation?: number | string; version?: string; seed?: number; expired?: boolean }

/** Earlier results, each with an address of its own. */
function snapshots(v: View): HTMLElement {
  const a = v.t.app;
  return section(v, a.snapshots, a.snapshotsAside, null, later(v, "snapshots", () => get<Snapshot[]>("/api/snapshots"), (list) => (list.length
    ? table("st sn", [{ name: a.snapshotMade }, { name: a.snapshotBy, bare: true }, { name: a.what, bare: true }], list.map((x, i) => [
      stamp(v, x.made_at), a.snapshotOf(x.version ?? "", String(x.seed ?? "")),
      x.expired ? h("span.dim", {}, a.snapshotExpired) : h("a", { href: pageHref(v.state, "overview", { snapshot: i ? String(x.id) : "" }) }, i ? a.snapshotOpen : a.snapshotNow)]))
    : h("p.lede", {}, a.snapshotNone))));
}

/** The part of the data page that only the application has. */
export function importPart(v: View): Child {
  const a = v.t.app, active = [...uploads].find(([, said]) => said.job);
  return [
    v.app?.may("import") ? section(v, a.importSection, a.importAside, null,
      active ? [h("p.lede", {}, a.importRuns), h("div.btns", {}, linkButton(a.importSee, href(v.state, { page: "data", arg: active[0] }), "pri"))] : give(v)) : null,
    v.doc.schema ? snapshots(v) : null,
  ];
}

/** The data page before anything is read in. */
export function importFirst(v: View): Child[] {
  return [head(v, v.t.pages.data, v.t.app.emptyFinding, h("p.cert", {}, h("span", {}, v.app?.may("import") ? v.t.app.emptyWhy : v.t.app.emptyAsk))), importPart(v)];
}
