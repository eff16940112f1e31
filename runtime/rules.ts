/**
 * The script of quizzes that have rules beyond questions and attempts: a time, a draw, a purpose. It stands before the
 * attempt (what is asked, and a button to begin), beside it (the clock), and says what became of it. The sheet (sheet.ts)
 * keeps, marks and hands in; it finds this script at `window.sopanRules`.
 */
import { after, back, begin, clockOf, extension, more, passed, pause, type Clock } from "./clock";
import type { QuizData } from "./contract";
import type { Desk } from "./desk";
import { button, el, fill } from "./dom";
import { draw } from "./draw";
import type { Attempt } from "./notebook";
import { count, say } from "./say";

/** Before the attempt is begun, while it is open, and once it is handed in. */
export type State = "before" | "open" | "done";

export interface Rules {
  /** An attempt begins when the learner says so, and not with the first answer. */
  waits: boolean;
  /** The ids of the questions of an attempt; null: all. */
  draw(ids: string[], kept: string[] | undefined, seen: ReadonlySet<string>, seed: string): string[] | null;
  show(state: State, attempt: Attempt): void;
}

export interface Host {
  form: HTMLFormElement;
  quiz: QuizData;
  desk: Desk;
  begin: (as?: string) => void;
  handIn: () => void;
}

export type OpenRules = (host: Host) => Rules;

class Ruled implements Rules {
  readonly waits: boolean;
  private readonly whole_: number;
  private readonly strict_: boolean;
  private readonly start_ = el("section", { class: "quiz-start", "aria-labelledby": "quiz-start" });
  private readonly bar_ = el("div", { class: "quiz-clock" });
  private readonly left_ = el("p", { class: "quiz-left", role: "timer" });
  private readonly said_ = el("p", { class: "visually-hidden", role: "status" });
  private readonly stop_: HTMLButtonElement;
  private clock_: Clock | null = null;
  private steady_ = performance.now();
  /** When the clock was last kept; the first reading is kept at once, for a page may end without a word. */
  private kept_ = -Infinity;
  private away_ = false;
  private gone_ = 0;
  private timer_ = 0;

  constructor(private readonly host_: Host) {
    const { form, quiz } = host_;
    this.whole_ = (quiz.time?.seconds ?? 0) * 1000;
    this.strict_ = quiz.time?.strict === true;
    this.waits = this.whole_ > 0 || quiz.purpose === "360";
    this.stop_ = button("", "link-button", () => this.press_((clock) => pause(clock, !clock.paused)));
    const add = button(count("rule.more", extension(this.whole_)), "link-button", () => {
      this.press_((clock) => more(clock, this.whole_));
      this.tell_(count("rule.added", extension(this.whole_)));
    });
    this.bar_.append(this.left_, ...(this.strict_ ? [] : [this.stop_, add]), this.said_);
    form.prepend(this.start_, this.bar_);
    if (!this.whole_) return;
    document.addEventListener("visibilitychange", () => {
      if (document.hidden) this.keep_();
      this.away_ = true;
      if (!document.hidden) this.tick_();
    });
    window.addEventListener("pageshow", (event) => {
      this.away_ ||= event.persisted;
    });
    window.addEventListener("pagehide", () => this.keep_());
  }

  draw(ids: string[], kept: string[] | undefined, seen: ReadonlySet<string>, seed: string): string[] | null {
    const rule = this.host_.quiz.draw;
    if (!rule) return null;
    this.gone_ = (kept ?? []).filter((id) => !ids.includes(id)).length;
    return draw(rule, ids, kept ?? [], seen, seed);
  }

  show(state: State, attempt: Attempt): void {
    window.clearTimeout(this.timer_);
    this.start_.hidden = state === "done";
    this.bar_.hidden = state !== "open" || !this.whole_;
    if (state !== "done") this.drawStart_(state, attempt);
    if (this.bar_.hidden) {
      this.clock_ = null;
      return;
    }
    // As it was last kept, in this tab or in another.
    const stored = clockOf(this.host_.desk.book.clock(this.host_.quiz.key));
    const now = Date.now();
    const own = this.clock_?.attempt === attempt.number ? this.clock_ : null;
    if (stored?.attempt === attempt.number) {
      if (!own || stored.at > own.at) {
        this.clock_ = back(stored, now);
        this.steady_ = performance.now();
      }
    } else if (!own) {
      this.clock_ = begin(attempt.number, this.whole_, now);
      this.steady_ = performance.now();
      this.keep_();
    }
    this.tick_();
  }

