import type { Happening } from "./happening";
import { score, statement, type Scene } from "./statements";
import { equal, ok, test } from "./testing";
import { uuid4 } from "./uuid";

const scene: Scene = {
  site: "https://example.org/k", learner: "0b0e5a8e-3f5e-4b52-9a51-1f6f5d2f7a11", lang: "hi",
  course: { id: "https://example.org/k/mk", type: "course", name: "मिशन कर्मयोगी" },
};
const lesson = { id: "https://example.org/k/mk/vuca", type: "lesson", name: "VUCA" } as const;
const quiz = { id: "https://example.org/k/mk/check", type: "quiz", name: "Check" } as const;
const now = new Date("2026-03-01T10:00:00+05:30");
const make = (h: Happening) => statement(scene, h, now, uuid4());

const every: Happening[] = [
  { what: "initialized", of: lesson },
  { what: "completed", of: lesson, milliseconds: 61_400 },
  { what: "progressed", of: scene.course!, percent: 40 },
  { what: "answered", of: quiz, attempt: 1, raw: 1, max: 2, success: false, tests: ["people-first:2"],
    question: { id: "q1", ask: "Which?", interaction: { interactionType: "choice", correctResponsesPattern: ["a"], choices: [{ id: "a", text: "A" }], response: "a" } } },
  { what: "skipped", of: quiz, attempt: 1, question: { id: "q2", ask: "", interaction: { interactionType: "choice" } } },
  { what: "responded", of: quiz, attempt: 1, question: { id: "q3", ask: "How sure?", interaction: { interactionType: "likert", response: "x" } } },
  { what: "passed", of: quiz, attempt: 1, raw: 4, max: 5, success: true },
];

test("no statement holds a null or an empty list", () => {
  for (const h of every) {
    const text = JSON.stringify(make(h));
    ok(!/null|\[\]|\{\}/.test(text), text);
  }
});

test("a completion has one id an attempt, however often it is made, and another in the next attempt", () => {
  const first: Happening = { what: "completed", of: quiz, attempt: 1 };
  equal(make(first).id, make(first).id);
  ok(make(first).id !== make({ ...first, attempt: 2 }).id, "the second attempt has the id of the first");
  ok(make(first).id !== make({ ...first, what: "passed" }).id, "passed has the id of completed");
  ok(make(first).context.registration !== make({ ...first, attempt: 2 }).context.registration, "two attempts, one registration");
});

test("an answer has an id of its own each time", () => {
  const answered = every[3]!;
  ok(make(answered).id !== make(answered).id, "the same id twice");
});

test("the actor is a pseudonymous account at the site", () => {
  equal(make(every[0]!).actor, { objectType: "Agent", account: { homePage: scene.site, name: scene.learner } });
});

test("a time is UTC, a duration in seconds, and a clock that was set back gives none", () => {
  equal(make(every[1]!).timestamp, "2026-03-01T04:30:00.000Z");
  equal(make(every[1]!).result?.duration, "PT61S");
  equal(make({ what: "completed", of: lesson, milliseconds: -5 }).result?.duration, undefined);
});

test("a question is an interaction activity in its quiz, which is in its course", () => {
  const s = make(every[3]!);
  equal(s.object.definition?.type, "http://adlnet.gov/expapi/activities/cmi.interaction");
  equal(s.object.definition?.choices, [{ id: "a", description: { hi: "A" } }]);
  equal(s.context.contextActivities.parent?.[0]?.id, quiz.id);
  equal(s.context.contextActivities.grouping?.[0]?.id, scene.course?.id);
  equal(s.context.contextActivities.category[0]?.id, "https://example.org/k/profile");
  equal(s.context.extensions, { "https://example.org/k/profile/competencies": ["people-first:2"] });
  equal(s.result?.score, { scaled: 0.5, raw: 1, min: 0, max: 2 });
  equal(s.result?.response, "a");
});

test("ids below a site are joined as the scheme of its id wants", () => {
  equal(make(every[3]!).object.id, "https://example.org/k/mk/check/q1");
  const urn = statement({ ...scene, site: "urn:sopan:k" }, { ...every[3]!, of: { ...quiz, id: "urn:sopan:k:mk:check" } }, now, uuid4());
  equal([urn.object.id, urn.context.contextActivities.category[0]?.id], ["urn:sopan:k:mk:check:q1", "urn:sopan:k:profile"]);
});

test("a score computed on the device is called self-reported", () => {
  equal(make(every[6]!).result?.extensions, { "https://example.org/k/profile/self-reported": true });
});

test("a question outside of the marks has no score", () => {
  equal(make({ what: "responded", of: quiz, attempt: 1, raw: 0, max: 0, success: true, question: { id: "q", ask: "", interaction: { interactionType: "long-fill-in" } } }).result, { success: true });
});

test("a course's verdict has the mean of its quizzes, called self-reported, and a course that was not passed is not completed", () => {
  const of = scene.course!;
  const passed = make({ what: "passed", of, scaled: 2 / 3, success: true });
  equal(passed.result, { success: true, completion: true, score: { scaled: 0.6667 }, extensions: { "https://example.org/k/profile/self-reported": true } });
  equal(make({ what: "failed", of, scaled: 0.2, success: false }).result?.completion, undefined);
  equal(make({ what: "failed", of: quiz, attempt: 1, success: false }).result?.completion, true);
  equal(make({ what: "progressed", of, percent: 40, scaled: 0.5 }).result?.score, undefined);
  ok(make({ what: "passed", of }).id !== make({ what: "passed", of: quiz }).id, "the course and the quiz share an id");
});

test("skipped is not answered: no score, no success, no response", () => {
  const s = make(every[4]!);
  equal(s.verb.id, "http://id.tincanapi.com/verb/skipped");
  equal(s.result, undefined);
});

test("a score stays between its bounds, also under a guess penalty", () => {
  equal(score(1 / 3, 1), { scaled: 0.3333, raw: 0.3333, min: 0, max: 1 });
  equal(score(-0.25, 1), { scaled: -0.25, raw: -0.25, min: -0.25, max: 1 });
  equal(score(0.1 + 0.2, 0.3), { scaled: 1, raw: 0.3, min: 0, max: 0.3 });
});
