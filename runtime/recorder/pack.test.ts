import { equal, ok, test } from "../testing";
import { Known, pack, unpack, type KnownData, type State } from "./pack";

/** A generator of its own, so that a failure can be played again. */
function dice(seed: number): (most: number) => number {
  return (most) => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % most;
  };
}

const minute = 60_000;
const today = Date.parse("2026-11-21T10:00:00Z");

/** The order of fields is none of JSON's concern. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return typeof value === "number" ? Math.round(value * 1e9) / 1e9 : value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)).map(([k, v]) => [k, sorted(v)]));
}

function same(got: Map<string, unknown> | undefined, want: Map<string, unknown>, input: string): void {
  for (const [key, value] of want) equal(sorted(got?.get(key)), sorted(value), `${input}: ${key}`);
  equal(got?.size, want.size, input);
}

const minutes = (at: number): number => Math.floor(at / minute) * minute;

/** As it comes back: no title, no time of an answer; minutes, and the day of what is done. */
function expected(rows: Map<string, unknown>): Map<string, unknown> {
  const floored = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(floored);
    if (typeof value === "number") return value > 1e11 && value < 1e13 ? minutes(value) : value;
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, of]) => [key, floored(of)]));
  };
  return new Map([...rows].map(([key, value]) => {
    if (Array.isArray(value)) return [key, floored(value)];
    const { title: _, at, ...row } = floored(value) as Record<string, unknown>;
    if (key.startsWith("answer")) return [key, row];
    if (row.state === "done") delete row.place;
    if (typeof at === "number") row.at = at;
    else if (at) row.at = row.state === "done" ? String(at).slice(0, 10) + "T00:00:00.000Z" : new Date(minutes(Date.parse(String(at)))).toISOString();
    return [key, row];
  }));
}

function withoutTimes(rows: Map<string, unknown> | undefined): Map<string, unknown> {
  return new Map([...(rows ?? [])].map(([key, value]) => {
    if (!key.startsWith("answer")) return [key, value];
    const { at: _, ...row } = value as Record<string, unknown>;
    return [key, row];
  }));
}

const english = "the learner wrote why a rule of nineteen hundred and five still holds in this office and what should change first".split(" ");
const hindi = "कर्मयोगी अपने काम को नियम से नहीं भूमिका से समझता है और नागरिक को पहले रखता है".split(" ");

function words(random: (most: number) => number, n: number): string {
  const from = random(3) ? english : hindi;
  return Array.from({ length: n }, () => from[random(from.length)]).join(" ");
}

