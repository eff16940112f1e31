/**
 * What a course comes to, from what is kept of its items: the one place that says so, for pages, records and packages. Its
 * twin is quiz/verdict.go; both run the vectors in quiz/testdata/verdict.txtar. Pure. For a module, give its items alone.
 */
import type { CompleteRule, ItemRef, ItemType } from "./contract";

/** The part of an item's state that counts. */
export interface Stand { state: "started" | "done"; scaled?: number; passed?: boolean }

type Item = Partial<Stand> & { type: ItemType };

/** What was told of the course in this attempt: it is never taken back. */
export interface Told { completed?: boolean; passed?: boolean }

export interface Verdict {
  completed: boolean;
  success: "unknown" | "passed" | "failed";
  /** Mean of the quizzes that were handed in and have a share of marks, where there are such. */
  scaled: number | undefined;
  done: number;
  of: number;
}

/**
 * Passed: completed, and a quiz that was asked for is passed. Failed: all is done that the rule asks for, and what is
 * missing are quizzes that were not passed. A quiz that has nothing to pass counts when it is handed in.
 */
export function verdict(rule: CompleteRule, items: ItemRef[], stateOf: (key: string) => Stand | null, told: Told = {}): Verdict {
  const all: Item[] = items.map(({ key, type }) => ({ type, ...stateOf(key) }));
  const done = all.filter((item) => item.state === "done");
  const of = (these: Item[], type: ItemType): Item[] => these.filter((item) => item.type === type);
  // 0.6 of 5 is 3.0000000000000004 in binary: the noise must not ask for a fourth.
  const met = (type: ItemType, need: "all" | "none" | number, reached = done): boolean =>
    need === "none" || of(reached, type).length >= Math.ceil((need === "all" ? 1 : need) * of(all, type).length - 1e-9);

  const quizzes = of(done, "quiz");
  const others = all.length > 0 && met("lesson", rule.lessons) && met("case", rule.cases);
  const completed = told.completed || (others && met("quiz", rule.quizzes, done.filter((item) => item.passed !== false)));
  const scores = quizzes.flatMap((item) => item.scaled ?? []);
  return {
    completed,
    success: told.passed || (completed && rule.quizzes !== "none" && quizzes.some((item) => item.passed)) ? "passed"
      : !completed && others && met("quiz", "all") ? "failed" : "unknown",
    scaled: scores.length ? scores.reduce((sum, share) => sum + share) / scores.length : undefined,
    done: done.length,
    of: all.length,
  };
}
