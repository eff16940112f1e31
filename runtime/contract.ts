/**
 * What a page hands to the script, and what a question kind offers to the
 * runtime. The Go side of PageData is builder/page/data.go; of QuizData,
 * quiz/data.go. Data from the page is parsed at the door (see parse.ts): these
 * types are what is left after that.
 */

/** The kinds of pages; also the value of `<html data-page>`. */
export type PageKind =
  | "site" | "course" | "module" | "lesson" | "quiz" | "case" | "facilitator" | "glossary" | "records" | "certificate" | "map" | "notfound";

/** The kinds of items a learner can finish. */
export type ItemType = "lesson" | "quiz" | "case";

export interface PageData {
  /** Version of this shape. */
  v: 1;
  kind: PageKind;
  lang: string;
  /** Relative way to the output's root, with a trailing slash, "./" at the root. */
  root: string;
  /** id is an IRI and the prefix of every activity id. */
  site: { id: string; title: string };
  course?: {
    key: string;
    /** Activity IRI. */
    id: string;
    title: string;
    /** Relative address of the course's front page. */
    href: string;
    /** Everything that can be finished, in order. Not in the page: from CourseData. */
    items: ItemRef[];
    /** In the page stands its `pass` alone; the rest is from CourseData. */
    complete: CompleteRule;
  };
  item?: { key: string; id: string; type: ItemType; title: string; /** minutes to read */ minutes?: number };
  /** Absent: no records are sent anywhere. `unsent` is the address of that script, relative to the output's root. */
  records?: { endpoint: string; unsent: string };
  /**
   * The page is part of a package for a learning platform and told what kind: a shell around it records (see
   * recorder/shell.ts), and `records` is absent.
   */
  host?: string;
  /** Address of the search index script, relative to root. */
  search?: string;
  /** Address of the script that tells a result, relative to root; on pages of quizzes. */
  result?: string;
  draft?: true;
  /** Made to be reviewed and not to be published: a quiz shows its key on demand. */
  preview?: true;
}

/**
 * What all pages of a course share, in a script of its own, which puts it at `window.sopanCourse`: the same for all
 * languages, so that a page does not grow with its course. Go: builder/page/courseitems.go.
 */
export interface CourseData {
  v: 1;
  items: [key: string, type: ItemType][];
  complete: Omit<CompleteRule, "pass">;
}

export interface ItemRef { key: string; type: ItemType }

/** When a course counts as completed. Shares run from 0 to 1. */
export interface CompleteRule {
  lessons: "all" | "none" | number;
  quizzes: "all" | "none" | number;
  cases: "all" | "none" | number;
  /** The share of a quiz that passes it where the quiz names none. */
  pass: number;
}

export interface QuizData {
  v: 1;
  key: string;
  /** Activity IRI. */
  id: string;
  title: string;
  /** Share of the marks that passes; absent: nothing to pass. */
  pass?: number;
  show: "question" | "attempt" | "last" | "never";
  attempts?: { most?: number; counts: "best" | "last" | "first" };
  /** Practice questions in a lesson: feedback at once, no verdict. */
  practice?: true;
  /**
   * The key is not in the page: responses are stored and sent, and marked elsewhere. Of a kind, parse, accept, read,
   * write and interaction are called, never mark, review or key; correctResponsesPattern is taken out of the
   * interaction, and no result says success or a score. Go: quiz/sealed.go.
   */
  sealed?: true;
  /** How long an attempt may last. A strict time can be neither extended nor stopped. */
  time?: { seconds: number; strict?: true };
  /** Which questions an attempt gets; absent: all. `of` are places in the list of questions, from 0. */
  draw?: { any?: number; from?: { count: number; of: number[] }[] };
  /** A survey and a 360 are not marked; a diagnostic is, without feedback. Absent: an ordinary quiz. */
  purpose?: "survey" | "diagnostic" | "360";
  /** Who is asked in a 360: "self", "peer", "manager", "subordinate". */
  asked?: string[];
  /** Titles of the competencies that the questions test, by id, for the result. Without it the id is said. */
  names?: Record<string, string>;
  questions: QuestionData[];
}

