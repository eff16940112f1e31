/**
 * The learner's notebook: all that is known of one learner in one course, read once when the page opens, then answered
 * from memory. A write reaches the device first: its promise resolves when the rows, and the statements that belong to
 * them, are kept in one step. What the storage hands back is parsed here; an unreadable row counts as absent.
 */
import type { ItemType } from "./contract";
import { isRow, list, type Row } from "./parse";
import type { Keep, Line } from "./store";

/** How far a learner is in an item. */
export interface ItemState {
  state: "started" | "done";
  /** ISO time of the last change; shown to the learner, never used for order. */
  at: string;
  type: ItemType;
  /** As it was called when the learner was there. */
  title?: string;
  /** Where a reader stopped: pixels below an anchor. */
  place?: { anchor: string; offset: number };
  /** Share of the marks or points of the attempt that counts. */
  scaled?: number;
  passed?: boolean;
}

export interface Answer {
  /** The attempt it belongs to, from 1. */
  attempt: number;
  /** Plain JSON, as the question's kind read it; null when the learner emptied it. */
  response: unknown;
  /** How often it was marked in this attempt. */
  tries: number;
  /** Share of the marks at the first marking: the one that counts. Absent until marked, null where nothing is marked. */
  share?: number | null;
  /** Feedback is open: the response that was marked is the one above. */
  checked?: boolean;
  hints?: number;
  at: string;
}

export interface Attempt {
  number: number;
  startedAt: number;
  finishedAt?: number;
  scaled?: number;
  raw?: number;
  max?: number;
  passed?: boolean;
  /** Ids of the questions that it was given; absent: all. */
  drawn?: string[];
  /** In a 360: who answers, as seen from the one asked about. */
  as?: string;
  /** The time ran out, and it was handed in by itself. */
  late?: boolean;
  /** It shows where the learner stands before they learn. */
  diagnostic?: boolean;
  competencies?: Earned[];
}

/** Marks of one competency at one level. */
export interface Earned { id: string; level?: number; raw: number; max: number }

/** A way through a case study: scene ids from the start, and the points so far. */
export interface Way {
  number: number;
  scenes: string[];
  /** The decision taken at each step but the last, by its id within the scene. */
  taken?: string[];
  startedAt: number;
  done?: boolean;
  scaled?: number;
}

/** What was told of the course in this attempt. */
export interface CourseState {
  completed?: boolean;
  passed?: boolean;
  /** It was; a later attempt at a quiz may have made it `passed`. */
  failed?: boolean;
  /** ISO time of the completion, as the device's clock had it. */
  at?: string;
  /** Items done when progress was last recorded. */
  reported?: number;
}

export class Notebook {
  private constructor(
    readonly store: Keep, readonly site: string, readonly learner: string, readonly course: string,
    private rows_: Map<string, unknown>,
  ) {}

  static async open(store: Keep, site: string, learner: string, course: string): Promise<Notebook> {
    const book = new Notebook(store, site, learner, course, new Map());
    await book.reload();
    return book;
  }

  /** Another tab may have written meanwhile. */
  async reload(): Promise<void> {
    const read = await this.store.read(this.key_(""));
    this.rows_ = new Map(this.store.moved ? [...this.rows_, ...read] : read);
  }

  item(key: string): ItemState | null {
    return itemState(this.rows_.get(this.key_("item", key)));
  }

  answer(quiz: string, question: string): Answer | null {
    const value = this.rows_.get(this.key_("answer", quiz, question));
    if (!isRow(value) || typeof value.attempt !== "number" || typeof value.tries !== "number") return null;
    return value as unknown as Answer;
  }

  attempts(quiz: string): Attempt[] {
    return list(this.rows_.get(this.key_("attempts", quiz))).filter(
      (a): a is Attempt & Row => isRow(a) && typeof a.number === "number",
    );
  }

  /** The clock of the attempt that is open, as it was last kept; see clock.ts. */
  clock(quiz: string): unknown {
    return this.rows_.get(this.key_("clock", quiz));
  }

  ways(caseKey: string): Way[] {
    return list(this.rows_.get(this.key_("ways", caseKey))).filter(
      (w): w is Way & Row => isRow(w) && typeof w.number === "number" && Array.isArray(w.scenes),
    );
  }

  courseState(): CourseState {
    const value = this.rows_.get(this.key_("course"));
    return isRow(value) ? (value as CourseState) : {};
  }

  setItem(key: string, state: ItemState): [string, unknown] {
    return [this.key_("item", key), state];
  }

  setAnswer(quiz: string, question: string, answer: Answer): [string, unknown] {
    return [this.key_("answer", quiz, question), answer];
  }

  setAttempts(quiz: string, attempts: Attempt[]): [string, unknown] {
    return [this.key_("attempts", quiz), attempts];
  }

  setClock(quiz: string, clock: unknown): [string, unknown] {
    return [this.key_("clock", quiz), clock];
  }

  setWays(caseKey: string, ways: Way[]): [string, unknown] {
    return [this.key_("ways", caseKey), ways];
  }

  setCourse(state: CourseState): [string, unknown] {
    return [this.key_("course"), state];
  }

  /** Resolves when rows and lines are kept, in one write. */
  async keep(puts: [string, unknown][], lines: Line[]): Promise<void> {
    for (const [key, value] of puts) this.rows_.set(key, value);
    await this.store.write({ put: puts, append: lines });
  }

  private key_(...parts: string[]): string {
    return `${statePrefix(this.site, this.learner)}${this.course} ${parts.join(" ")}`;
  }
}

/** IRIs and keys hold no spaces, so that a space parts them. */
export function statePrefix(site: string, learner: string): string {
  return `state ${site} ${learner} `;
}

/** Statements wait by site, of all learners: what one left behind on a shared device still goes out under their own id. */
export function outboxPrefix(site: string): string {
  return `outbox ${site} `;
}

export function asidePrefix(site: string): string {
  return `aside ${site} `;
}

export function itemState(value: unknown): ItemState | null {
  if (!isRow(value) || (value.state !== "started" && value.state !== "done")) return null;
  return value as unknown as ItemState;
}
