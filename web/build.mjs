// Makes the one page: build.mjs NODE_MODULES OUT.html [OUT.d]. Script, style and fonts stand in it; the
// only places left open are the result document (@DOCUMENT@) and its sentences in the other language
// (@SPOKEN@). Its policy allows exactly this script and this style, by their hashes.
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const [modules, out, depfile] = process.argv.slice(2).map((path) => resolve(path));
const here = dirname(fileURLToPath(import.meta.url));
const esbuild = createRequire(join(modules, "x.js"))("esbuild");

const common = { bundle: true, minify: true, write: false, metafile: true, target: "es2022", legalComments: "none" };
const script = await esbuild.build({ ...common, entryPoints: [join(here, "src/main.ts")], format: "iife", charset: "utf8" });
const font = (family, file) => {
  const bytes = readFileSync(join(modules, "@fontsource-variable", family, "files", file));
  return `@font-face{font-family:"${family}";font-weight:200 900;font-display:block;` +
    `src:url(data:font/woff2;base64,${bytes.toString("base64")}) format("woff2")}\n`;
};
const style = await esbuild.build({ ...common, entryPoints: [join(here, "src/style.css")] });
const text = {
  SCRIPT: script.outputFiles[0].text.trim().replace(/<\/(script)/gi, "<\\/$1").replace(/<!--/g, "<\\!--"),
  STYLE: font("inter", "inter-latin-wght-normal.woff2") +
    font("source-serif-4", "source-serif-4-latin-wght-normal.woff2") + style.outputFiles[0].text.trim(),
};
const hash = (what) => "sha256-" + createHash("sha256").update(what, "utf8").digest("base64");
const page = readFileSync(join(here, "page.html"), "utf8").replace(/@(SCRIPT|STYLE)(_HASH)?@/g, (_, name, hashed) =>
  hashed ? hash(text[name]) : text[name]);
writeFileSync(out, page);
if (depfile) {
  const read = [...Object.keys(script.metafile.inputs), ...Object.keys(style.metafile.inputs)].map((p) => resolve(p));
  writeFileSync(depfile, `${out}: ${[...read, join(here, "page.html"), fileURLToPath(import.meta.url)].join(" ")}\n`);
}
