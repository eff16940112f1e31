/**
 * A quiz on the page, or a block of practice questions in a lesson: every answer is kept as it is given, marked when
 * the quiz says so, and recorded. What was answered is there again after a reload, in any tab, by the ids of questions
 * and choices. What only some quizzes have (a time, a draw, a purpose) is told by the script beside this one, rules.ts.
 */
import { kinds } from "sopan:kinds";
import type { QuizData } from "./contract";
import type { Desk } from "./desk";
import { el, find, findAll } from "./dom";
import { oneByOne } from "./lock";
import { attemptsLeft, counting, isMarked, passes, showsAnswers, total, type Marked } from "./marking";
import type { Answer, Attempt } from "./notebook";
import { Question } from "./question";
import type { Result } from "./result";
import type { OpenRules, Rules, State } from "./rules";
import type { Happening, Thing } from "./happening";
import { say } from "./say";

export class Sheet {
  private readonly questions: Question[] = [];
  private attempt: Attempt;
  private readonly timers = new Map<Question, number>();
  private readonly result: HTMLElement | null;
  private readonly line = el("p", { class: "quiz-attempt" });
  private readonly of: Thing;
  private readonly rules: Rules | undefined;
  private drawn: State | undefined;
  private handing = false;

  constructor(private readonly form: HTMLFormElement, private readonly quiz: QuizData, private readonly desk: Desk) {
    this.result = find(".quiz-result", form);
    this.of = { id: quiz.id, type: quiz.practice ? "lesson" : "quiz", name: quiz.title || (desk.page.item?.title ?? "") };
    for (const data of quiz.questions) {
      const field = find<HTMLFieldSetElement>(`fieldset[data-q="${CSS.escape(data.id)}"]`, form);
      const kind = kinds.find((k) => k.name === data.kind);
      if (!field || !kind) continue;
      const question: Question = new Question(field, kind.parse(data), kind, {
        change: (typing) => this.changed(question, typing),
        check: () => this.check(question),
        hint: (shown) => this.keepAnswer(question, { hints: shown }),
        item: (key) => desk.book.item(key),
      });
      this.questions.push(question);
    }
    if (quiz.attempts) form.prepend(this.line);
    this.rules = quiz.practice ? undefined : window.sopanRules?.({
      form, quiz, desk, begin: (as) => this.begin(as), handIn: () => void this.handIn(true),
    });
    const { past } = this;
    this.attempt = this.drawnFor(past[past.length - 1] ?? fresh(1));
    // Nothing is ever submitted: the buttons say what they do.
    form.addEventListener("submit", (event) => event.preventDefault());
    find(".quiz-submit", form)?.addEventListener("click", () => void this.handIn(false));
    window.addEventListener("pagehide", () => this.flush());
    desk.onRefresh.push(() => {
      for (const question of this.questions) question.look();
      // Another tab may have begun the attempt, or handed it in.
      this.attempt = this.past.find((a) => a.number === this.attempt.number) ?? this.attempt;
      if (this.state !== this.drawn) this.draw();
      else this.rules?.show(this.state, this.attempt);
    });
    this.draw();
    // At rest, and before it is needed: a network may go away.
    if (!this.result) return;
    const rest = (): void => void this.resultScript().then(() => {
      if (desk.page.preview && isMarked(quiz)) window.sopanResult?.reviewBar(form, this.questions);
    });
    if (document.readyState === "complete") rest();
    else window.addEventListener("load", rest);
  }

  private get checksEach(): boolean {
    const { practice, show, purpose } = this.quiz;
    return practice === true || (show === "question" && !purpose && isMarked(this.quiz));
  }

  private get begun(): boolean {
    return this.past.some((a) => a.number === this.attempt.number);
  }

  private get finished(): boolean {
    // Another tab may have handed it in.
    const { number } = this.attempt;
    return this.past.some((a) => a.number === number && a.finishedAt !== undefined);
  }

  private get state(): State {
    return this.finished ? "done" : this.rules?.waits && !this.begun ? "before" : "open";
  }

  private get past(): Attempt[] {
    return this.desk.book.attempts(this.quiz.key);
  }

  /** Each learner has an order of their own, and each attempt. */
  private get seed(): string {
    return `${this.desk.book.learner} ${this.attempt.number}`;
  }

