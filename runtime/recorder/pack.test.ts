import { equal, ok, test } from "../testing";
import { Known, pack, unpack, type KnownData, type State } from "./pack";
import { course, dice, english, hindi, minute, today, words } from "./pack_testing";

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
      data.items[`case-${i}`] = { [key]: ids };
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