/** The part of a question that is common to all kinds; a kind adds its own fields (its key among them). */
export interface QuestionData {
  id: string;
  kind: string;
  marks: number;
  /** Competencies, "people-first:2". */
  tests?: string[];
  /** Share of the marks that each earlier try costs. Absent: the first try counts alone. */
  retry?: number;
  /** Of a sealed quiz: a kind's parse takes it without the fields that hold the key. */
  sealed?: true;
  [more: string]: unknown;
}

/**
 * A question kind: quiz/choice.ts, quiz/number.ts … R is its response, a plain
 * JSON value that is kept as it is in the learner's storage.
 */
export interface Kind<Q extends QuestionData = QuestionData, R = unknown> {
  name: string;
  /**
   * Once, when the page opens: builds what needs script out of what stands there. Where it changes an answer later, it
   * lets the field hear a "change".
   */
  attach?(field: HTMLFieldSetElement, q: Q): void;
  /** Whenever the notebook was read: what other items of the course have come to. */
  look?(field: HTMLFieldSetElement, q: Q, item: (key: string) => Outcome | null): void;
  /** Before an attempt is laid onto the page: a fresh question, in the attempt's order. `shuffle` gives the same one every time. */
  arrange?(field: HTMLFieldSetElement, q: Q, shuffle: <T>(things: T[]) => T[]): void;
  /** Checks data from the page; throws a plain message where it is not of this kind. */
  parse(data: QuestionData): Q;
  /** A response from storage, or null where it is not one (an edited question). */
  accept(q: Q, stored: unknown): R | null;
  /** What the learner has put in; null when nothing. */
  read(field: HTMLFieldSetElement, q: Q): R | null;
  /** Lays a stored response into the controls. */
  write(field: HTMLFieldSetElement, q: Q, r: R): void;
  /** Share of the marks, 0 to 1, or below 0 under a guess penalty; null where nothing is marked. Same as quiz/*.go. */
  mark(q: Q, r: R): number | null;
  /** Which choices get feedback, right ones marked: the parts to clone. */
  review(q: Q, r: R): Review;
  /** What would have been right, for a question that was skipped. Without it only the reason is shown. */
  key?(q: Q): Review;
  /** xAPI interaction: the activity definition's fields and the response string. */
  interaction(q: Q, r: R | null): Interaction;
}

/** What an item has come to: a part of the notebook's ItemState. */
export interface Outcome { state: "started" | "done"; scaled?: number }

export interface Review {
  /** Choice ids (values of the inputs) with the verdict to show under each. */
  choices: { id: string; verdict: "right" | "wrong" | "missed" | "neutral" }[];
  /** The right answer in words, for kinds without choices. */
  answer?: string;
}

export interface Interaction {
  interactionType: string;
  correctResponsesPattern?: string[];
  choices?: { id: string; text: string }[];
  scale?: { id: string; text: string }[];
  source?: { id: string; text: string }[];
  target?: { id: string; text: string }[];
  steps?: { id: string; text: string }[];
  response?: string;
  /** How sure the learner is, 1 to 3: an extension of the record. */
  certainty?: number;
}

/** A case study. Scenes, decisions and points stand in the page; this is what does not. */
export interface CaseData {
  v: 1;
  key: string;
  /** Activity IRI. */
  id: string;
  title: string;
  /** Id of the scene it begins with; absent: the first one in the page. */
  start?: string;
  /** Titles of the competencies that decisions are scored by, by id. Without it the id is said. */
  names?: Record<string, string>;
  /** Scenes of the way that earns most, and its points. */
  best: string[];
  most: number;
}

/**
 * What the search index script hands to `window.sopanSearch`: one index a language, made at build time. Texts are
 * plain, white space collapsed, as written (the browser folds them).
 */
export interface SearchIndex {
  v: 1;
  docs: SearchDoc[];
}

export interface SearchDoc {
  /** Title of the page. */
  t: string;
  /** Address, relative to PageData.root: "hi/mission-karmayogi/why-change/vuca.html". */
  u: string;
  /** Title of the course. */
  c?: string;
  /** Sections in order: [anchor id or "", heading or "", text]. What stands before the first heading has "" twice. */
  h: [id: string, heading: string, text: string][];
}