  /** The questions of this attempt, in order. */
  private get asked(): Question[] {
    const { drawn } = this.attempt;
    return drawn ? this.questions.filter((q) => drawn.includes(q.id)) : this.questions;
  }

  /** Which attempt counts, in words. */
  private get counts(): string {
    const which = this.quiz.attempts?.counts ?? "best";
    return say(`quiz.counts.${which}`);
  }

  private get pass(): number | undefined {
    return this.quiz.purpose || !isMarked(this.quiz) ? undefined : this.quiz.pass ?? this.desk.page.course?.complete.pass;
  }

  /** The attempt with the questions that it is given. One that is handed in keeps those it had. */
  private drawnFor(attempt: Attempt): Attempt {
    if (!this.rules || attempt.finishedAt !== undefined) return attempt;
    const others = this.past.filter((a) => a.number !== attempt.number);
    const seen = new Set(others.flatMap((a) => a.drawn ?? []));
    const drawn = this.rules.draw(this.questions.map((q) => q.id), attempt.drawn, seen, `${this.desk.book.learner} ${this.quiz.key} ${attempt.number}`);
    if (!drawn || drawn.join() === attempt.drawn?.join()) return attempt;
    const now = { ...attempt, drawn };
    if (others.length < this.past.length) void this.desk.keep([this.desk.book.setAttempts(this.quiz.key, [...others, now])]);
    return now;
  }

  /** The stored answer to a question in this attempt. */
  private answer(question: Question): Answer | null {
    const answer = this.desk.book.answer(this.quiz.key, question.id);
    return answer?.attempt === this.attempt.number ? answer : null;
  }

  /** Lays the whole attempt onto the page, as it is stored. */
  private draw(): void {
    const { asked, quiz, state } = this;
    this.drawn = state;
    for (const question of this.questions) {
      question.field.hidden = state === "before" || !asked.includes(question);
      question.number(asked.indexOf(question) + 1);
      question.arrange(this.seed);
      question.offer(this.checksEach && !this.finished, !this.finished);
      const answer = this.answer(question);
      // A response to a question that was edited since may not fit: then the question is open again.
      const fits = answer !== null && answer.response !== null && question.write(answer.response);
      if (answer?.hints) question.showHints(answer.hints);
      if (this.finished) this.reveal(question, fits ? answer.response : null);
      else if (fits && answer.checked) this.show(question, answer.response);
    }
    const most = quiz.attempts?.most;
    this.line.hidden = this.finished;
    this.line.textContent = [
      most ? say("quiz.attempt", { n: this.past.filter((a) => a.finishedAt !== undefined).length + 1, most }) : "",
      most === 1 ? "" : this.counts,
    ].join(" ").trim();
    const end = find(".quiz-end", this.form);
    if (end) end.hidden = quiz.practice === true || state !== "open";
    if (this.result) {
      this.result.hidden = !this.finished;
      if (this.finished) this.drawResult();
    }
    this.rules?.show(state, this.attempt);
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
    this.keep([this.desk.book.setAnswer(this.quiz.key, question.id, answer)], happened);
  }

  /** Keeps rows of this attempt; with the first of them it begins. */
  private keep(rows: [string, unknown][], happened: Happening[]): void {
    const { book, page } = this.desk;
    const begins = !this.begun;
    if (begins) rows.push(book.setAttempts(this.quiz.key, [...this.past, this.attempt]));
    if (begins && !this.quiz.practice && page.item) {
      const started: Happening = { what: "initialized", ...this.whole() };
      void this.desk.keepItem(page.item.key, "quiz", { state: "started" }, rows, [started, ...happened]);
    } else {
      void this.desk.keep(rows, happened);
    }
  }

  /** The learner has pressed Start. */
  private begin(as?: string): void {
    if (this.begun) return;
    this.attempt = { ...this.attempt, startedAt: Date.now(), ...(as ? { as } : {}) };
    this.keep([], []);
    this.draw();
    this.toFirst();
  }

