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
import { attemptId, duration, question as questionActivity, score, type Activity, type Happening } from "./statements";

export class Sheet {
  private readonly questions: Question[] = [];
  private attempt: Attempt;
  private readonly timers = new Map<Question, number>();
  private readonly result: HTMLElement | null;
  private readonly object: Activity;

  constructor(private readonly form: HTMLFormElement, private readonly quiz: QuizData, private readonly desk: Desk) {
    this.result = find(".quiz-result", form);
    this.object = desk.activity(quiz.practice ? "lesson" : "quiz", quiz.id, quiz.title);
    const open = this.current();
    this.attempt = open ?? this.begin(1);
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
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const at = document.activeElement?.closest("fieldset");
      const here = this.questions.find((q) => q.field === at);
      if (here && this.checksEach) this.check(here);
      else if (!here || event.submitter?.classList.contains("quiz-submit")) this.finish();
    });
    find(".quiz-submit", form)?.addEventListener("click", (event) => {
      event.preventDefault();
      this.finish();
    });
    window.addEventListener("pagehide", () => this.flush());
    this.draw();
  }

  private get checksEach(): boolean {
    return this.quiz.practice === true || this.quiz.show === "question";
  }

  private get finished(): boolean {
    return this.attempt.finishedAt !== undefined;
  }

  private get past(): Attempt[] {
    return this.desk.book.attempts(this.quiz.key);
  }

  private current(): Attempt | null {
    return this.past[this.past.length - 1] ?? null;
  }

  private begin(number: number): Attempt {
    return { number, id: attemptId(this.desk.learner.id, this.quiz.id, number), startedAt: Date.now() };
  }

  /** The stored answer to a question in this attempt. */
  private answer(question: Question): Answer | null {
    const answer = this.desk.book.answer(this.quiz.key, question.id);
    return answer?.attempt === this.attempt.id ? answer : null;
  }

  /** Lays the whole attempt onto the page, as it is stored. */
  private draw(): void {
    for (const question of this.questions) {
      question.arrange(this.attempt.id);
      question.offerCheck(this.checksEach && !this.finished);
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
      response: null, tries: 0, ...before, ...change, attempt: this.attempt.id, at: new Date().toISOString(),
    };
    const { book, page } = this.desk;
    const rows = [book.setAnswer(this.quiz.key, question.id, answer)];
    const begins = !this.past.some((a) => a.id === this.attempt.id);
    if (begins) rows.push(book.setAttempts(this.quiz.key, [...this.past, this.attempt]));
    if (begins && !this.quiz.practice && page.item) {
      const started: Happening = { verb: "initialized", object: this.object, attempt: this.attempt.id };
      void this.desk.keepItem(page.item.key, "quiz", { state: "started" }, rows, [started, ...happened]);
    } else {
      void this.desk.keep(rows, happened);
    }
  }

  /** Check, or try again. */
  private check(question: Question): void {
    const answer = this.answer(question);
    if (this.finished) return;
    if (answer?.checked) {
      if (this.mayRetry(question, answer)) {
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

  private mayRetry(question: Question, answer: Answer): boolean {
    const share = question.kind.mark(question.data, answer.response);
    return share !== null && share < 1;
  }

  /** Feedback to one question, while the attempt goes on. The key is shown from the second wrong try on. */
  private show(question: Question, response: unknown): void {
    const answer = this.answer(question);
    const share = question.kind.mark(question.data, response);
    const again = share !== null && share < 1;
    question.review(response, share, { key: (answer?.tries ?? 1) > 1 || !again, again, fresh: true });
  }

  /** What is shown of a question once the attempt is handed in. */
  private reveal(question: Question, response: unknown): void {
    if (showsAnswers(this.quiz, attemptsLeft(this.quiz, this.past))) {
      const share = response === null ? null : question.kind.mark(question.data, response);
      question.review(response, share, { key: true, again: false, fresh: false });
    } else {
      question.clear();
      question.lock(true);
    }
    question.offerCheck(false);
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
      if (response === null) happened.push({ verb: "skipped", ...this.about(question, null) });
      else if (!answer?.tries) happened.push(this.answered(question, response, question.kind.mark(question.data, response)));
    });
    const result: NonNullable<Happening["result"]> = { completion: true, extensions: desk.selfReported };
    const time = duration(now - this.attempt.startedAt);
    if (time) result.duration = time;
    if (sum.scaled !== null) result.score = score(sum.raw, sum.max);
    const whole = { object: this.object, attempt: this.attempt.id };
    happened.push({ verb: "completed", ...whole, result });
    if (passed !== undefined) happened.push({ verb: passed ? "passed" : "failed", ...whole, result: { ...result, success: passed } });

    this.attempt = done;
    const attempts = [...this.past.filter((a) => a.id !== done.id), done];
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
    this.attempt = this.begin(this.attempt.number + 1);
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
      if (unscored.includes(question.data.kind)) return { question: question.data, answered, share: null };
      const first = this.answer(question)?.share;
      const share = !answered ? 0 : first !== undefined ? first : question.kind.mark(question.data, response);
      return { question: question.data, answered, share };
    });
  }

  private drawResult(): void {
    if (!this.result) return;
    const quiz = this.quiz;
    const left = attemptsLeft(quiz, this.past);
    const pass = quiz.pass ?? this.desk.page.course?.complete.pass;
    const marked = this.marked();
    drawResult(this.result, {
      sum: total(marked),
      pass,
      passed: this.attempt.passed,
      names: quiz.names ?? {},
      reread: marked.flatMap((m, i) => {
        const question = this.questions[i];
        return question && m.share !== null && (!m.answered || m.share < 1) ? [{ label: question.label, links: question.reread() }] : [];
      }),
      attempts: this.past.filter((a) => a.finishedAt !== undefined),
      counts: quiz.attempts?.counts ?? "best",
      left,
      again: () => this.retake(),
    });
  }

  private answered(question: Question, response: unknown, share: number | null): Happening {
    const { object, attempt, parent, tests } = this.about(question, response);
    const result: NonNullable<Happening["result"]> = {};
    const { response: said } = question.kind.interaction(question.data, response);
    if (said !== undefined) result.response = said;
    if (share !== null) {
      result.success = share >= 1;
      result.score = score(share * question.data.marks, question.data.marks);
      result.extensions = this.desk.selfReported;
    }
    return { verb: share === null ? "responded" : "answered", object, attempt, parent, tests, result };
  }

  private about(question: Question, response: unknown): Required<Pick<Happening, "object" | "attempt" | "parent" | "tests">> {
    const interaction = question.kind.interaction(question.data, response);
    return {
      object: questionActivity(`${this.quiz.id}/${question.id}`, question.ask, this.desk.page.lang, interaction),
      attempt: this.quiz.practice ? this.desk.registration : this.attempt.id,
      parent: this.object,
      tests: question.data.tests ?? [],
    };
  }
}

/** Kinds outside the score: nothing is marked, or the learner assesses their own text. */
const unscored = ["rate", "do", "write"];

export function sheets(desk: Desk, parse: (form: HTMLFormElement) => QuizData): void {
  for (const form of findAll<HTMLFormElement>("form.quiz")) new Sheet(form, parse(form), desk);
}
