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
  private readonly questions_: Question[] = [];
  private attempt_: Attempt;
  private readonly timers_ = new Map<Question, number>();
  private readonly result_: HTMLElement | null;
  private readonly line_ = el("p", { class: "quiz-attempt" });
  private readonly of_: Thing;
  private readonly rules_: Rules | undefined;
  private drawn_: State | undefined;
  private handing_ = false;

  constructor(private readonly form_: HTMLFormElement, private readonly quiz_: QuizData, private readonly desk_: Desk) {
    this.result_ = find(".quiz-result", form_);
    this.of_ = { id: quiz_.id, type: quiz_.practice ? "lesson" : "quiz", name: quiz_.title || (desk_.page.item?.title ?? "") };
    for (const data of quiz_.questions) {
      const field = find<HTMLFieldSetElement>(`fieldset[data-q="${CSS.escape(data.id)}"]`, form_);
      const kind = kinds.find((k) => k.name === data.kind);
      if (!field || !kind) continue;
      const question: Question = new Question(field, kind.parse(data), kind, {
        change: (typing) => this.changed_(question, typing),
        check: () => this.check_(question),
        hint: (shown) => this.keepAnswer_(question, { hints: shown }),
        item: (key) => desk_.book.item(key),
      });
      this.questions_.push(question);
    }
    if (quiz_.attempts) form_.prepend(this.line_);
    this.rules_ = quiz_.practice ? undefined : window.sopanRules?.({
      form: form_, quiz: quiz_, desk: desk_, begin: (as) => this.begin_(as), handIn: () => void this.handIn_(true),
    });
    const { past_: past } = this;
    this.attempt_ = this.drawnFor_(past[past.length - 1] ?? fresh(1));
    // Nothing is ever submitted: the buttons say what they do.
    form_.addEventListener("submit", (event) => event.preventDefault());
    find(".quiz-submit", form_)?.addEventListener("click", () => void this.handIn_(false));
    window.addEventListener("pagehide", () => this.flush_());
    desk_.onRefresh.push(() => {
      for (const question of this.questions_) question.look();
      // Another tab may have begun the attempt, or handed it in.
      this.attempt_ = this.past_.find((a) => a.number === this.attempt_.number) ?? this.attempt_;
      if (this.state_ !== this.drawn_) this.draw_();
      else this.rules_?.show(this.state_, this.attempt_);
    });
    this.draw_();
    // On a slow network somebody has answered before; that is newer than what was kept.
    if (this.drawn_ === "open") {
      for (const q of this.asked_) if (q.early !== null && !this.answer_(q)?.checked && q.write(q.early)) this.changed_(q, false);
    }
    // At rest, and before it is needed: a network may go away.
    if (!this.result_) return;
    const rest = (): void => void this.resultScript_().then(() => {
      if (desk_.page.preview && isMarked(quiz_)) window.sopanResult?.reviewBar(form_, this.questions_);
    });
    if (document.readyState === "complete") rest();
    else window.addEventListener("load", rest);
  }

  private get checksEach_(): boolean {
    const { practice, show, purpose } = this.quiz_;
    return practice === true || (show === "question" && !purpose && isMarked(this.quiz_));
  }

  private get begun_(): boolean {
    return this.past_.some((a) => a.number === this.attempt_.number);
  }

  private get finished_(): boolean {
    // Another tab may have handed it in.
    const { number } = this.attempt_;
    return this.past_.some((a) => a.number === number && a.finishedAt !== undefined);
  }

  private get state_(): State {
    return this.finished_ ? "done" : this.rules_?.waits && !this.begun_ ? "before" : "open";
  }

  private get past_(): Attempt[] {
    return this.desk_.book.attempts(this.quiz_.key);
  }

  /** Each learner has an order of their own, and each attempt. */
  private get seed_(): string {
    return `${this.desk_.book.learner} ${this.attempt_.number}`;
  }

  /** The questions of this attempt, in order. */
  private get asked_(): Question[] {
    const { drawn } = this.attempt_;
    return drawn ? this.questions_.filter((q) => drawn.includes(q.id)) : this.questions_;
  }

  /** Which attempt counts, in words. */
  private get counts_(): string {
    const which = this.quiz_.attempts?.counts ?? "best";
    return say(`quiz.counts.${which}`);
  }

  private get pass_(): number | undefined {
    return this.quiz_.purpose || !isMarked(this.quiz_) ? undefined : this.quiz_.pass ?? this.desk_.page.course?.complete.pass;
  }

  /** The attempt with the questions that it is given. One that is handed in keeps those it had. */
  private drawnFor_(attempt: Attempt): Attempt {
    if (!this.rules_ || attempt.finishedAt !== undefined) return attempt;
    const others = this.past_.filter((a) => a.number !== attempt.number);
    const seen = new Set(others.flatMap((a) => a.drawn ?? []));
    const drawn = this.rules_.draw(this.questions_.map((q) => q.id), attempt.drawn, seen, `${this.desk_.book.learner} ${this.quiz_.key} ${attempt.number}`);
    if (!drawn || drawn.join() === attempt.drawn?.join()) return attempt;
    const now = { ...attempt, drawn };
    if (others.length < this.past_.length) void this.desk_.keep([this.desk_.book.setAttempts(this.quiz_.key, [...others, now])]);
    return now;
  }

  /** The stored answer to a question in this attempt. */
  private answer_(question: Question): Answer | null {
    const answer = this.desk_.book.answer(this.quiz_.key, question.id);
    return answer?.attempt === this.attempt_.number ? answer : null;
  }

  /** Lays the whole attempt onto the page, as it is stored. */
  private draw_(): void {
    const { asked_: asked, quiz_: quiz, state_: state } = this;
    this.drawn_ = state;
    for (const question of this.questions_) {
      question.field.hidden = state === "before" || !asked.includes(question);
      question.number(asked.indexOf(question) + 1);
      question.arrange(this.seed_);
      question.offer(this.checksEach_ && !this.finished_, !this.finished_);
      const answer = this.answer_(question);
      // A response to a question that was edited since may not fit: then the question is open again.
      const fits = answer !== null && answer.response !== null && question.write(answer.response);
      if (answer?.hints) question.showHints(answer.hints);
      if (this.finished_) this.reveal_(question, fits ? answer.response : null);
      else if (fits && answer.checked) this.show_(question, answer.response);
    }
    const most = quiz.attempts?.most;
    this.line_.hidden = this.finished_;
    this.line_.textContent = [
      most ? say("quiz.attempt", { n: this.past_.filter((a) => a.finishedAt !== undefined).length + 1, most }) : "",
      most === 1 ? "" : this.counts_,
    ].join(" ").trim();
    const end = find(".quiz-end", this.form_);
    if (end) end.hidden = quiz.practice === true || state !== "open";
    if (this.result_) {
      this.result_.hidden = !this.finished_;
      if (this.finished_) this.drawResult_();
    }
    this.rules_?.show(state, this.attempt_);
  }

  private changed_(question: Question, typing: boolean): void {
    window.clearTimeout(this.timers_.get(question));
    const keep = (): void => {
      this.timers_.delete(question);
      this.keepAnswer_(question, { response: question.read() });
    };
    // While somebody types, once they pause; a tick is kept at once.
    if (typing) this.timers_.set(question, window.setTimeout(keep, 400));
    else keep();
  }

  private flush_(): void {
    for (const [question, timer] of this.timers_) {
      window.clearTimeout(timer);
      this.keepAnswer_(question, { response: question.read() });
    }
    this.timers_.clear();
  }

  private keepAnswer_(question: Question, change: Partial<Answer>, happened: Happening[] = []): void {
    if (this.finished_) return;
    const before = this.answer_(question);
    const answer: Answer = {
      response: null, tries: 0, ...before, ...change, attempt: this.attempt_.number, at: new Date().toISOString(),
    };
    this.keep_([this.desk_.book.setAnswer(this.quiz_.key, question.id, answer)], happened);
  }

  /** Keeps rows of this attempt; with the first of them it begins. */
  private keep_(rows: [string, unknown][], happened: Happening[]): void {
    const { book, page } = this.desk_;
    const begins = !this.begun_;
    if (begins) rows.push(book.setAttempts(this.quiz_.key, [...this.past_, this.attempt_]));
    if (begins && !this.quiz_.practice && page.item) {
      const started: Happening = { what: "initialized", ...this.whole_() };
      void this.desk_.keepItem(page.item.key, "quiz", { state: "started" }, rows, [started, ...happened]);
    } else {
      void this.desk_.keep(rows, happened);
    }
  }

  /** The learner has pressed Start. */
  private begin_(as?: string): void {
    if (this.begun_) return;
    this.attempt_ = { ...this.attempt_, startedAt: Date.now(), ...(as ? { as } : {}) };
    this.keep_([], []);
    this.draw_();
    this.toFirst_();
  }

  /** Check, or try again. */
  private check_(question: Question): void {
    const answer = this.answer_(question);
    if (this.finished_ || !this.checksEach_) return;
    if (answer?.checked) {
      if (this.mayRetry_(question, answer.response)) {
        question.clear();
        this.keepAnswer_(question, { checked: false });
      }
      return;
    }
    window.clearTimeout(this.timers_.get(question));
    this.timers_.delete(question);
    const response = question.read();
    if (response === null) {
      question.note("quiz.empty");
      return;
    }
    const share = question.kind.mark(question.data, response);
    const tries = (answer?.tries ?? 0) + 1;
    const counts = question.counts(share, tries, answer?.share);
    this.keepAnswer_(question, { response, tries, share: counts, checked: true }, [this.answered_(question, response, share)]);
    this.show_(question, response);
  }

  /** Feedback to one question, while the attempt goes on. The key is shown from the second wrong try on. */
  private show_(question: Question, response: unknown): void {
    const share = this.scored_(question, response);
    const again = this.mayRetry_(question, response);
    const tries = this.answer_(question)?.tries ?? 1;
    question.review(response, share, { key: tries > 1 || !again, again, counted: share !== null && again && !this.quiz_.practice });
  }

  private get showsAnswers_(): boolean {
    return showsAnswers(this.quiz_, attemptsLeft(this.quiz_, this.past_), this.attempt_.passed);
  }

  /** What is shown of a question once the attempt is handed in. */
  private reveal_(question: Question, response: unknown): void {
    if (this.showsAnswers_) {
      const share = response === null ? null : this.scored_(question, response);
      question.review(response, share, { key: true, again: false });
    } else {
      question.clear();
      question.lock(true);
    }
  }

  /** Hands the attempt in, once: whichever tab comes first. `late`: the time has run out. */
  private async handIn_(late: boolean): Promise<void> {
    if (this.handing_ || this.finished_ || this.quiz_.practice || this.state_ === "before") return;
    this.handing_ = true;
    // What is answered elsewhere, by a case study, and was not taken over yet.
    for (const q of this.asked_) if (q.kind.look && q.read() !== null && !this.answer_(q)?.tries) this.changed_(q, true);
    this.flush_();
    const { book } = this.desk_;
    const { locks } = navigator as { locks?: LockManager };
    await oneByOne(locks, `sopan hand in ${book.learner} ${this.quiz_.id}`, 3000, async () => {
      await book.reload();
      this.attempt_ = this.past_.find((a) => a.number === this.attempt_.number) ?? this.attempt_;
      if (!this.finished_) await this.finish_(late);
    }).finally(() => {
      this.handing_ = false;
    });
    await this.resultScript_();
    this.draw_();
    // The result is what comes next: by eye, by keyboard and by ear.
    this.result_?.focus();
    this.result_?.scrollIntoView({ block: "start" });
  }

  private finish_(late: boolean): Promise<void> {
    const now = Date.now();
    const sum = total(this.marked_());
    const { desk_: desk, quiz_: quiz } = this;
    const { book, page } = desk;
    const passed = passes(sum.scaled, this.pass_);
    const done: Attempt = { ...this.attempt_, finishedAt: now, raw: sum.raw, max: sum.max };
    if (sum.scaled !== null) done.scaled = sum.scaled;
    if (passed !== undefined) done.passed = passed;
    if (sum.competencies.length) done.competencies = sum.competencies;
    if (quiz.purpose === "diagnostic") done.diagnostic = true;
    if (late) done.late = true;

    const happened: Happening[] = [];
    for (const question of this.asked_) {
      const answer = this.answer_(question);
      const response = this.accepted_(question);
      if (response === null) happened.push({ what: "skipped", ...this.about_(question, null) });
      else if (!answer?.tries) happened.push(this.answered_(question, response, isMarked(quiz) ? question.kind.mark(question.data, response) : null));
    }
    const whole: Omit<Happening, "what"> = { ...this.whole_(), milliseconds: now - done.startedAt };
    if (sum.scaled !== null) Object.assign(whole, { raw: sum.raw, max: sum.max });
    happened.push({ what: "completed", ...whole });
    if (passed !== undefined) happened.push({ what: passed ? "passed" : "failed", ...whole });

    this.attempt_ = done;
    const attempts = [...this.past_.filter((a) => a.number !== done.number), done];
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
  private retake_(): void {
    if (!this.finished_ || attemptsLeft(this.quiz_, this.past_) <= 0) return;
    const { past_: past } = this;
    // Another tab may have begun it.
    const last = past[past.length - 1] ?? this.attempt_;
    this.attempt_ = this.drawnFor_(last.finishedAt === undefined ? last : fresh(last.number + 1));
    for (const question of this.questions_) question.empty();
    this.draw_();
    if (this.state_ === "open") this.toFirst_();
  }

  private toFirst_(): void {
    const first = this.asked_[0]?.field;
    first?.setAttribute("tabindex", "-1");
    first?.focus();
    first?.scrollIntoView({ block: "start" });
  }

  private accepted_(question: Question): unknown {
    const answer = this.answer_(question);
    return answer && answer.response !== null ? question.kind.accept(question.data, answer.response) : null;
  }

  private marked_(): Marked[] {
    return this.asked_.map((question) => {
      const response = this.accepted_(question);
      const answered = response !== null;
      const first = this.answer_(question)?.share;
      const share = question.data.marks <= 0 || !isMarked(this.quiz_) ? null
        : !answered ? 0 : first !== undefined ? first : this.scored_(question, response);
      return { question: question.data, answered, share };
    });
  }

  private drawResult_(): void {
    if (!this.result_) return;
    if (!window.sopanResult) {
      this.result_.textContent = say("quiz.handed");
      void this.resultScript_().then((there) => there && this.draw_());
      return;
    }
    const { quiz_: quiz, asked_: asked, attempt_: attempt, desk_: desk } = this;
    const marked = this.marked_();
    const items = (desk.page.course?.items ?? []).map((item) => item.key);
    window.sopanResult.draw(this.result_, {
      quiz, asked, attempt, marked,
      verdicts: asked.map((q, i) => q.verdict(this.accepted_(q), marked[i]?.share ?? null)),
      pass: this.pass_,
      open: this.showsAnswers_,
      // In a diagnostic that is taken again, its own first attempt is the one from before.
      before: [...new Set([...items, quiz.key])].flatMap((key) => desk.book.attempts(key).filter((a) => key !== quiz.key || a.number < attempt.number)),
      attempts: this.past_.filter((a) => a.finishedAt !== undefined),
      counts: this.counts_,
      left: attemptsLeft(quiz, this.past_),
      again: () => this.retake_(),
    });
  }

  /** False where it does not come: the network is gone since the page was opened. What was handed in is kept all the same. */
  private resultScript_(): Promise<boolean> {
    const { result, root } = this.desk_.page;
    return window.sopanResult || !result ? Promise.resolve(!!window.sopanResult) : window.sopanBoot.load(root + result);
  }

  private answered_(question: Question, response: unknown, share: number | null): Happening {
    const about = this.about_(question, response);
    const { marks } = question.data;
    // What learners mark themselves, by a rubric, is no mark of ours: neither right nor wrong is told.
    if (share === null || !marks) return { what: "responded", ...about };
    return { what: "answered", ...about, raw: share * marks, max: marks, success: question.verdict(response, share) === "right" };
  }

  private about_(question: Question, response: unknown): Omit<Happening, "what"> {
    const { data, kind, ask } = question;
    const interaction = kind.interaction(data, response);
    if (this.quiz_.sealed) delete interaction.correctResponsesPattern;
    return { ...this.whole_(), question: { id: data.id, ask, interaction }, tests: data.tests ?? [] };
  }

  private whole_(): Omit<Happening, "what"> {
    const { attempt_: attempt, of_: of, quiz_: quiz } = this;
    return {
      of,
      // Practice belongs to the lesson, and the lesson to the one pass through the course.
      ...(quiz.practice ? {} : { attempt: attempt.number }),
      ...(attempt.as ? { as: attempt.as } : {}),
    };
  }

  /** What is wholly right stays; what nothing marks may be changed at will. */
  private mayRetry_(question: Question, response: unknown): boolean {
    return question.verdict(response, this.scored_(question, response)) !== "right";
  }

  /** Share of the marks that counts; null where nothing is marked, or the learner marks their own text. */
  private scored_(question: Question, response: unknown): number | null {
    return question.data.marks <= 0 || !isMarked(this.quiz_) ? null : question.kind.mark(question.data, response);
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