/** A course with so many lessons and questions, and all of it answered. */
function course(seed: number, lessons: number, questions: number): { data: KnownData; state: State } {
  const random = dice(seed);
  const data: KnownData = { v: 1, items: {} };
  const rows = new Map<string, unknown>();
  const at = (): string => new Date(today - random(60 * 24 * 3600) * 1000 - random(1000)).toISOString();
  for (let i = 0; i < lessons; i++) {
    const key = `module-${i % 7}/${english[random(english.length)]}-${i}`;
    data.items[key] = { [`item ${key}`]: [] };
    const place = { anchor: `${english[random(english.length)]}-${english[random(english.length)]}`, offset: random(900) };
    rows.set(`item ${key}`, { type: "lesson", at: at(), title: words(random, 4), ...(random(6) ? { state: "done" } : { state: "started", place }) });
  }
  const quizzes = Math.ceil(questions / 20);
  let n = 0;
  for (let i = 0; i < quizzes; i++) {
    const key = `module-${i % 7}/check-${i}`;
    const of = [`people-first`, `decision-making`, `empathy-${i}`];
    const known: Record<string, string[]> = (data.items[key] = { [`item ${key}`]: [], [`clock ${key}`]: [] });
    const ids: string[] = [];
    const checked = random(2) === 1;
    for (; n < Math.round(((i + 1) * questions) / quizzes); n++) {
      const q = `q${n}-${english[random(english.length)]}`;
      ids.push(q);
      const id = (name: string, m: number): string[] => Array.from({ length: m }, (_, k) => `${name}${k}-${english[random(english.length)]}`);
      const [some, sources, targets] = [id("c", 4 + random(2)), id("s", 4), id("t", 4)];
      const pick = (from: string[]): string => from[random(from.length)] ?? "";
      const kinds: [unknown, string[]][] = [
        [[pick(some)], some],
        [[...new Set([pick(some), pick(some)])], some],
        [random(2) === 0, []],
        [String(random(20000) / 4), []],
        [Object.fromEntries(sources.map((s) => [s, pick(targets)])), [...sources, ...targets]],
        [Object.fromEntries(some.map((s, k) => [s, ((k + n) % some.length) + 1])), some],
        [[words(random, 1), pick(some)], some],
        [words(random, 1 + random(3)), []],
      ];
      const [response, mine] = kinds[n % kinds.length] ?? [null, []];
      known[`answer ${key} ${q}`] = ["said", "sure", ...mine];
      const share = [0, 1, 1, 1, 0.5, 2 / 3][random(6)];
      rows.set(`answer ${key} ${q}`, { response, tries: checked ? 1 + random(2) : 0, attempt: 1 + (i % 2), ...(checked ? { share, checked: true } : {}) });
    }
    known[`attempts ${key}`] = [...ids, ...of];
    const startedAt = today - (i + 1) * 24 * 60 * minute - random(3_600_000);
    const attempt = (number: number): unknown => ({
      number, startedAt: startedAt + number * 60 * minute, finishedAt: startedAt + number * 60 * minute + (5 + random(30)) * minute + random(minute), raw: 10 + number, max: 20,
      scaled: (10 + number) / 20, passed: number > 1, competencies: of.map((c) => ({ id: c, level: 2, raw: 3 + random(4), max: 7 })),
    });
    rows.set(`attempts ${key}`, i % 2 ? [attempt(1), attempt(2)] : [attempt(1)]);
    rows.set(`item ${key}`, { type: "quiz", at: at(), title: words(random, 3), state: "done", scaled: 0.55, passed: true });
  }
  rows.set("course", { reported: lessons });
  return { data, state: { attempt: random(65536), revision: 1 + random(4000), rows } };
}

const alphabet = /^[\w!%.@*+\/-]*$/;

test("a course of 60 lessons and 300 questions of all kinds is resumed from 4,096 characters, whole", () => {
  for (let seed = 1; seed <= 8; seed++) {
    const { data, state } = course(seed, 60, 300);
    const known = new Known(data);
    const { text, left } = pack(known, state, 4096);
    equal(left, [], `seed ${seed}, ${text.length} characters`);
    ok(/^[\w-]{1,4096}$/.test(text), `seed ${seed}: ${text.length} characters: ${text.slice(0, 80)}`);
    const back = unpack(known, text);
    equal([back?.attempt, back?.revision], [state.attempt, state.revision]);
    same(withoutTimes(back?.rows), expected(state.rows), `seed ${seed}`);
  }
});

test("whatever JSON rows hold, they come back, in characters that every platform keeps", () => {
  for (let seed = 1; seed <= 300; seed++) {
    const random = dice(seed);
    const ids = Array.from({ length: random(7) }, (_, i) => `${english[random(english.length)]}${i}`);
    const string = (): string => [
      words(random, random(4)), ids[random(7)] ?? "", "", "0", "-12.50", "true", "2026", "क्षमता  \u200d", "\u0000\uffff", "😀", "a".repeat(random(400)), hindi.join(" ").repeat(random(4)),
      "x!y,z%20+",
    ][random(13)] ?? "";
    const value = (depth: number): unknown => {
      switch (random(depth > 3 ? 6 : 9)) {
        case 0: return null;
        case 1: return random(2) === 0;
        case 2: return random(2) ? random(10) : (random(2_000_000) - 1_000_000) / [1, 3, 8, 7, 10, 1000][random(6)]!;
        case 3: return [1e300, -0.1, 123456789012, 5e-324, 2 ** 31, 1 / 3][random(6)]! ;
        case 6: return Array.from({ length: random(4) }, () => value(depth + 1));
        case 7: case 8: return Object.fromEntries(Array.from({ length: random(5) }, () => [string() || "k", value(depth + 1)]));
        default: return string();
      }
    };
    const data: KnownData = { v: 1, items: {} };
    const rows = new Map<string, unknown>();
    for (let i = random(40); i >= 0; i--) {
      const key = `ways case-${i}-${string()}`;
      (data.items[`case-${i}`] = {})[key] = ids;
      if (random(3)) rows.set(key, [value(0)]);
    }
    const state: State = { attempt: random(65536), revision: random(1e9), rows };
    const known = new Known(data);
    const { text, left } = pack(known, state, 64_000);
    ok(alphabet.test(text), `seed ${seed}: ${text}`);
    const back = unpack(known, text);
    equal([left, back?.attempt, back?.revision], [[], state.attempt, state.revision], `seed ${seed}`);
    same(back?.rows, expected(rows), `seed ${seed}`);
  }
});

