/**
 * What happened while somebody learned, in the product's own words: the one thing that recorders receive. A recorder
 * (xAPI here; an LMS's own inside a package) turns it into its protocol. Types only.
 */
import type { Interaction, ItemType } from "./contract";
import type { count, say } from "./say";
import type { Keep, Line } from "./store";

export interface Thing {
  /** Activity IRI. */
  id: string;
  type: ItemType | "course";
  name: string;
}

export interface Happening {
  what:
    | "initialized" | "experienced" | "completed" | "progressed" // of an item or the course
    | "passed" | "failed" // of an attempt at a quiz; of the course, each at most once, and `failed` never after `passed`
    | "answered" // a question, marked or a decision taken
    | "responded" // a question that nothing marks
    | "skipped"; // a question left empty when the attempt was handed in
  /** The item, or the course itself. */
  of: Thing;
  /** Which attempt at `of`, from 1; absent: the course's one registration. */
  attempt?: number;
  /** The question or scene of it that was answered; its id is its own, below that of `of`. */
  question?: { id: string; ask: string; interaction: Interaction };
  /** Marks. */
  raw?: number;
  max?: number;
  /** Share of the marks, where it is a mean of several quizzes: with all that is told of the course. */
  scaled?: number | undefined;
  /** Whether an answer was right. */
  success?: boolean;
  milliseconds?: number | undefined;
  /** Whole percent of the course that is done. */
  percent?: number;
  /** Points of a decision. */
  points?: number;
  /** Competencies, "people-first:2". */
  tests?: string[];
  /** In a 360: who answers, as seen from the one asked about. */
  as?: string;
}

/** What say.ts offers. */
export interface Words {
  say: typeof say;
  count: typeof count;
}

export interface Recorder {
  /** Rows for the outbox, to be kept in the same write as what they tell of. */
  lines(happened: Happening[]): Line[];
  /** They are kept; or another tab may have kept some. */
  kept(): void;
  /** Shows in the foot what waits, in the words of the page: in a package the recorder is that of the shell around it. */
  attach(line: HTMLElement, words: Words): void;
  /** Sends what waits, as a person asked; resolves when it is gone or stuck. */
  send(): Promise<void>;
}

/** How the recorder's script, bundled apart, meets the base script: it puts this at `window.sopanRecorder`. */
export type OpenRecorder = (site: {
  id: string; lang: string; learner: string; endpoint: string; course?: Thing; store: Keep;
}) => Recorder;
