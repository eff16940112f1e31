/** A course with so many lessons and questions of all kinds, answered: for the tests of how it is packed. */
import type { KnownData, State } from "./pack";

/** A generator of its own, so that a failure can be played again. */
export function dice(seed: number): (most: number) => number {
  return (most) => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % most;
  };
}

export const minute = 60_000;
export const today = Date.parse("2026-11-21T10:00:00Z");

export const english = "the learner wrote why a rule of nineteen hundred and five still holds in this office and what should change first".split(" ");
export const hindi = "कर्मयोगी अपने काम को नियम से नहीं भूमिका से समझता है और नागरिक को पहले रखता है".split(" ");

export function words(random: (most: number) => number, n: number): string {
  const from = random(3) ? english : hindi;
  return Array.from({ length: n }, () => from[random(from.length)]).join(" ");
}

/** A course with so many lessons and questions, and all of it answered. */
export function course(seed: number, lessons: number, questions: number): { data: KnownData; state: State } {
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
