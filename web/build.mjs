// Makes the pages: build.mjs NODE_MODULES OUT.html OUT.d APP.html APP.js APP.css INTER.woff2 SERIF.woff2. OUT.html is the report: script,
// style and fonts stand in it, and the only places left open are the result document (@DOCUMENT@) and its sentences in the
// other language (@SPOKEN@); its policy allows exactly this script and this style, by their hashes. The rest is the
// application that `verkan serve` serves: the same pages, each part a file, nothing inline.
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const [modules, out, depfile, appHtml, appJs, appCss, ...fontFiles] = process.argv.slice(2).map((path) => resolve(path));
const here = dirname(fileURLToPath(import.meta.url)), schema = resolve(here, "../sql/schema");
const esbuild = createRequire(join(modules, "x.js"))("esbuild");

// What a column can be read as: the columns of the tables, as a mapping file names them.
const tables = Object.fromEntries(readdirSync(schema).filter((name) => name.endsWith(".sql")).sort().map((name) =>
  [name.replace(/\.sql$/, ""), [...readFileSync(join(schema, name), "utf8").matchAll(/^ {4}([a-z_]+) +[a-z]/gm)]
    .map((m) => m[1].replace(/_key$/, "_id")).filter((column) => column !== "attributes")]));
const common = { bundle: true, minify: true, write: false, metafile: true, target: "es2022", legalComments: "none", charset: "utf8",
  define: { TABLES: JSON.stringify(tables) } };
const script = (entry) => esbuild.build({ ...common, entryPoints: [join(here, "src", entry)], format: "iife" });
const [report, app] = await Promise.all([script("report.ts"), script("app.ts")]);
const style = await esbuild.build({ ...common, entryPoints: [join(here, "src/style.css")] });
const FONTS = [["inter", "inter-latin-wght-normal.woff2"], ["source-serif-4", "source-serif-4-latin-wght-normal.woff2"]]
  .map(([family, file]) => ({ family, bytes: readFileSync(join(modules, "@fontsource-variable", family, "files", file)) }));
const face = (address) => FONTS.map((font) => `@font-face{font-family:"${font.family}";font-weight:200 900;font-display:block;` +
  `src:url(${address(font)}) format("woff2")}\n`).join("");
const text = {
  SCRIPT: report.outputFiles[0].text.trim().replace(/<\/(script)/gi, "<\\/$1").replace(/<!--/g, "<\\!--"),
  STYLE: face((font) => `data:font/woff2;base64,${font.bytes.toString("base64")}`) + style.outputFiles[0].text.trim(),
};
const hash = (what) => "sha256-" + createHash("sha256").update(what, "utf8").digest("base64");
const page = readFileSync(join(here, "page.html"), "utf8").replace(/@(SCRIPT|STYLE)(_HASH)?@/g, (_, name, hashed) =>
  hashed ? hash(text[name]) : text[name]);
writeFileSync(out, page);
writeFileSync(appHtml, readFileSync(join(here, "app.html"), "utf8"));
writeFileSync(appJs, app.outputFiles[0].text);
writeFileSync(appCss, face((font) => `/fonts/${font.family}.woff2`) + style.outputFiles[0].text);
fontFiles.forEach((path, i) => writeFileSync(path, FONTS[i].bytes));
const read = [report, app, style].flatMap((built) => Object.keys(built.metafile.inputs)).map((p) => resolve(p));
writeFileSync(depfile, `${out}: ${[...new Set([...read, join(here, "page.html"), join(here, "app.html"),
  ...Object.keys(tables).map((name) => join(schema, name + ".sql")), fileURLToPath(import.meta.url)])].join(" ")}\n`);
