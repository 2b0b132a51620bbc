// Which stored diagnosis is looked at: the end of the scope line, a choice where there are several.
import { h, type Child } from "../dom";
import { choice, type View } from "../parts";
import { get } from "./api";
import { stamp } from "./session";

interface Snapshot { id: number; as_of: string | null; made_at: string; expired: boolean }

let list: Snapshot[] | null = null;
export const forgetSnapshots = (): void => { list = null; };

function drawn(v: View): Child {
  const { t, f, state } = v, all = (list ?? []).filter((x) => !x.expired && x.as_of), newest = all[0];
  if (!newest || all.length < 2) return t.asOf(f.date(v.doc.data.as_of));
  const twice = (x: Snapshot) => all.some((y) => y !== x && y.as_of === x.as_of);
  const name = (x: Snapshot) => [f.date(x.as_of), twice(x) ? t.app.asOfMade(stamp(v, x.made_at)) : ""].filter(Boolean).join(", ");
  const node = choice(v, "snapshot", t.app.asOfChoice, all.map((x): [string, string] => [x === newest ? "" : String(x.id), name(x)])) as HTMLSelectElement;
  if (state.snapshot === String(newest.id)) node.value = "";
  return [`${t.app.asOfUntil} `, node];
}

export function asOf(v: View): Child {
  if (!v.app?.may("result") || !v.doc.schema) return null;
  const box = h("span", {}, drawn(v));
  if (!list) get<Snapshot[]>("/api/snapshots").then((got) => { list = got; if (box.isConnected) box.replaceChildren(h("span", {}, drawn(v))); }, () => undefined); // it stands there as text
  return box;
}
