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
  private readonly whole: number;
  private readonly strict: boolean;
  private readonly start = el("section", { class: "quiz-start", "aria-labelledby": "quiz-start" });
  private readonly bar = el("div", { class: "quiz-clock" });
  private readonly left = el("p", { class: "quiz-left", role: "timer" });
  private readonly said = el("p", { class: "visually-hidden", role: "status" });
  private readonly stop: HTMLButtonElement;
  private clock: Clock | null = null;
  private steady = performance.now();
  /** When the clock was last kept; the first reading is kept at once, for a page may end without a word. */
  private kept = -Infinity;
  private away = false;
  private gone = 0;
  private timer = 0;

  constructor(private readonly host: Host) {
    const { form, quiz } = host;
    this.whole = (quiz.time?.seconds ?? 0) * 1000;
    this.strict = quiz.time?.strict === true;
    this.waits = this.whole > 0 || quiz.purpose === "360";
    this.stop = button("", "link-button", () => this.press((clock) => pause(clock, !clock.paused)));
    const add = button(count("rule.more", extension(this.whole)), "link-button", () => {
      this.press((clock) => more(clock, this.whole));
      this.tell(count("rule.added", extension(this.whole)));
    });
    this.bar.append(this.left, ...(this.strict ? [] : [this.stop, add]), this.said);
    form.prepend(this.start, this.bar);
    if (!this.whole) return;
    document.addEventListener("visibilitychange", () => {
      if (document.hidden) this.keep();
      this.away = true;
      if (!document.hidden) this.tick();
    });
    window.addEventListener("pageshow", (event) => {
      this.away ||= event.persisted;
    });
    window.addEventListener("pagehide", () => this.keep());
  }

  draw(ids: string[], kept: string[] | undefined, seen: ReadonlySet<string>, seed: string): string[] | null {
    const rule = this.host.quiz.draw;
    if (!rule) return null;
    this.gone = (kept ?? []).filter((id) => !ids.includes(id)).length;
    return draw(rule, ids, kept ?? [], seen, seed);
  }

  show(state: State, attempt: Attempt): void {
    window.clearTimeout(this.timer);
    this.start.hidden = state === "done";
    this.bar.hidden = state !== "open" || !this.whole;
    if (state !== "done") this.drawStart(state, attempt);
    if (this.bar.hidden) {
      this.clock = null;
      return;
    }
    // As it was last kept, in this tab or in another.
    const stored = clockOf(this.host.desk.book.clock(this.host.quiz.key));
    const now = Date.now();
    const own = this.clock?.attempt === attempt.number ? this.clock : null;
    if (stored?.attempt === attempt.number) {
      if (!own || stored.at > own.at) {
        this.clock = back(stored, now);
        this.steady = performance.now();
      }
    } else if (!own) {
      this.clock = begin(attempt.number, this.whole, now);
      this.steady = performance.now();
      this.keep();
    }
    this.tick();
  }

  private drawStart(state: State, attempt: Attempt): void {
    const { quiz } = this.host;
    const lines: string[] = [];
    if (quiz.purpose) lines.push(say(`rule.${quiz.purpose}`));
    if (this.whole && state === "before") {
      lines.push(count("rule.time", Math.ceil(this.whole / 60000)), say(this.strict ? "rule.strict" : "rule.free"));
    }
    if (attempt.drawn && state === "before") lines.push(count("rule.drawn", attempt.drawn.length));
    if (this.gone) lines.push(count("rule.gone", this.gone));
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
        const as = this.start.querySelector<HTMLInputElement>("input:checked")?.value;
        if (asked.length && !as) said.textContent = say("rule.who");
        else this.host.begin(as);
      })));
    }
    this.start.hidden = !parts.length;
    fill(this.start, ...parts);
    if (state === "before") this.start.setAttribute("aria-labelledby", "quiz-start");
    else this.start.removeAttribute("aria-labelledby");
  }

  private tick(): void {
    window.clearTimeout(this.timer);
    const { clock } = this;
    if (!clock) return;
    const steady = performance.now();
    const gone = steady - this.steady;
    const now = Date.now();
    // A device that slept may have stopped the steady clock, too.
    const next = this.away ? back(clock, now, gone) : after(clock, gone, now);
    this.away = false;
    this.steady = steady;
    this.clock = next;
    const mark = passed(clock.left, next.left, this.whole);
    if (mark !== null && next.left > 0) this.tell(this.words(next.left));
    this.drawClock(next);
    if (next.left <= 0) {
      this.keep();
      this.host.handIn();
      return;
    }
    if (steady - this.kept > 10000) this.keep();
    if (!next.paused) this.timer = window.setTimeout(() => this.tick(), next.left > 120000 ? 1000 : 250);
  }

  private drawClock(clock: Clock): void {
    const words = clock.paused ? `${say("rule.stopped")} ${this.words(clock.left)}` : this.words(clock.left);
    if (this.left.textContent !== words) this.left.textContent = words;
    this.stop.textContent = say(clock.paused ? "rule.resume" : "rule.pause");
    this.bar.classList.toggle("is-short", clock.left <= 60000);
  }

  private words(left: number): string {
    const seconds = Math.ceil(left / 1000);
    return seconds > 120 ? count("rule.left", Math.ceil(seconds / 60)) : count("rule.seconds", seconds);
  }

  private press(change: (clock: Clock) => Clock): void {
    this.tick();
    if (!this.clock || this.clock.left <= 0) return;
    this.clock = change(this.clock);
    const { desk, quiz } = this.host;
    // Other tabs have the same clock.
    void desk.keep([desk.book.setClock(quiz.key, this.clock)]);
    this.tick();
  }

  private tell(words: string): void {
    this.said.textContent = words;
  }

  private keep(): void {
    const { desk, quiz } = this.host;
    this.kept = performance.now();
    if (this.clock) void desk.book.keep([desk.book.setClock(quiz.key, this.clock)], []);
  }
}

window.sopanRules = (host) => new Ruled(host);
