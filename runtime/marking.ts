/**
 * What a quiz comes to: verdicts, marks, competencies, attempts. Values in, values out. A score computed here is
 * self-reported: it was made in the learner's browser.
 */
import type { QuestionData, QuizData } from "./contract";
import type { Attempt, Earned } from "./notebook";

/** "recorded": nothing is marked, it was answered. Skipped is not wrong. */
export type Verdict = "right" | "partly" | "wrong" | "skipped" | "recorded";

export function verdict(answered: boolean, share: number | null): Verdict {
  if (!answered) return "skipped";
  if (share === null) return "recorded";
  return share >= 1 ? "right" : share > 0 ? "partly" : "wrong";
}

export interface Marked { question: QuestionData; answered: boolean; /** null: nothing is marked */ share: number | null }

export interface Total {
  raw: number;
  /** Marks that could be had; a skipped question counts, one that is not marked does not. */
  max: number;
  /** Share, never below 0 and never above 1; null where nothing is marked. */
  scaled: number | null;
  skipped: number;
  competencies: Earned[];
}

export function total(marked: Marked[]): Total {
  const out: Total = { raw: 0, max: 0, scaled: null, skipped: 0, competencies: [] };
  for (const { question, answered, share } of marked) {
    if (!answered) out.skipped++;
    if (share === null || question.marks <= 0) continue;
    const raw = answered ? share * question.marks : 0;
    out.raw += raw;
    out.max += question.marks;
    for (const test of question.tests ?? []) {
      const [id = test, level] = test.split(":");
      let line = out.competencies.find((c) => c.id === id && String(c.level ?? "") === (level ?? ""));
      if (!line) out.competencies.push((line = { id, raw: 0, max: 0, ...(level ? { level: Number(level) } : {}) }));
      line.raw += raw;
      line.max += question.marks;
    }
  }
  if (out.max > 0) out.scaled = Math.max(0, Math.min(1, out.raw / out.max));
  return out;
}

/** A hair of tolerance: 3 of 5 passes 60 %, whatever binary fractions say. */
export function passes(scaled: number | null, pass: number | undefined): boolean | undefined {
  return scaled === null || pass === undefined || pass <= 0 ? undefined : scaled >= pass - 1e-9;
}

/** The finished attempt that counts; null before the first. */
export function counting(attempts: Attempt[], counts: "best" | "last" | "first"): Attempt | null {
  const done = attempts.filter((a) => a.finishedAt !== undefined);
  if (counts === "first") return done[0] ?? null;
  if (counts === "last") return done[done.length - 1] ?? null;
  return done.reduce<Attempt | null>((best, a) => (best && (best.scaled ?? 0) >= (a.scaled ?? 0) ? best : a), null);
}

/** How many attempts are left; Infinity without a limit. */
export function attemptsLeft(quiz: QuizData, attempts: Attempt[]): number {
  return (quiz.attempts?.most ?? Infinity) - attempts.filter((a) => a.finishedAt !== undefined).length;
}

/** Whether anything in it is right or wrong, here in the page. */
export function isMarked(quiz: QuizData): boolean {
  return !quiz.sealed && quiz.purpose !== "survey" && quiz.purpose !== "360";
}

/** Whether answers are shown once the attempt is handed in. With nothing left to win, the last attempt need not come. */
export function showsAnswers(quiz: QuizData, left: number, passed = false): boolean {
  if (!isMarked(quiz) || quiz.purpose) return false;
  return quiz.show === "question" || quiz.show === "attempt" || (quiz.show === "last" && (left <= 0 || passed));
}

/** The same order from the same text: Fisher and Yates over a small generator (mulberry32) seeded by it. */
export function shuffled<T>(things: T[], from: string): T[] {
  let seed = 0;
  for (const c of from) seed = (Math.imul(seed, 31) + c.charCodeAt(0)) | 0;
  const next = (): number => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  const out = [...things];
  for (let i = out.length - 1; i > 0; i--) {
    const j = Math.floor(next() * (i + 1));
    [out[i], out[j]] = [out[j] as T, out[i] as T];
  }
  return out;
}

/** Marks and percentages as they are said: at most two places, Latin digits. */
export function figure(x: number): string {
  return String(Math.round(x * 100) / 100);
}
