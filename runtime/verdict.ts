/**
 * What a course comes to, from what is kept of its items: the one place that says so, for pages, records and packages. Its
 * twin is quiz/verdict.go; both run the vectors in quiz/testdata/verdict.txtar. Pure. For a module, give its items alone.
 */
import type { CompleteRule, ItemRef } from "./contract";

/** The part of an item's state that counts. */
export interface Stand { state: "started" | "done"; scaled?: number; passed?: boolean }

/** What was told of the course in this attempt: it is never taken back. */
export interface Told { completed?: boolean; passed?: boolean }

export interface Verdict {
  completed: boolean;
  success: "unknown" | "passed" | "failed";
  /** Mean of the quizzes that were handed in and have a share of marks; absent where there is none. */
  scaled?: number;
  done: number;
  of: number;
}

/**
 * Passed: completed, and a quiz that was asked for is passed. Failed: all is done that the rule asks for, and what is
 * missing are quizzes that were not passed. A quiz that has nothing to pass counts when it is handed in.
 */
export function verdict(rule: CompleteRule, items: ItemRef[], stateOf: (key: string) => Stand | null, told: Told = {}): Verdict {
  const of = (type?: ItemRef["type"]): (Stand | null)[] =>
    items.filter((item) => !type || item.type === type).map((item) => stateOf(item.key));
  const done = (these: (Stand | null)[]): Stand[] => these.filter((s): s is Stand => s?.state === "done");
  // 0.6 of 5 is 3.0000000000000004 in binary: the noise must not ask for a fourth.
  const met = (reached: number, all: number, need: "all" | "none" | number): boolean =>
    need === "none" || reached >= Math.ceil((need === "all" ? 1 : need) * all - 1e-9);

  const [lessons, quizzes, cases] = [of("lesson"), of("quiz"), of("case")];
  const handed = done(quizzes);
  const others = met(done(lessons).length, lessons.length, rule.lessons) && met(done(cases).length, cases.length, rule.cases);
  const enough = met(handed.filter((s) => s.passed !== false).length, quizzes.length, rule.quizzes);
  const completed = told.completed || (items.length > 0 && others && enough);
  const scores = handed.flatMap((s) => s.scaled ?? []);
  return {
    completed,
    success: told.passed || (completed && rule.quizzes !== "none" && handed.some((s) => s.passed)) ? "passed"
      : !completed && others && handed.length === quizzes.length && !enough ? "failed" : "unknown",
    ...(scores.length ? { scaled: scores.reduce((sum, s) => sum + s) / scores.length } : {}),
    done: done(of()).length,
    of: items.length,
  };
}
