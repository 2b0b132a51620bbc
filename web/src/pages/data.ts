// Data: what was read and refused, what was taken from it, which questions it can answer.
import { h, type Child } from "../dom";
import { elsewhere, ownWhy, whereAnswered } from "../findings";
import { head, say2, scope, section, table, type View } from "../parts";

export function data(v: View): Child[] {
  const { doc, t, f } = v, { files, problems } = doc.data;
  const used = files.reduce((n, x) => n + x.used, 0), rejected = doc.data.rejects;
  const status = { answered: t.answered, weak: t.weak, cannot: t.cannotStatus };
  const n = (s: string) => f.int(doc.answers.filter((a) => a.status === s && !elsewhere(a)).length), beside = doc.answers.filter(elsewhere).length;
  return [
    scope(v),
    head(v, t.pages.data, `${t.dataFinding(f.int(used), f.int(files.length))} ${rejected ? t.dataRejected(f.int(rejected)) : t.dataClean}`, null),
    v.app?.part("import", v),
    section(v, t.questionsSection, t.questionsAside, null, say2(t.questionsFinding(f.int(doc.answers.length - beside), n("answered"), n("weak"), n("cannot"), beside)),
      h("div.fig", {}, table("st an", [{ name: t.question }, { name: t.status, bare: true }, { name: t.missing }, { name: t.toRecordHead }],
        doc.answers.map((a) => [h("b", {}, a.asked), elsewhere(a) ? h("span.status", {}, whereAnswered(v, a)) : h(`span.status.${a.status}`, {}, status[a.status]), h("span.dim", {}, ownWhy(a)), a.record])))),
    section(v, t.problemsSection, t.problemsAside, null, say2(problems.length ? t.problemsFinding(f.int(problems.length)) : t.problemsNone),
      problems.length ? h("div.fig", {}, table("st pb", [{ name: t.file }, { name: t.what }, { name: t.rows, cls: "r" }, { name: t.outcome }],
        problems.map((p) => [[p.line ? t.line(p.file, f.int(p.line)) : p.file, p.field ? h("span.sub", {}, p.field) : null], p.sentence, f.int(p.rows), p.kept ? t.kept : t.lostRow]))) : null),
    section(v, t.inferredSection, t.inferredAside, null, say2(t.inferredFinding), h("ul.plain", {}, doc.inferred.map((x) => h("li", {}, x.text)))),
    section(v, t.filesSection, t.filesAside, "files", h("div.scroll", { tabindex: 0, role: "region", "aria-label": t.filesSection }, table("fl", [{ name: t.file }, { name: t.readAs }, { name: t.read, cls: "r" }, { name: t.used, cls: "r" },
      { name: t.identical, cls: "r" }, { name: t.replaced, cls: "r" }, { name: t.rejected, cls: "r" }, { name: t.skipped, cls: "r" }],
    files.map((x) => [x.file, t.tables[x.table] ?? x.table, f.int(x.read), f.int(x.used), f.int(x.identical), f.int(x.replaced), f.int(x.rejected), f.int(x.skipped)])))),
    section(v, t.limitsSection, null, null, say2(t.limitsFinding), h("ul.plain", {}, t.limits.map((x) => h("li", {}, x)))),
  ];
}
