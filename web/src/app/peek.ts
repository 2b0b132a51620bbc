// A look into a text file in the browser, before it is sent: its headings and the first values. Only to show; what the file is, the server says.

export interface Peek { headings: string[]; samples: string[][] }

function decoded(bytes: ArrayBuffer): string {
  try { return new TextDecoder("utf-8", { fatal: true }).decode(bytes, { stream: true }); } catch { return new TextDecoder("windows-1252").decode(bytes); }
}

/** The records of a text with quotes, as many as are whole. */
function records(text: string, mark: string, most: number): string[][] {
  const out: string[][] = [];
  let row: string[] = [], cell = "", quoted = false;
  for (let i = 0; i < text.length && out.length < most; i++) {
    const c = text[i]!;
    if (quoted) {
      if (c !== '"') cell += c;
      else if (text[i + 1] === '"') { cell += c; i++; } else quoted = false;
    } else if (c === '"' && !cell) quoted = true;
    else if (c === mark) { row.push(cell); cell = ""; }
    else if (c === "\n") { row.push(cell.replace(/\r$/, "")); cell = ""; out.push(row); row = []; }
    else cell += c;
  }
  return out;
}

export async function peek(file: File): Promise<Peek | null> {
  if (!/\.(csv|tsv|txt)$/i.test(file.name)) return null;
  const text = decoded(await file.slice(0, 1 << 16).arrayBuffer()).replace(/^\ufeff/, ""), line = text.split("\n", 1)[0] ?? "";
  const mark = [";", "\t", "|", ","].sort((a, b) => line.split(b).length - line.split(a).length)[0]!;
  const rows = records(text, mark, 20), headings = (rows[0] ?? []).map((x) => x.trim());
  if (headings.length < 2) return null;
  const samples = headings.map((_, k) => [...new Set(rows.slice(1).map((row) => (row[k] ?? "").trim()).filter(Boolean))].slice(0, 2));
  return { headings, samples };
}
