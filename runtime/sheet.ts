/**
 * A quiz on the page, or a block of practice questions in a lesson: every answer is kept as it is given, marked when
 * the quiz says so, and recorded. What was answered is there again after a reload, in any tab, by the ids of questions
 * and choices.
 */
import { kinds } from "sopan:kinds";
import type { QuizData } from "./contract";
import type { Desk } from "./desk";
import { find, findAll } from "./dom";
import { attemptsLeft, counting, passes, showsAnswers, total, type Marked } from "./marking";
import type { Answer, Attempt } from "./notebook";
import { Question } from "./question";
import { drawResult } from "./result";
import type { Happening, Thing } from "./happening";

export class Sheet {
  private readonly questions: Question[] = [];
  private attempt: Attempt;
  private readonly timers = new Map<Question, number>();
  private readonly result: HTMLElement | null;
  private readonly of: Thing;

  constructor(private readonly form: HTMLFormElement, private readonly quiz: QuizData, private readonly desk: Desk) {
    this.result = find(".quiz-result", form);
    this.of = { id: quiz.id, type: quiz.practice ? "lesson" : "quiz", name: quiz.title || (desk.page.item?.title ?? "") };
    const { past } = this;
    this.attempt = past[past.length - 1] ?? { number: 1, startedAt: Date.now() };
    for (const data of quiz.questions) {
      const field = find<HTMLFieldSetElement>(`fieldset[data-q="${CSS.escape(data.id)}"]`, form);
      const kind = kinds.find((k) => k.name === data.kind);
      if (!field || !kind) continue;
      const question: Question = new Question(field, kind.parse(data), kind, {
        change: (typing) => this.changed(question, typing),
        check: () => this.check(question),
        hint: (shown) => this.keepAnswer(question, { hints: shown }),
      });
      this.questions.push(question);
    }
    // Nothing is ever submitted: the buttons say what they do.
    form.addEventListener("submit", (event) => event.preventDefault());
    find(".quiz-submit", form)?.addEventListener("click", () => this.finish());
    window.addEventListener("pagehide", () => this.flush());
    desk.onRefresh.push(() => {
      if (this.finished && this.result?.hidden) this.draw();
    });
    this.draw();
  }

  private get checksEach(): boolean {
    return this.quiz.practice === true || this.quiz.show === "question";
  }

  private get finished(): boolean {
    // Another tab may have handed it in.
    const { number } = this.attempt;
    return this.past.some((a) => a.number === number && a.finishedAt !== undefined);
  }

  private get past(): Attempt[] {
    return this.desk.book.attempts(this.quiz.key);
  }

  /** Each learner has an order of their own, and each attempt. */
  private get seed(): string {
    return `${this.desk.book.learner} ${this.attempt.number}`;
  }

  /** The stored answer to a question in this attempt. */
  private answer(question: Question): Answer | null {
    const answer = this.desk.book.answer(this.quiz.key, question.id);
    return answer?.attempt === this.attempt.number ? answer : null;
  }

  /** Lays the whole attempt onto the page, as it is stored. */
  private draw(): void {
    for (const question of this.questions) {
      question.arrange(this.seed);
      question.offer(this.checksEach && !this.finished, !this.finished);
      const answer = this.answer(question);
      // A response to a question that was edited since may not fit: then the question is open again.
      const fits = answer !== null && answer.response !== null && question.write(answer.response);
      if (answer?.hints) question.showHints(answer.hints);
      if (this.finished) this.reveal(question, fits ? answer.response : null);
      else if (fits && answer.checked) this.show(question, answer.response);
    }
    const end = find(".quiz-end", this.form);
    if (end) end.hidden = this.quiz.practice === true || this.finished;
    if (this.result) {
      this.result.hidden = !this.finished;
      if (this.finished) this.drawResult();
    }
  }

  private changed(question: Question, typing: boolean): void {
    window.clearTimeout(this.timers.get(question));
    const keep = (): void => {
      this.timers.delete(question);
      this.keepAnswer(question, { response: question.read() });
    };
    // While somebody types, once they pause; a tick is kept at once.
    if (typing) this.timers.set(question, window.setTimeout(keep, 400));
    else keep();
  }

