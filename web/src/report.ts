// The report: reads the document that stands in the page, and draws what the address asks for.
import { readDocuments } from "./document";
import { paint, resultPage, viewOf, watch } from "./shell";
import { PAGES, parse, type Page } from "./state";

const documents = readDocuments();
const own = JSON.parse(document.getElementById("document")!.textContent!).language as "sv" | "en";

function show(): void {
  const state = parse(location.hash), lang = state.lang || own;
  if (![...PAGES, "print"].includes(state.page)) state.page = "overview";
  const v = viewOf(state, documents[lang], lang, null);
  paint(v, PAGES.map((page): [Page, string] => [page, v.t.pages[page]]), [], () => resultPage(v));
}

watch(show);
show();
