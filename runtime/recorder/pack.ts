/**
 * A learner's notebook in few characters, for an LMS that keeps 4,096 of them (SCORM 1.2) or 64,000 (2004). In go rows by
 * the ends of their keys ("item KEY", "answer QUIZ QUESTION" …, see notebook.ts) and what the package says is known; out
 * comes a text, and back. No row stands at a position: each is found by a hash of its key, as wide as it takes to tell all
 * known keys apart, and a choice in a response by a hash of its id. So a package that was edited and published again finds
 * what is still in it, and forgets the rest. Values are any JSON; what often stands in the same field costs little.
 *
 * Times come back to the minute, of what is done to the day; of an answer, the time is that of the packing.
 *
 * What does not fit is left out: answers, the longest first, then attempts and ways, the longest first. What was done, and
 * the course's verdict, always stay.
 */
import { isRow, list, type Row } from "../json";
import { bits, hash } from "./bits";
import type { OpenNotes } from "./notes";

/**
 * Every id that a notebook of this course may hold: `window.sopanKnown`, from the script beside the course's own. Go:
 * builder/page/known.go.
 */
export interface KnownData {
  v: 1;
  /** By the item's key: rows that may be there, by the ends of their keys, and the ids that they may name. */
  items: Record<string, Record<string, string[]>>;
}

export interface State {
  /** Chosen at random when an attempt at the course begins, below 65,536. */
  attempt: number;
  /** Grows with each change. */
  revision: number;
  rows: Map<string, unknown>;
}

const version = "1";

/** What often stands in rows. New ones go to the end, and the version stays; those that are not here are learnt. */
const names = " state type at scaled passed attempt response tries share checked number startedAt finishedAt raw max competencies id level done lesson quiz".split(" ");

type Words = Map<number, string | null>;

/** The first bits. */
const top = (text: string, width: number): number => hash(text) >>> (32 - width);

/** Rows and their words, ready to be looked up; of the items named, or all. */
export class Known {
  readonly rows = new Map<string, Words>([["course", new Map<number, string>()]]);
  width = 12;

  constructor(data: KnownData, only?: string[]) {
    for (const [item, rows] of Object.entries(data.items)) {
      if (only?.includes(item) === false) continue;
      for (const [key, ids] of Object.entries(rows)) {
        const words: Words = new Map();
        // Where two share a hash, both are spelt out.
        for (const id of ids) words.set(top(id, 8), words.has(top(id, 8)) ? null : id);
        this.rows.set(key, words);
      }
    }
    const keys = [...this.rows.keys()];
    while (new Set(keys.map((key) => top(key, this.width))).size < keys.length) this.width++;
  }
}

/** The q, at most 64, for which x is p/q; 65 where there is none. */
function below(x: number): number {
  let q = 1;
  while (q < 65 && !(Math.abs(Math.round(x * q) / q - x) < 1e-12 && Math.abs(x * q) < 2 ** 30)) q++;
  return q;
}

/** Contexts of the coder: eight for each field by its number among the words, as many for lists in it; and these fields. */
const [ids, any, row] = [125, 126, 127];