test("a package that was edited and published again finds what is still in it, whatever moved, went or came", () => {
  const { data, state } = course(21, 60, 300);
  const { text } = pack(new Known(data), state, 4096);
  const random = dice(5);
  const edited: KnownData = { v: 1, items: {} };
  const gone = new Set<string>();
  for (const [item, rows] of Object.entries(data.items).reverse()) {
    const kept: Record<string, string[]> = (edited.items[item] = {});
    for (const [key, ids] of Object.entries(rows)) {
      if (random(10) === 0) gone.add(key);
      else kept[key] = [...ids.slice().reverse(), "a-new-choice"];
    }
    kept[`item ${item}-new`] = [];
  }
  const back = unpack(new Known(edited), text)?.rows ?? new Map<string, unknown>();
  let lost = 0;
  for (const [key, value] of expected(state.rows)) {
    const got = withoutTimes(back).get(key);
    if (gone.has(key)) equal(got, undefined, key);
    else if (got === undefined) lost++; // a new choice has the hash of one that was taken: better nothing than something else
    else equal(sorted(got), sorted(value), key);
  }
  ok(gone.size > 20 && lost < 12, `${gone.size} are gone, ${lost} were lost`);
});

test("a damaged, shortened or foreign text is no state, and reading it ends", () => {
  const { data, state } = course(3, 10, 40);
  const known = new Known(data);
  const { text } = pack(known, state, 4096);
  const random = dice(8);
  for (let i = 0; i < 200; i++) {
    const at = random(text.length);
    const wrong = random(2) ? text.slice(0, at) : text.slice(0, at) + (text[at] === "A" ? "B" : "A") + text.slice(at + 1);
    equal(unpack(known, wrong), null, `${i}: ${at}`);
  }
  for (const foreign of ["", "{}", "1", "bookmark=3", "2" + text.slice(1)]) equal(unpack(known, foreign), null, foreign);
});

test("what does not fit is left out, the longest answer first; what was done stays", () => {
  const { data, state } = course(4, 50, 250);
  const essays = [...state.rows.keys()].filter((key) => key.startsWith("answer")).slice(0, 6);
  essays.forEach((key, i) => state.rows.set(key, { attempt: 1, tries: 0, response: { text: `${i} `.repeat(80 + 10 * i), points: {} } }));
  const known = new Known(data);
  const { text, left } = pack(known, state, 4096);
  ok(text.length <= 4096, `${text.length} characters`);
  ok(left.length > 0 && left.length <= 6, `left out: ${left.join()}`);
  equal(left, essays.slice().reverse().slice(0, left.length));
  const back = unpack(known, text);
  same(withoutTimes(back?.rows), expected(new Map([...state.rows].filter(([key]) => !left.includes(key)))), "the rest");
  equal(pack(known, state, 64_000).left, [], "64,000 characters");
});

test("the same state gives the same text, so that it is written only when it changed", () => {
  const { data, state } = course(6, 20, 60);
  const known = new Known(data);
  const now = Date.now;
  Date.now = () => today;
  try {
    equal(pack(known, state, 4096).text, pack(known, { ...state, rows: new Map([...state.rows].reverse()) }, 4096).text);
  } finally {
    Date.now = now;
  }
});
