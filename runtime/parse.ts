/**
 * Data at the door. What a page or a storage hands over is checked here once; inside, types hold. Each reader throws a
 * plain message where the shape is wrong; the caller decides whether that ends a page's script or drops a row.
 */
import { isRow, list, number, row, text, texts, type Row, versioned } from "./json";
import type { CaseData, CompleteRule, ItemRef, ItemType, PageData, QuestionData, QuizData } from "./contract";

export { isRow, json, list, number, row, text, texts, type Row, versioned } from "./json";

function itemType(value: unknown): ItemType {
  if (value === "lesson" || value === "quiz" || value === "case") return value;
  throw new Error("unknown type of item");
}

function share(value: unknown): "all" | "none" | number {
  return typeof value === "number" ? value : value === "none" ? "none" : "all";
}

export function parsePage(value: unknown): PageData {
  const page = versioned(value, "page data");
  const out: PageData = {
    v: 1,
    ...texts(page, "page", "lang", "root"),
    kind: text(page.kind, "page.kind") as PageData["kind"],
    site: texts(row(page.site, "site"), "site", "id", "title"),
  };
  if (isRow(page.course)) {
    const course = page.course;
    const rule = isRow(course.complete) ? course.complete : {};
    out.course = {
      ...texts(course, "course", "key", "id", "title", "href"),
      ...parseCourse({ v: 1 }, typeof rule.pass === "number" ? rule.pass : 0),
    };
  }
  if (isRow(page.item)) {
    const item = page.item;
    out.item = { ...texts(item, "item", "key", "id", "title"), type: itemType(item.type) };
    if (typeof item.minutes === "number") out.item.minutes = item.minutes;
  }
  if (isRow(page.records)) out.records = texts(page.records, "records", "endpoint", "unsent");
  for (const name of ["host", "search", "result"] as const) {
    const value = page[name];
    if (typeof value === "string") out[name] = value;
  }
  for (const name of ["preview", "draft"] as const) if (page[name] === true) out[name] = true;
  return out;
}

/** The course's own script may not have come: nothing is known to be finished then. */
export function parseCourse(value: unknown, pass: number): { items: ItemRef[]; complete: CompleteRule } {
  const course = versioned(value ?? { v: 1 }, "course data");
  const rule = isRow(course.complete) ? course.complete : {};
  return {
    items: list(course.items).map((entry): ItemRef => {
      const [key, type] = list(entry);
      return { key: text(key, "item.key"), type: itemType(type) };
    }),
    complete: { lessons: share(rule.lessons), quizzes: share(rule.quizzes), cases: share(rule.cases), pass },
  };
}

export function parseQuiz(value: unknown): QuizData {
  const quiz = versioned(value, "quiz data");
  const show = quiz.show;
  const out: QuizData = {
    v: 1,
    ...texts(quiz, "quiz", "key", "id", "title"),
    show: show === "attempt" || show === "last" || show === "never" ? show : "question",
    questions: list(quiz.questions).map(parseQuestion),
  };
  if (typeof quiz.pass === "number") out.pass = quiz.pass;
  if (isRow(quiz.attempts)) {
    const counts = quiz.attempts.counts;
    out.attempts = { counts: counts === "last" || counts === "first" ? counts : "best" };
    if (typeof quiz.attempts.most === "number") out.attempts.most = quiz.attempts.most;
  }
  if (quiz.practice === true) out.practice = true;
  if (quiz.sealed === true) out.sealed = true;
  if (isRow(quiz.time)) {
    out.time = { seconds: number(quiz.time.seconds, "time.seconds") };
    if (quiz.time.strict === true) out.time.strict = true;
  }
  if (isRow(quiz.draw)) {
    const { any, from } = quiz.draw;
    out.draw = Array.isArray(from)
      ? { from: from.filter(isRow).map((s) => ({ count: number(s.count, "count"), of: list(s.of).map(Number) })) }
      : { any: number(any, "draw.any") };
  }
  const { purpose } = quiz;
  if (purpose === "survey" || purpose === "diagnostic" || purpose === "360") out.purpose = purpose;
  if (Array.isArray(quiz.asked)) out.asked = quiz.asked.map(String);
  if (isRow(quiz.names)) out.names = names(quiz.names);
  return out;
}

function parseQuestion(value: unknown): QuestionData {
  const q = row(value, "question");
  return { ...q, ...texts(q, "question", "id", "kind"), marks: number(q.marks, "marks") };
}

function names(value: Row): Record<string, string> {
  const out: Record<string, string> = {};
  for (const [id, name] of Object.entries(value)) if (typeof name === "string") out[id] = name;
  return out;
}

export function parseCase(value: unknown): CaseData {
  const data = versioned(value, "case data");
  const out: CaseData = {
    v: 1,
    ...texts(data, "case", "key", "id", "title"),
    best: list(data.best).filter((id): id is string => typeof id === "string"),
    most: typeof data.most === "number" ? data.most : 0,
  };
  if (typeof data.start === "string") out.start = data.start;
  if (isRow(data.names)) out.names = names(data.names);
  return out;
}
