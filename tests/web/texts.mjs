// Checks the texts of the pages: both languages have the same keys and no empty text, no text is the same in
// both unless it is listed, each is used, and places ({n}) take the same arguments. texts.mjs MODULES WEB. TAP.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const [modules, web] = process.argv.slice(2).map((path) => resolve(path));
const esbuild = createRequire(join(modules, "x.js"))("esbuild");
const built = await esbuild.build({ stdin: { contents: 'export {en} from "./en"; export {sv} from "./sv";', resolveDir: join(web, "src/text"), loader: "ts" },
  bundle: true, write: false, format: "esm" });
const folder = mkdtempSync(join(tmpdir(), "verkan-texts-"));
writeFileSync(join(folder, "texts.mjs"), built.outputFiles[0].text);
const { en, sv } = await import(join(folder, "texts.mjs"));
rmSync(folder, { recursive: true });

// Words that are spelled alike.
const ALIKE = new Set(["app.auditKinds.person", "app.auditPurposes.import", "pages.process", "pages.data", "verdicts.process", "letters.process", "letters.market", "letters.fine", "letters.unclear", "shares.team",
  "teamChoice", "status", "team", "noValue", "moment", "situation", "shortMoments.prospecting", "kinds.administration", "tables.teams", "kinds.admin", "definition",
  "percentOnly", "app.admin", "keys.0.0", "keys.1.0", "keys.2.0", "keys.3.0", "keys.4.0", "keys.5.0", "app.fields.instrument", "app.fields.moment", "app.fields.period", "app.fields.person_id", "app.fields.region", "app.fields.segment",
  "app.fields.team_id", "app.judgeFound", "assess.changeSure", "assess.contrastOf", "assess.plansSection", "assess.measure.situation", "app.settingVersion", "leakWhere", "certain", "nOf", "shortAt", "certainty.0"]);
const bad = [];
let n = 0;

function texts(value, path, out) {
  if (typeof value === "object") for (const [key, part] of Object.entries(value)) texts(part, path ? `${path}.${key}` : key, out);
  else out.set(path, value);
  return out;
}
const a = texts(en, "", new Map()), b = texts(sv, "", new Map());
for (const [path, text] of a) {
  n++;
  if (!b.has(path)) { bad.push(`${path}: not in Swedish`); continue; }
  const other = b.get(path);
  if (typeof text === "function") {
    const args = path === "and" ? [["<0>", "<1>"]] : Array.from({ length: text.length }, (_, i) => `<${i}>`);
    const one = String(text(...args)), two = String(other(...args));
    for (const arg of args.flat()) if (one.includes(arg) !== two.includes(arg)) bad.push(`${path}: ${arg} is not in both`);
    if (one === two && !ALIKE.has(path)) bad.push(`${path}: the same in both languages: ${one}`);
  } else if (!/^(letters|how)\./.test(path) && !text && !ALIKE.has(path)) bad.push(`${path}: empty`);
  else if (!!text !== !!other) bad.push(`${path}: empty in one language`);
  else if (text === other && text && !ALIKE.has(path)) bad.push(`${path}: the same in both languages: ${text}`);
}
for (const path of b.keys()) if (!a.has(path)) bad.push(`${path}: not in English`);
const source = (folder) => readdirSync(folder, { withFileTypes: true }).map((e) =>
  e.isDirectory() ? (e.name === "text" ? "" : source(join(folder, e.name))) : e.name.endsWith(".ts") ? readFileSync(join(folder, e.name), "utf8") : "").join("\n");
const code = source(join(web, "src"));
for (const key of Object.keys(en.app))
  if (!new RegExp(`\\b(a|app)\\.${key}\\b`).test(code)) bad.push(`app.${key}: not used`);
for (const key of Object.keys(en.assess))
  if (!new RegExp(`\\b(c|assess)\\.${key}\\b`).test(code)) bad.push(`assess.${key}: not used`);
for (const key of Object.keys(en))
  if (!new RegExp(`\\b(t|text)\\.${key}\\b|\\bt\\[`).test(code.replace(/t\[d\.verdict\]/g, "t.right t.wrong t.too_early")) ) bad.push(`${key}: not used`);
console.log("1..1");
for (const line of bad) console.log("# " + line);
console.log(`${bad.length || !n ? "not " : ""}ok 1 - ${n} texts are in both languages`);
process.exit(bad.length || !n ? 1 : 0);
