/**
 * The outbox: statements that happened and wait for the record store. In go entries and a wire; out come acknowledged
 * ids, entries set aside, and a reason to stop. An entry counts as delivered only when a readable answer names its id:
 * an HTML page with status 200 (a hotel's log-in page) delivers nothing. Logic only: no storage, no timers, no DOM.
 */
import { isRow, list } from "./json";
import { extension, type Statement } from "./statements";
import type { Answer } from "./world";

export interface Entry {
  /** Place in line on this device; the order of what happened even where the clock jumps. */
  place: number;
  statement: Statement;
}

export interface Waiting extends Entry {
  /** The row's key in the store. */
  key: string;
  /** As it is sent. */
  text: string;
}

export interface SetAside extends Entry {
  why: "invalid" | "large" | "conflict";
}

/** What a record store answered. */
export interface Reply {
  status: number;
  body: string;
  /** Milliseconds that it asks to be left alone. */
  retryAfter?: number | undefined;
}

/** Throws where no readable answer comes back. */
export interface Wire {
  post(body: string): Promise<Reply>;
  /** The stored statement, for comparing after 409. */
  get(id: string): Promise<Reply>;
}

export type Stop =
  | "unreachable" // offline, refused by CORS, timed out: the browser does not say which
  | "busy" // 429 and 5xx
  | "refused" // 401 and 403: a person has to act
  | "stranger"; // somebody answered who is no record store

export interface Outcome {
  delivered: Waiting[];
  aside: { entry: Waiting; why: SetAside["why"] }[];
  stop?: Stop | undefined;
  retryAfter?: number | undefined;
}

/** Statements in a request. */
export const most = 50;
export const mostBytes = 256 * 1024;
/** Browsers share 64 KiB among all keepalive requests of a page; the rest is room for headers. */
const lastBreath = 60 * 1024;

/** A row of the line; null where it is none of ours. */
export function waitingOf(key: string, value: unknown): Waiting | null {
  const entry = entryOf(value);
  return entry && { ...entry, key, text: JSON.stringify(sendable(entry)) };
}

/** In the order of what happened. */
export function waitingIn(rows: [string, unknown][]): Waiting[] {
  return rows.flatMap(([key, value]) => waitingOf(key, value) ?? []).sort((a, b) => a.place - b.place);
}

export function entryOf(value: unknown): Entry | null {
  if (!isRow(value) || typeof value.place !== "number" || !isRow(value.statement)) return null;
  return typeof value.statement.id === "string" ? (value as unknown as Entry) : null;
}

/** The statement as it is sent and exported: with its place in line. Always the same for an entry. */
export function sendable(entry: Entry): Statement {
  const s = entry.statement;
  const site = s.actor.account.homePage;
  // One that came back from an exported file has its place already: it must stay the statement that may be stored.
  const extensions = { [extension(site, "sequence")]: entry.place, ...s.context.extensions };
  return { ...s, context: { ...s.context, extensions } };
}

export function bytes(text: string): number {
  return new TextEncoder().encode(text).length;
}

/** Batches in order, each at most 50 statements and so many bytes; a single larger one goes alone. */
export function batches(entries: Waiting[], bound = mostBytes): Waiting[][] {
  const out: Waiting[][] = [];
  let last: Waiting[] = [];
  let size = bound;
  for (const entry of entries) {
    const more = bytes(entry.text) + 1;
    if (last.length === most || (size += more) > bound) {
      out.push((last = []));
      size = more;
    }
    last.push(entry);
  }
  return out;
}

export function bodyOf(batch: Waiting[]): string {
  return `[${batch.map(({ text }) => text).join()}]`;
}

/** The body of the one request that a closing page may make; null when nothing fits. A hint, never an acknowledgement. */
export function farewell(entries: Waiting[]): string | null {
  let room = lastBreath;
  const fitting = entries.filter(({ text }) => (room -= bytes(text) + 1) > 0);
  return fitting.length ? bodyOf(fitting) : null;
}

/**
 * Sends all entries, oldest first. `settle` is awaited after each answer, so that what is acknowledged leaves the
 * storage before the next batch goes out.
 */
