// The files of the application as they were built: small, nothing inline, nothing from outside, no markup made of text.
// files.mjs APP.html APP.js APP.css FONT... Speaks TAP.
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

const [html, js, css, ...fonts] = process.argv.slice(2).map((path) => readFileSync(path));
const results = [];
function test(name, why) {
  if (why) console.log("# " + why);
  results.push(`${why ? "not " : ""}ok ${results.length + 1} - ${name}`);
}
const page = html.toString("utf8"), script = js.toString("utf8"), style = css.toString("utf8");
const packed = [html, js, css].reduce((n, file) => n + gzipSync(file, { level: 9 }).length, 0) + fonts.reduce((n, file) => n + file.length, 0);
test("at most 450 kB over the wire", packed > 450_000 || packed < 100_000 ? `${packed} bytes` : "");
test("no script and no style stands in the page", /<script(?![^>]*\ssrc="\/app\.js")|<style|\sstyle=|\son[a-z]+=/i.exec(page)?.[0] ?? "");
test("nothing comes from outside", /(?:src|href)="(?!\/|data:,)[^"]*"/.exec(page)?.[0] ?? /url\((?!\/fonts\/|#)[^)]*\)/.exec(style)?.[0] ??
  /["'`]https?:\/\/(?!www\.w3\.org\/)[^"'`]*/.exec(script)?.[0] ?? "");
test("no text becomes markup or code", /innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|setAttribute\("style"/.exec(script)?.[0] ?? "");
test("the fonts are those of the style", fonts.length === 2 && fonts.every((file) => file.toString("latin1", 0, 4) === "wOF2") &&
  [...style.matchAll(/url\(\/fonts\/([a-z0-9-]+)\.woff2\)/g)].length === 2 ? "" : "two woff2 and two addresses are wanted");
console.log(`1..${results.length}`);
console.log(results.join("\n"));
process.exit(results.some((r) => r.startsWith("not")) ? 1 : 0);