/** Writes a state, or reads one. */
function whole(known: Known, state: State, source?: string): string {
  const { tree, int, text, end } = bits(source);
  const now = tree(0, 32, Date.now() / 1000) * 1000;
  const learnt = [...names];
  let near = now;
  let words: Words = new Map();
  let lost = false;

  /** One of those that were there before (0), of the row's words (1), or any (2). */
  const kindOf = (value: string): number => (learnt.includes(value) ? 0 : words.get(top(value, 8)) === value ? 1 : 2);
  const word = (context: number, kind: number, value = ""): string => {
    let said: string | null | undefined;
    if (kind === 0) said = learnt[tree(context, 7, learnt.indexOf(value))];
    else if (kind === 1) said = words.get(tree(0, 8, top(value, 8)));
    else {
      said = text(value);
      if (learnt.length < ids) learnt.push(said);
    }
    if (said == null) lost = true;
    return said ?? "?";
  };

  /** As p/q, where q is at most 64; else as it is written. */
  const number = (context: number, x: number): number => {
    const q = tree(context + 2, 7, below(x));
    if (q > 64) return Number(text(String(x)));
    return (int(context + 3, Math.abs(Math.round(x * q))) / (q || 1)) * (tree(context + 4, 1, +(x < 0)) ? -1 : 1);
  };

  /** Milliseconds since 1970, told from the time before, in a unit. */
  const time = (context: number, at: number, unit: number): number => {
    near = Math.floor(near / unit);
    return (near = (near - number(context, near - Math.floor(at / unit))) * unit);
  };

  const json = (field: number, value: unknown): unknown => {
    const context = field * 8;
    const kind = tree(context, 4, typeof value === "string" ? (/^\d{4}-\d\d-\d\dT.*Z$/.test(value) ? (/T00:00:00/.test(value) ? 11 : 3) : kindOf(value))
      : typeof value === "number" ? (value > 1e11 && value < 1e13 ? 4 : 5) : Array.isArray(value) ? 6 : isRow(value) ? 7 : value === true ? 8 : value === false ? 9 : 10);
    switch (kind) {
      case 3:
      case 11: return new Date(time(context, Date.parse(value as string), kind > 3 ? 86_400_000 : 60_000)).toISOString();
      case 4: return time(context, value as number, 60_000);
      case 5: return number(context, value as number);
      case 6: {
        const from = list(value);
        return Array.from({ length: int(context + 5, from.length) }, (_, i) => json(field | 128, from[i]));
      }
      case 7: {
        const from = (value ?? {}) as Row;
        const keys = Object.keys(from).filter((key) => from[key] !== undefined).sort();
        const out: Row = {};
        // Which field comes next is told from the one before; "" is the end.
        for (let i = 0, last: number = row; ; i++) {
          const kind = tree(last * 8 + 6, 2, kindOf(keys[i] ?? ""));
          const key = word(last * 8 + 7, kind, keys[i]);
          if (!key) return out;
          last = kind === 1 ? ids : learnt.indexOf(key);
          if (last < 0) last = any;
          out[key] = json(last, from[key]);
        }
      }
      default: return kind < 3 ? word(context + 1, kind, value as string) : kind > 9 ? null : kind === 8;
    }
  };

  state.attempt = tree(0, 16, state.attempt);
  state.revision = int(8, state.revision);
  const width = tree(0, 5, known.width);
  const found = new Map<number, string | null>();
  for (const key of known.rows.keys()) {
    if (source === undefined && !state.rows.has(key)) continue;
    const h = top(key, width);
    found.set(h, found.has(h) ? null : key);
  }
  // In order, so that each is told from the one before.
  const hashes = [...found.keys()].sort((x, y) => x - y);
  for (let i = int(1, hashes.length), n = 0, h = 0; n < i; n++) {
    h += int(2, (hashes[n] ?? 0) - h);
    const key = found.get(h) ?? "";
    words = known.rows.get(key) ?? new Map<number, string>();
    lost = !key;
    near = now;
    const value = json(row, trimmed(key, state.rows.get(key)));
    if (source !== undefined && !lost) state.rows.set(key, key.startsWith("answer") ? { ...(value as Row), at: new Date(now).toISOString() } : value);
  }
  return end();
}

/** Without what is not worth its place: nobody goes back to where they stopped in what they have read. */
function trimmed(key: string, value: unknown): unknown {
  if (!isRow(value)) return value;
  const { title, at, place, ...rest } = value;
  return key.startsWith("answer") ? rest : rest.state === "done" ? { ...rest, at: String(at).slice(0, 10) + "T00:00:00.000Z" } : { ...rest, at, place };
}

const sum = (text: string): string => (hash(text) >>> 12).toString(36).padStart(4, "0");

/** At most so many characters; `left` are the keys of what was left out. */
export function pack(known: Known, state: State, most: number): { text: string; left: string[] } {
  const rows = new Map(state.rows);
  const left: string[] = [];
  const size = (key: string): number => escape(JSON.stringify(rows.get(key))).length;
  for (let queue: string[] | undefined; ; ) {
    const body = whole(known, { ...state, rows });
    let over = body.length + 5 - most;
    // The last is left out first.
    queue ??= over < 1 ? [] : [...rows.keys()].filter((key) => known.rows.has(key) && !/^[ic]/.test(key))
      .sort((a, b) => Number(a < "at") - Number(b < "at") || size(a) - size(b));
    if (over < 1 || !queue.length) return { text: version + sum(body) + body, left };
    // What is left out took at most as many characters as it has when it is spelt out.
    for (let key; over > 0 && (key = queue.pop()); rows.delete(key)) {
      left.push(key);
      over -= size(key);
    }
  }
}

/** null where the text is none of ours, of another version or damaged. */
export function unpack(known: Known, text: string): State | null {
  const body = text.slice(5);
  if (text.slice(0, 5) !== version + sum(body)) return null;
  const state: State = { attempt: 0, revision: 0, rows: new Map() };
  whole(known, state, body);
  return state;
}

export const packed: OpenNotes = (data, only) => {
  const known = new Known(data, only);
  return { knows: (key) => known.rows.has(key), read: (text) => unpack(known, text), write: (state, most) => pack(known, state, most) };
};