export async function deliver(
  entries: Waiting[], wire: Wire, settle: (part: Outcome) => Promise<void>,
): Promise<Pick<Outcome, "stop" | "retryAfter">> {
  const queue = batches(entries);
  for (let batch = queue.shift(); batch; batch = queue.shift()) {
    const part: Outcome = { delivered: [], aside: [] };
    try {
      const reply = await wire.post(bodyOf(batch));
      const [first] = batch;
      const status = reply.status;
      if (status >= 200 && status < 300) {
        const ids = named(reply);
        part.delivered = batch.filter((entry) => ids.includes(entry.statement.id.toLowerCase()));
        if (!ids.length) part.stop = "stranger";
        else if (part.delivered.length < batch.length) part.stop = "busy";
      } else if (status === 400 || status === 409 || status === 413 || status === 422) {
        if (batch.length > 1) {
          // One of them is at fault; halving finds it and lets the rest through.
          const half = Math.ceil(batch.length / 2);
          queue.unshift(batch.slice(0, half), batch.slice(half));
        } else if (first) {
          const same = status === 409 && (await storedSame(first, wire));
          if (same) part.delivered.push(first);
          else part.aside.push({ entry: first, why: status === 409 ? "conflict" : status === 413 ? "large" : "invalid" });
        }
      } else if (status === 401 || status === 403) part.stop = "refused";
      else if (status === 429 || status >= 500) part.stop = "busy";
      else part.stop = "stranger";
      if (part.stop) part.retryAfter = reply.retryAfter;
    } catch {
      part.stop = "unreachable";
    }
    await settle(part);
    const { stop, retryAfter } = part;
    if (stop) return { stop, retryAfter };
  }
  return {};
}

/** The ids of an acknowledgement, in lower case; none where it is none, or its body anything else than a JSON array. */
export function named({ status, body }: Pick<Answer, "status" | "body">): string[] {
  try {
    return status >= 200 && status < 300 ? list(JSON.parse(body)).map((id) => String(id).toLowerCase()) : [];
  } catch {
    return [];
  }
}

/** Throws when the store cannot be asked now: the entry then stays and is sent again. */
async function storedSame(entry: Waiting, wire: Wire): Promise<boolean> {
  const reply = await wire.get(entry.statement.id);
  if (reply.status === 429 || reply.status >= 500) throw new Error("busy");
  if (reply.status !== 200) return false;
  try {
    return holds(JSON.parse(reply.body), essence(sendable(entry)));
  } catch {
    return false;
  }
}

/**
 * What is compared. A statement with a derived id (version 5) tells what happens once an attempt: a tab that did not hear
 * of it may tell it again, later and in another language, but never with another score.
 */
function essence(s: Statement): unknown {
  if (s.id[14] !== "5") return s;
  const { registration } = s.context;
  return {
    actor: s.actor, verb: { id: s.verb.id }, object: { id: s.object.id }, context: { registration },
    result: s.result?.score ? { score: s.result.score } : undefined,
  };
}

/** Everything of ours stands in theirs. A store adds `stored`, `authority`, `version`, and may write times its own way. */
export function holds(theirs: unknown, ours: unknown): boolean {
  if (Array.isArray(ours)) {
    return Array.isArray(theirs) && theirs.length === ours.length && ours.every((x, i) => holds(theirs[i], x));
  }
  if (isRow(ours)) {
    return isRow(theirs) && Object.entries(ours).every(([key, mine]) =>
      key === "timestamp" ? Date.parse(String(theirs[key])) === Date.parse(String(mine)) : holds(theirs[key], mine));
  }
  return ours === undefined || theirs === ours;
}

/** Retry-After in milliseconds: seconds or a date; undefined where it says neither. At most a day. */
export function retryAfter(header: string | null, now: number): number | undefined {
  if (!header) return undefined;
  const seconds = /^\d+$/.test(header.trim()) ? Number(header) * 1000 : Date.parse(header) - now;
  return Number.isFinite(seconds) ? Math.max(0, Math.min(seconds, 86_400_000)) : undefined;
}

/** How long to wait after the n-th failure in a row (from 1): 5 s doubling to 10 minutes, half of it by chance. */
export function backoff(failures: number, chance: number): number {
  const whole = Math.min(600_000, 5000 * 2 ** (failures - 1));
  return whole / 2 + (whole / 2) * chance;
}
