// Where business is decided: the finding, the chain, the moments, the differences, the leaks, what to do and not to do.
import { chain } from "../chain";
import { h, rich, type Child } from "../dom";
import { actions, differences, leaks, moments, unanswered } from "../findings";
import { head, personsShown, saidCertainty, say2, scope, section, type View } from "../parts";

export function overview(v: View): Child[] {
  const { doc, t, f } = v;
  return [
    scope(v),
    head(v, t.here, doc.finding.text, saidCertainty(doc.finding.certainty, doc.finding.probability)),
    section(v, t.chain, t.chainAside, "chain", doc.stages.length ? [
      v.wide ? h("p.cap", {}, rich(t.chainTop)) : null, chain(v),
      h("p.note", {}, personsShown(doc) ? null : t.railNote, " ", t.chainNote(f.days(doc.method.horizon_days ?? 0)))] : say2(t.noStages)),
    moments(v), differences(v), leaks(v, 3), actions(v), unanswered(v),
  ];
}