  /** Check, or try again. */
  private check(question: Question): void {
    const answer = this.answer(question);
    if (this.finished || !this.checksEach) return;
    if (answer?.checked) {
      if (this.mayRetry(question, answer.response)) {
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
    const counts = question.counts(share, tries, answer?.share);
    this.keepAnswer(question, { response, tries, share: counts, checked: true }, [this.answered(question, response, share)]);
    this.show(question, response);
  }

  /** Feedback to one question, while the attempt goes on. The key is shown from the second wrong try on. */
  private show(question: Question, response: unknown): void {
    const share = this.scored(question, response);
    const again = this.mayRetry(question, response);
    const tries = this.answer(question)?.tries ?? 1;
    question.review(response, share, { key: tries > 1 || !again, again, counted: share !== null && again && !this.quiz.practice });
  }

  private get showsAnswers(): boolean {
    return showsAnswers(this.quiz, attemptsLeft(this.quiz, this.past), this.attempt.passed);
  }

  /** What is shown of a question once the attempt is handed in. */
  private reveal(question: Question, response: unknown): void {
    if (this.showsAnswers) {
      const share = response === null ? null : this.scored(question, response);
      question.review(response, share, { key: true, again: false });
    } else {
      question.clear();
      question.lock(true);
    }
  }

  /** Hands the attempt in, once: whichever tab comes first. `late`: the time has run out. */
  private async handIn(late: boolean): Promise<void> {
    if (this.handing || this.finished || this.quiz.practice || this.state === "before") return;
    this.handing = true;
    // What is answered elsewhere, by a case study, and was not taken over yet.
    for (const q of this.asked) if (q.kind.look && q.read() !== null && !this.answer(q)?.tries) this.changed(q, true);
    this.flush();
    const { book } = this.desk;
    const { locks } = navigator as { locks?: LockManager };
    await oneByOne(locks, `sopan hand in ${book.learner} ${this.quiz.id}`, 3000, async () => {
      await book.reload();
      this.attempt = this.past.find((a) => a.number === this.attempt.number) ?? this.attempt;
      if (!this.finished) await this.finish(late);
    }).finally(() => {
      this.handing = false;
    });
    await this.resultScript();
    this.draw();
    // The result is what comes next: by eye, by keyboard and by ear.
    this.result?.focus();
    this.result?.scrollIntoView({ block: "start" });
  }

  private finish(late: boolean): Promise<void> {
    const now = Date.now();
    const sum = total(this.marked());
    const { desk, quiz } = this;
    const { book, page } = desk;
    const passed = passes(sum.scaled, this.pass);
    const done: Attempt = { ...this.attempt, finishedAt: now, raw: sum.raw, max: sum.max };
    if (sum.scaled !== null) done.scaled = sum.scaled;
    if (passed !== undefined) done.passed = passed;
    if (sum.competencies.length) done.competencies = sum.competencies;
    if (quiz.purpose === "diagnostic") done.diagnostic = true;
    if (late) done.late = true;

    const happened: Happening[] = [];
    for (const question of this.asked) {
      const answer = this.answer(question);
      const response = this.accepted(question);
      if (response === null) happened.push({ what: "skipped", ...this.about(question, null) });
      else if (!answer?.tries) happened.push(this.answered(question, response, isMarked(quiz) ? question.kind.mark(question.data, response) : null));
    }
    const whole: Omit<Happening, "what"> = { ...this.whole(), milliseconds: now - done.startedAt };
    if (sum.scaled !== null) Object.assign(whole, { raw: sum.raw, max: sum.max });
    happened.push({ what: "completed", ...whole });
    if (passed !== undefined) happened.push({ what: passed ? "passed" : "failed", ...whole });

    this.attempt = done;
    const attempts = [...this.past.filter((a) => a.number !== done.number), done];
    const rows = [book.setAttempts(quiz.key, attempts)];
    const counted = counting(attempts, quiz.attempts?.counts ?? "best") ?? done;
    const change = {
      state: "done" as const,
      // A diagnostic says where somebody stood, and adds nothing to what the course says of them.
      ...(counted.scaled === undefined || quiz.purpose ? {} : { scaled: counted.scaled }),
      ...(counted.passed === undefined ? {} : { passed: counted.passed }),
    };
    return page.item ? desk.keepItem(page.item.key, "quiz", change, rows, happened) : desk.keep(rows, happened);
  }

  /** A new attempt: empty questions, a new order. */
  private retake(): void {
    if (!this.finished || attemptsLeft(this.quiz, this.past) <= 0) return;
    const { past } = this;
    // Another tab may have begun it.
    const last = past[past.length - 1] ?? this.attempt;
    this.attempt = this.drawnFor(last.finishedAt === undefined ? last : fresh(last.number + 1));
    for (const question of this.questions) question.empty();
    this.draw();
    if (this.state === "open") this.toFirst();
  }

  private toFirst(): void {
    const first = this.asked[0]?.field;
    first?.setAttribute("tabindex", "-1");
    first?.focus();
    first?.scrollIntoView({ block: "start" });
  }

  private accepted(question: Question): unknown {
    const answer = this.answer(question);
    return answer && answer.response !== null ? question.kind.accept(question.data, answer.response) : null;
  }

  private marked(): Marked[] {
    return this.asked.map((question) => {
      const response = this.accepted(question);
      const answered = response !== null;
      const first = this.answer(question)?.share;
      const share = question.data.marks <= 0 || !isMarked(this.quiz) ? null
        : !answered ? 0 : first !== undefined ? first : this.scored(question, response);
      return { question: question.data, answered, share };
    });
  }

  private drawResult(): void {
    if (!this.result) return;
    if (!window.sopanResult) {
      this.result.textContent = say("quiz.handed");
      void this.resultScript().then((there) => there && this.draw());
      return;
    }
    const { quiz, asked, attempt, desk } = this;
    const marked = this.marked();
    const items = (desk.page.course?.items ?? []).map((item) => item.key);
    window.sopanResult.draw(this.result, {
      quiz, asked, attempt, marked,
      verdicts: asked.map((q, i) => q.verdict(this.accepted(q), marked[i]?.share ?? null)),
      pass: this.pass,
      open: this.showsAnswers,
      // In a diagnostic that is taken again, its own first attempt is the one from before.
      before: [...new Set([...items, quiz.key])].flatMap((key) => desk.book.attempts(key).filter((a) => key !== quiz.key || a.number < attempt.number)),
      attempts: this.past.filter((a) => a.finishedAt !== undefined),
      counts: this.counts,
      left: attemptsLeft(quiz, this.past),
      again: () => this.retake(),
    });
  }

  /** False where it does not come: the network is gone since the page was opened. What was handed in is kept all the same. */
  private resultScript(): Promise<boolean> {
    const { result, root } = this.desk.page;
    return window.sopanResult || !result ? Promise.resolve(!!window.sopanResult) : window.sopanBoot.load(root + result);
  }

  private answered(question: Question, response: unknown, share: number | null): Happening {
    const about = this.about(question, response);
    if (share === null) return { what: "responded", ...about };
    const { marks } = question.data;
    return { what: marks > 0 ? "answered" : "responded", ...about, raw: share * marks, max: marks, success: question.verdict(response, share) === "right" };
  }

  private about(question: Question, response: unknown): Omit<Happening, "what"> {
    const { data, kind, ask } = question;
    const interaction = kind.interaction(data, response);
    if (this.quiz.sealed) delete interaction.correctResponsesPattern;
    return { ...this.whole(), question: { id: data.id, ask, interaction }, tests: data.tests ?? [] };
  }

  private whole(): Omit<Happening, "what"> {
    const { attempt, of, quiz } = this;
    return {
      of,
      // Practice belongs to the lesson, and the lesson to the one pass through the course.
      ...(quiz.practice ? {} : { attempt: attempt.number }),
      ...(attempt.as ? { as: attempt.as } : {}),
    };
  }

  /** What is wholly right stays; what nothing marks may be changed at will. */
  private mayRetry(question: Question, response: unknown): boolean {
    return question.verdict(response, this.scored(question, response)) !== "right";
  }

  /** Share of the marks that counts; null where nothing is marked, or the learner marks their own text. */
  private scored(question: Question, response: unknown): number | null {
    return question.data.marks <= 0 || !isMarked(this.quiz) ? null : question.kind.mark(question.data, response);
  }
}

function fresh(number: number): Attempt {
  return { number, startedAt: Date.now() };
}

export function sheets(desk: Desk, parse: (form: HTMLFormElement) => QuizData): void {
  for (const form of findAll<HTMLFormElement>("form.quiz")) new Sheet(form, parse(form), desk);
}

declare global {
  interface Window {
    sopanRules?: OpenRules;
    sopanResult?: Result;
  }
}
