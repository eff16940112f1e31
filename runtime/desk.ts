/**
 * The learner's desk on this page: the notebook, the records that go with it, and the words that say it is kept. The
 * base script lays it; the scripts for questions and cases, bundled apart, find it at `window.sopan`.
 */
import type { ItemType, PageData } from "./contract";
import type { Learner } from "./learner";
import type { ItemState, Notebook } from "./notebook";
import { courseDone, doneCount, drawProgress } from "./progress";
import type { Sender } from "./sender";
import {
  activity, attemptId, extension, sceneOf, statement, type Activity, type Happening, type Scene, type Statement,
} from "./statements";
import { uuid4 } from "./uuid";

export class Desk {
  readonly scene: Scene;
  /** Says on the page that a write is under way, or done. */
  onSaving: (saving: boolean) => void = () => undefined;
  /** Tells other tabs. */
  onKept: () => void = () => undefined;
  private writing = 0;

  constructor(
    readonly page: PageData, readonly learner: Learner, readonly book: Notebook,
    /** null where no records are asked for. */
    readonly sender: Sender | null,
  ) {
    this.scene = sceneOf(page, learner.id);
  }

  /** One pass through the course as a whole: the attempt that lessons belong to. */
  get registration(): string {
    return attemptId(this.learner.id, this.page.course?.id ?? this.page.site.id, 1);
  }

  /** Keeps rows and records what happened, in one write. Only after it resolves may the page say "saved". */
  async keep(puts: [string, unknown][], happened: Happening[] = []): Promise<void> {
    this.writing++;
    this.onSaving(true);
    try {
      const now = new Date();
      const statements: Statement[] = this.sender ? happened.map((h) => statement(this.scene, h, now, uuid4())) : [];
      await this.book.keep(puts, statements);
      if (statements.length) await this.sender?.noticed();
    } finally {
      if (--this.writing === 0) this.onSaving(false);
    }
    this.onKept();
  }

  /** An item's new state, with everything that follows from it for the course. What was done stays done. */
  keepItem(key: string, type: ItemType, change: Omit<ItemState, "at" | "type">, puts: [string, unknown][] = [], happened: Happening[] = []): Promise<void> {
    const { book, page } = this;
    const before = book.item(key);
    const after: ItemState = { ...before, ...change, type, at: new Date().toISOString() };
    if (before?.state === "done") after.state = "done";
    const rows = [book.setItem(key, after), ...puts];
    const { course } = page;
    if (course) {
      const stateOf = (other: string): ItemState | null => (other === key ? after : book.item(other));
      const known = book.courseState();
      const state = { ...known };
      const done = doneCount(course.items, stateOf);
      const object = activity(course.id, "course", course.title, page.lang);
      const attempt = this.registration;
      if (done > (known.reported ?? 0)) {
        state.reported = done;
        const percent = Math.floor((done * 100) / course.items.length);
        happened.push({ verb: "progressed", object, attempt, result: { extensions: { [progressExtension]: percent } } });
      }
      if (!known.completed && courseDone(course.complete, course.items, stateOf)) {
        state.completed = true;
        happened.push({ verb: "completed", object, attempt, result: { completion: true } });
      }
      if (state.reported !== known.reported || state.completed !== known.completed) rows.push(book.setCourse(state));
    }
    const kept = this.keep(rows, happened);
    this.draw();
    return kept;
  }

  /** Puts the marks into the outline. */
  draw(): void {
    if (this.page.course) drawProgress(this.page.course.items, (key) => this.book.item(key));
  }

  activity(type: ItemType, id: string, name: string): Activity {
    return activity(id, type, name, this.page.lang);
  }

  /** An extension of a statement's result that says who computed the score. */
  get selfReported(): Record<string, unknown> {
    return { [extension(this.page.site.id, "self-reported")]: true };
  }
}

/** As cmi5 has it: whole percent. */
const progressExtension = "https://w3id.org/xapi/cmi5/result/extensions/progress";

/** What the base script offers to the scripts beside it. */
export interface Sopan {
  /** Resolves when the notebook is open. */
  ready: Promise<Desk>;
}

declare global {
  interface Window {
    sopan?: Sopan;
    sopanSearch?: (index: unknown) => void;
  }
}
