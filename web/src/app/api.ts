// Talking with the server that the pages came from. What it refuses is told in its own sentence.

export class Refused extends Error {
  constructor(readonly status: number, readonly code: string, text: string, readonly body: unknown = null) { super(text); }
}

export interface Me {
  name: string; role: string; seller_id: string | null; team_ids: string[]; lang: string | null; person_level: "open" | "case";
  may: string[]; setup?: boolean; second?: boolean; second_needed?: boolean;
}
export interface Job { id: number; kind: string; state: "queued" | "running" | "done" | "failed" | "cancelled"; progress: number | null; text: string | null; result?: unknown }

let lang = "";
let expired: (() => void) | null = null;

export const speak = (to: string): void => { lang = to; };
/** Called when the server no longer knows who asks. */
export const onExpired = (what: () => void): void => { expired = what; };

async function refusal(answer: Response): Promise<Refused> {
  let error: { code?: string; text?: string } = {}, body: unknown = null;
  try {
    body = await answer.json();
    error = (body as { error?: typeof error }).error ?? {};
  } catch { /* no JSON: the status says it */ }
  return new Refused(answer.status, error.code ?? String(answer.status), error.text ?? "", body);
}

const withLang = (path: string) => (lang ? path + (path.includes("?") ? "&" : "?") + "lang=" + lang : path);

/** Asks the server. A body is JSON, or a file as it is; bearer: the secret of a link. Throws Refused, or TypeError where there is no answer at all. */
export async function ask<T>(method: string, path: string, body?: unknown, quiet = false, bearer = ""): Promise<T> {
  const file = body instanceof Blob;
  const init: RequestInit = { method, credentials: "same-origin", cache: "no-cache" };
  if (body !== undefined) {
    init.body = file ? body : JSON.stringify(body);
    init.headers = { "Content-Type": file ? "application/octet-stream" : "application/json" };
  }
  if (bearer) init.headers = { ...init.headers, Authorization: `Bearer ${bearer}` };
  const answer = await fetch(withLang(path), init);
  if (!answer.ok) {
    const why = await refusal(answer);
    if (answer.status === 401 && !quiet) expired?.();
    throw why;
  }
  return (answer.status === 204 ? null : await answer.json()) as T;
}

export const get = <T>(path: string, quiet = false): Promise<T> => ask<T>("GET", path, undefined, quiet);
export const post = <T>(path: string, body: unknown = {}): Promise<T> => ask<T>("POST", path, body);

/** What is in a list, whether it comes bare or under a name. */
export function listOf<T>(answer: unknown, ...names: string[]): T[] {
  if (Array.isArray(answer)) return answer as T[];
  for (const name of names) {
    const part = (answer as Record<string, unknown> | null)?.[name];
    if (Array.isArray(part)) return part as T[];
  }
  return [];
}

export const query = (from: Record<string, string | undefined>): string => {
  const q = new URLSearchParams();
  for (const [key, value] of Object.entries(from)) if (value) q.set(key, value);
  return q.size ? "?" + q.toString() : "";
};

const pause = (ms: number) => new Promise((done) => setTimeout(done, ms));

/** Follows a job to its end. Told of each change; ends early when `stop` says so. */
export async function follow(id: number | string, told: (job: Job) => void, stop: () => boolean): Promise<Job | null> {
  for (let wait = 150; !stop(); wait = Math.min(1500, wait * 1.3)) {
    const job = await get<Job>(`/api/jobs/${id}`);
    if (stop()) return null;
    told(job);
    if (job.state === "done" || job.state === "failed" || job.state === "cancelled") return job;
    await pause(wait);
  }
  return null;
}
