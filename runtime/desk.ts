/**
 * The learner's desk on this page: the notebook, and the recorder beside it. The base script lays it; the scripts for
 * questions and cases, bundled apart, find it at `window.sopan`.
 */
import type { ItemType, PageData } from "./contract";
import { find } from "./dom";
import type { Happening, OpenRecorder, Recorder } from "./happening";
import type { ItemState, Notebook } from "./notebook";
import { drawProgress } from "./progress";
import { verdict } from "./verdict";

/** Tells that a write is under way, or that all are done. */
export type Telling = (saving: boolean) => void;

export class Desk {
  /** Called when another tab may have written. */
  readonly onRefresh: (() => void)[] = [];
  private writing_ = 0;

  constructor(
    readonly page: PageData, readonly book: Notebook,
    /** null where no records are asked for. */
    readonly recorder: Recorder | null,
    private readonly telling_: Telling, readonly otherTabs: () => void,
  ) {}

  /** Keeps rows and records what happened, in one write. Only after it resolves may the page say "saved". */
  async keep(puts: [string, unknown][], happened: Happening[] = []): Promise<void> {
    this.writing_++;
    this.telling_(true);
    try {
      await this.book.keep(puts, this.recorder?.lines(happened) ?? []);
    } finally {
      if (!--this.writing_) this.telling_(false);
    }
    if (happened.length) this.recorder?.kept();
    this.otherTabs();
  }

  /** An item's new state, with everything that follows from it for the course. What was done stays done. */
  keepItem(key: string, type: ItemType, change: Partial<ItemState>, puts: [string, unknown][] = [], happened: Happening[] = []): Promise<void> {
    const { book } = this;
    const before = book.item(key);
    const after: ItemState = { state: "started", ...before, ...change, type, at: new Date().toISOString() };
    const title = this.page.item?.title;
    if (title) after.title = title;
    if (before?.state === "done") after.state = "done";
    return this.judged_([book.setItem(key, after), ...puts], happened, (other) => (other === key ? after : book.item(other)));
  }

  /** When a page opens: a new edition of the course may ask for less than the one in which it was left. */
  settle(): void {
    void this.judged_([], [], (key) => this.book.item(key));
  }

  /** Keeps what follows for the course as well: its progress, and each part of the verdict once. What was told stands in its row. */
  private judged_(rows: [string, unknown][], happened: Happening[], stateOf: (key: string) => ItemState | null): Promise<void> {
    const { course } = this.page;
    const all = [...happened];
    if (course) {
      const told = this.book.courseState();
      const state = { ...told };
      const { done, of, scaled, completed, success } = verdict(course.complete, course.items, stateOf, told);
      const tell = (what: Happening["what"], more?: Partial<Happening>): void => {
        all.push({ what, of: { id: course.id, type: "course", name: course.title }, scaled, ...more });
      };
      if (done > (told.reported ?? 0)) {
        state.reported = done;
        tell("progressed", { percent: Math.floor((done * 100) / of) });
      }
      if (completed && !told.completed) {
        state.completed = true;
        state.at = new Date().toISOString();
        tell("completed");
      }
      if (success !== "unknown" && !told[success]) {
        state[success] = true;
        tell(success);
      }
      if (all.length > happened.length) rows.push(this.book.setCourse(state));
    }
    const kept = rows.length ? this.keep(rows, all) : Promise.resolve();
    this.draw();
    return kept;
  }

  /** Puts the marks into the outline. */
  draw(): void {
    if (this.page.course) drawProgress((key) => this.book.item(key));
    const certificate = find(".certificate-link");
    if (certificate) certificate.hidden = !this.book.courseState().completed;
  }
}

/** What the base script offers to the scripts beside it. */
export interface Sopan {
  page: PageData;
  /** Resolves when the notebook is open. */
  ready: Promise<Desk>;
}

declare global {
  interface Window {
    sopan?: Sopan;
    sopanRecorder?: OpenRecorder;
    /** Set by the course's own script: CourseData. */
    sopanCourse?: unknown;
    /** Set by the search script; called by the index, which follows it in the same file. */
    sopanSearch?: (index: unknown) => void;
  }
}

/** A page found by the search. */
export interface Hit {
  /** Address relative to the output's root, with the section's anchor. */
  href: string;
  title: string;
  course?: string;
  heading: string;
  /** Pieces of the text around the match; `on` are the words found. */
  excerpt: { text: string; on: boolean }[];
  score: number;
}
