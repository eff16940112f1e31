import type { QuestionData, QuizData } from "./contract";
import { attemptsLeft, counting, figure, passes, showsAnswers, shuffled, total, verdict } from "./marking";
import { equal, ok, test } from "./testing";

const q = (id: string, marks = 1, tests?: string[]): QuestionData => ({ id, kind: "choice", marks, ...(tests ? { tests } : {}) });
const quiz = (more: Partial<QuizData> = {}): QuizData => ({ v: 1, key: "k", id: "i", title: "t", show: "question", questions: [], ...more });

test("skipped is told from wrong, partly right from both", () => {
  equal([verdict(false, null), verdict(true, 0), verdict(true, 0.5), verdict(true, 1), verdict(true, null), verdict(true, -0.3)],
    ["skipped", "wrong", "partly", "right", "recorded", "wrong"]);
});

test("a total counts skipped questions as 0 and leaves out what is not marked", () => {
  const sum = total([
    { question: q("a", 2), answered: true, share: 0.5 },
    { question: q("b"), answered: false, share: 0 },
    { question: q("c"), answered: true, share: null },
    { question: q("d"), answered: true, share: 1 },
  ]);
  equal([sum.raw, sum.max, sum.scaled, sum.skipped], [2, 4, 0.5, 1]);
});

test("nothing marked is no score, not 0", () => {
  equal(total([{ question: q("a"), answered: true, share: null }]).scaled, null);
});

test("a guess penalty cannot bring the whole below 0", () => {
  equal(total([{ question: q("a"), answered: true, share: -1 / 3 }]).scaled, 0);
});

test("marks add up by competency and level", () => {
  const sum = total([
    { question: q("a", 1, ["rti:1"]), answered: true, share: 1 },
    { question: q("b", 3, ["rti:1", "integrity:2"]), answered: true, share: 0 },
    { question: q("c", 1, ["rti:2"]), answered: true, share: 1 },
  ]);
  equal(sum.competencies, [
    { id: "rti", raw: 1, max: 4, level: 1 }, { id: "integrity", raw: 0, max: 3, level: 2 }, { id: "rti", raw: 1, max: 1, level: 2 },
  ]);
});

test("3 of 5 passes 60 %, whatever binary fractions say; nothing to pass is no verdict", () => {
  equal([passes(0.1 + 0.2 + 0.3, 0.6), passes(0.59, 0.6), passes(null, 0.6), passes(1, undefined), passes(0, 0)], [true, false, undefined, undefined, undefined]);
});

test("the attempt that counts is the best, the first or the last finished one", () => {
  const attempts = [0.4, 0.9, 0.5].map((scaled, i) => ({ number: i + 1, startedAt: 0, finishedAt: 1, scaled }));
  const open = [...attempts, { number: 4, startedAt: 0 }];
  equal((["best", "first", "last"] as const).map((c) => counting(open, c)?.number), [2, 1, 3]);
  equal(counting([], "best"), null);
  equal(attemptsLeft(quiz({ attempts: { most: 3, counts: "best" } }), open), 0);
  equal(attemptsLeft(quiz(), open), Infinity);
});

test("answers are shown when the quiz says so", () => {
  equal((["question", "attempt", "last", "never"] as const).map((show) => [showsAnswers(quiz({ show }), 1), showsAnswers(quiz({ show }), 0)]),
    [[true, true], [true, true], [false, true], [false, false]]);
});

test("with the last attempt to come, a pass shows the answers; a diagnostic, a survey and a sealed quiz never do", () => {
  equal(showsAnswers(quiz({ show: "last" }), 2, true), true);
  equal(showsAnswers(quiz({ show: "never" }), 0, true), false);
  for (const more of [{ purpose: "diagnostic" }, { purpose: "survey" }, { purpose: "360" }, { sealed: true }] as Partial<QuizData>[]) {
    equal(showsAnswers(quiz({ ...more, show: "attempt" }), 0, true), false, JSON.stringify(more));
  }
});

test("an attempt always shuffles the same way, other attempts otherwise, and nothing is lost", () => {
  const ids = ["a", "b", "c", "d", "e", "f"];
  equal(shuffled(ids, "x 1 q"), shuffled(ids, "x 1 q"));
  const orders = new Set(Array.from({ length: 50 }, (_, i) => shuffled(ids, `x ${i} q`).join("")));
  ok(orders.size > 30, `only ${orders.size} orders in 50 attempts`);
  for (const order of orders) equal([...order].sort(), ids);
});

test("every choice comes to stand in every place about as often", () => {
  const firsts: Record<string, number> = {};
  for (let i = 0; i < 4000; i++) {
    const first = shuffled(["a", "b", "c", "d"], `learner ${i} q1`)[0] ?? "";
    firsts[first] = (firsts[first] ?? 0) + 1;
  }
  for (const [id, n] of Object.entries(firsts)) ok(n > 850 && n < 1150, `${id} stands first ${n} times in 4000`);
});

test("figures are said with at most two places", () => {
  equal([figure(1 / 3), figure(2), figure(0.1 + 0.2)], ["0.33", "2", "0.3"]);
});