  private drawStart_(state: State, attempt: Attempt): void {
    const { quiz } = this.host_;
    const lines: string[] = [];
    if (quiz.purpose) lines.push(say(`rule.${quiz.purpose}`));
    if (this.whole_ && state === "before") {
      lines.push(count("rule.time", Math.ceil(this.whole_ / 60000)), say(this.strict_ ? "rule.strict" : "rule.free"));
    }
    if (attempt.drawn && state === "before") lines.push(count("rule.drawn", attempt.drawn.length));
    if (this.gone_) lines.push(count("rule.gone", this.gone_));
    if (state === "open" && attempt.as) lines.push(say("rule.as", { who: say(`rule.as.${attempt.as}`) }));
    const parts: Node[] = lines.map((line) => el("p", {}, line));
    if (state === "before") {
      parts.unshift(el("h2", { id: "quiz-start" }, say("rule.before")));
      const asked = quiz.purpose === "360" ? quiz.asked ?? [] : [];
      const said = el("p", { role: "alert" });
      if (asked.length) {
        parts.push(el("fieldset", { class: "quiz-as" }, el("legend", {}, say("rule.who")), el("ul", { class: "q-choices" },
          ...asked.map((who) => el("li", {}, el("label", { class: "q-choice" },
            el("input", { type: "radio", name: "quiz-as", value: who }), " ", el("span", { class: "q-text" }, say(`rule.as.${who}`))))))), said);
      }
      parts.push(el("p", {}, button(say("rule.start"), "button quiz-begin", () => {
        const as = this.start_.querySelector<HTMLInputElement>("input:checked")?.value;
        if (asked.length && !as) said.textContent = say("rule.who");
        else this.host_.begin(as);
      })));
    }
    this.start_.hidden = !parts.length;
    fill(this.start_, ...parts);
    if (state === "before") this.start_.setAttribute("aria-labelledby", "quiz-start");
    else this.start_.removeAttribute("aria-labelledby");
  }

  private tick_(): void {
    window.clearTimeout(this.timer_);
    const { clock_: clock } = this;
    if (!clock) return;
    const steady = performance.now();
    const gone = steady - this.steady_;
    const now = Date.now();
    // A device that slept may have stopped the steady clock, too.
    const next = this.away_ ? back(clock, now, gone) : after(clock, gone, now);
    this.away_ = false;
    this.steady_ = steady;
    this.clock_ = next;
    const mark = passed(clock.left, next.left, this.whole_);
    if (mark !== null && next.left > 0) this.tell_(this.words_(next.left));
    this.drawClock_(next);
    if (next.left <= 0) {
      this.keep_();
      this.host_.handIn();
      return;
    }
    if (steady - this.kept_ > 10000) this.keep_();
    if (!next.paused) this.timer_ = window.setTimeout(() => this.tick_(), next.left > 120000 ? 1000 : 250);
  }

  private drawClock_(clock: Clock): void {
    const words = clock.paused ? `${say("rule.stopped")} ${this.words_(clock.left)}` : this.words_(clock.left);
    if (this.left_.textContent !== words) this.left_.textContent = words;
    this.stop_.textContent = say(clock.paused ? "rule.resume" : "rule.pause");
    this.bar_.classList.toggle("is-short", clock.left <= 60000);
  }

  private words_(left: number): string {
    const seconds = Math.ceil(left / 1000);
    return seconds > 120 ? count("rule.left", Math.ceil(seconds / 60)) : count("rule.seconds", seconds);
  }

  private press_(change: (clock: Clock) => Clock): void {
    this.tick_();
    if (!this.clock_ || this.clock_.left <= 0) return;
    this.clock_ = change(this.clock_);
    const { desk, quiz } = this.host_;
    // Other tabs have the same clock.
    void desk.keep([desk.book.setClock(quiz.key, this.clock_)]);
    this.tick_();
  }

  private tell_(words: string): void {
    this.said_.textContent = words;
  }

  private keep_(): void {
    const { desk, quiz } = this.host_;
    this.kept_ = performance.now();
    if (this.clock_) void desk.book.keep([desk.book.setClock(quiz.key, this.clock_)], []);
  }
}

window.sopanRules = (host) => new Ruled(host);