  private flush(): void {
    for (const [question, timer] of this.timers) {
      window.clearTimeout(timer);
      this.keepAnswer(question, { response: question.read() });
    }
    this.timers.clear();
  }

  private keepAnswer(question: Question, change: Partial<Answer>, happened: Happening[] = []): void {
    if (this.finished) return;
    const before = this.answer(question);
    const answer: Answer = {
      response: null, tries: 0, ...before, ...change, attempt: this.attempt.number, at: new Date().toISOString(),
    };
    const { book, page } = this.desk;
    const rows = [book.setAnswer(this.quiz.key, question.id, answer)];
    const begins = !this.past.some((a) => a.number === this.attempt.number);
    if (begins) rows.push(book.setAttempts(this.quiz.key, [...this.past, this.attempt]));
    if (begins && !this.quiz.practice && page.item) {
      const started: Happening = { what: "initialized", of: this.of, attempt: this.attempt.number };
      void this.desk.keepItem(page.item.key, "quiz", { state: "started" }, rows, [started, ...happened]);
    } else {
      void this.desk.keep(rows, happened);
    }
  }

  /** Check, or try again. */
  private check(question: Question): void {
    const answer = this.answer(question);
    if (this.finished || !this.checksEach) return;
    if (answer?.checked) {
      if (mayRetry(scored(question, answer.response))) {
        question.clear();
        this.keepAnswer(question, { checked: false });
      }
      return;
    }
    window.clearTimeout(this.timers.get(question));
    this.timers.delete(question);
    const response = question.read();
    if (response === null) {
      question.note("quiz.empty");
      return;
    }
    const share = question.kind.mark(question.data, response);
    const tries = (answer?.tries ?? 0) + 1;
    // The first marking counts: feedback after it has said what is wrong.
    const counts = tries === 1 ? share : (answer?.share ?? share);
    this.keepAnswer(question, { response, tries, share: counts, checked: true }, [this.answered(question, response, share)]);
    this.show(question, response);
  }

  /** Feedback to one question, while the attempt goes on. The key is shown from the second wrong try on. */
  private show(question: Question, response: unknown): void {
    const share = scored(question, response);
    const again = mayRetry(share);
    const tries = this.answer(question)?.tries ?? 1;
    question.review(response, share, { key: tries > 1 || !again, again, counted: share !== null && again && !this.quiz.practice });
  }

  /** What is shown of a question once the attempt is handed in. */
  private reveal(question: Question, response: unknown): void {
    if (showsAnswers(this.quiz, attemptsLeft(this.quiz, this.past))) {
      const share = response === null ? null : scored(question, response);
      question.review(response, share, { key: true, again: false });
    } else {
      question.clear();
      question.lock(true);
    }
  }

  /** Hands the attempt in, once. */
  private finish(): void {
    if (this.finished || this.quiz.practice) return;
    this.flush();
    const now = Date.now();
    const marked = this.marked();
    const sum = total(marked);
    const { desk, quiz } = this;
    const { book, page } = desk;
    const pass = quiz.pass ?? page.course?.complete.pass;
    const passed = passes(sum.scaled, pass);
    const done: Attempt = { ...this.attempt, finishedAt: now, raw: sum.raw, max: sum.max };
    if (sum.scaled !== null) done.scaled = sum.scaled;
    if (passed !== undefined) done.passed = passed;

    const happened: Happening[] = [];
    this.questions.forEach((question) => {
      const answer = this.answer(question);
      const response = this.accepted(question);
      if (response === null) happened.push({ what: "skipped", ...this.about(question, null) });
      else if (!answer?.tries) happened.push(this.answered(question, response, question.kind.mark(question.data, response)));
    });
    const whole: Omit<Happening, "what"> = { of: this.of, attempt: done.number, milliseconds: now - done.startedAt };
    if (sum.scaled !== null) Object.assign(whole, { raw: sum.raw, max: sum.max });
    happened.push({ what: "completed", ...whole });
    if (passed !== undefined) happened.push({ what: passed ? "passed" : "failed", ...whole, success: passed });

    this.attempt = done;
    const attempts = [...this.past.filter((a) => a.number !== done.number), done];
    const rows = [book.setAttempts(quiz.key, attempts)];
    const counted = counting(attempts, quiz.attempts?.counts ?? "best") ?? done;
    const change = {
      state: "done" as const,
      ...(counted.scaled === undefined ? {} : { scaled: counted.scaled }),
      ...(counted.passed === undefined ? {} : { passed: counted.passed }),
    };
    const kept = page.item ? desk.keepItem(page.item.key, "quiz", change, rows, happened) : desk.keep(rows, happened);
    void kept.then(() => {
      this.draw();
      // The result is what comes next: by eye, by keyboard and by ear.
      this.result?.focus();
      this.result?.scrollIntoView({ block: "start" });
    });
  }

  /** A new attempt: empty questions, a new order. */
  private retake(): void {
    if (!this.finished || attemptsLeft(this.quiz, this.past) <= 0) return;
    this.attempt = { number: this.attempt.number + 1, startedAt: Date.now() };
    for (const question of this.questions) question.empty();
    this.draw();
    const first = this.questions[0]?.field;
    first?.setAttribute("tabindex", "-1");
    first?.focus();
    first?.scrollIntoView({ block: "start" });
  }

  private accepted(question: Question): unknown {
    const answer = this.answer(question);
    return answer && answer.response !== null ? question.kind.accept(question.data, answer.response) : null;
  }

  private marked(): Marked[] {
    return this.questions.map((question) => {
      const response = this.accepted(question);
      const answered = response !== null;
      const first = this.answer(question)?.share;
      const share = unscored.includes(question.data.kind) ? null
        : !answered ? 0 : first !== undefined ? first : scored(question, response);
      return { question: question.data, answered, share };
    });
  }

  private drawResult(): void {
    if (!this.result) return;
    const quiz = this.quiz;
    const attempts = this.past.filter((a) => a.finishedAt !== undefined);
    const left = attemptsLeft(quiz, attempts);
    const pass = quiz.pass ?? this.desk.page.course?.complete.pass;
    const marked = this.marked();
    drawResult(this.result, {
      sum: total(marked),
      pass,
      passed: attempts[attempts.length - 1]?.passed,
      names: quiz.names ?? {},
      reread: marked.flatMap((m, i) => {
        const question = this.questions[i];
        return question && m.share !== null && (!m.answered || m.share < 1) ? [{ label: question.label, links: question.reread() }] : [];
      }),
      attempts,
      counts: quiz.attempts?.counts ?? "best",
      left,
      again: () => this.retake(),
    });
  }

  private answered(question: Question, response: unknown, share: number | null): Happening {
    const about = this.about(question, response);
    if (share === null) return { what: "responded", ...about };
    const { marks, kind } = question.data;
    return { what: unscored.includes(kind) ? "responded" : "answered", ...about, raw: share * marks, max: marks, success: share >= 1 };
  }

  private about(question: Question, response: unknown): Omit<Happening, "what"> {
    const { data, kind, ask } = question;
    return {
      of: this.of,
      question: { id: data.id, ask, interaction: kind.interaction(data, response) },
      tests: data.tests ?? [],
      // Practice belongs to the lesson, and the lesson to the one pass through the course.
      ...(this.quiz.practice ? {} : { attempt: this.attempt.number }),
    };
  }
}

/** Kinds outside the score: nothing is marked, or the learner assesses their own text. */
const unscored = ["rate", "do", "write"];

/** Share of the marks that counts; null where none does. */
function scored(question: Question, response: unknown): number | null {
  return unscored.includes(question.data.kind) ? null : question.kind.mark(question.data, response);
}

/** What is wholly right stays; what nothing marks may be changed at will. */
function mayRetry(share: number | null): boolean {
  return share === null || share < 1;
}

export function sheets(desk: Desk, parse: (form: HTMLFormElement) => QuizData): void {
  for (const form of findAll<HTMLFormElement>("form.quiz")) new Sheet(form, parse(form), desk);
}
