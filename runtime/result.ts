/**
 * The script that tells the result of an attempt: in words first, then by competency and question, then what to reread.
 * It never claims to be proof. It is asked for once the page is at rest, because it is needed only when somebody hands in;
 * the sheet (sheet.ts) finds it at `window.sopanResult`.
 */
import type { QuizData } from "./contract";
import { button, el, fill, mark } from "./dom";
import { gains } from "./gain";
import { printKey, reviewBar } from "./keysheet";
import { figure, isMarked, total, type Marked, type Total, type Verdict } from "./marking";
import type { Attempt } from "./notebook";
import type { Question } from "./question";
import { count, say } from "./say";

export interface ResultView {
  quiz: QuizData;
  /** The questions of the attempt, and beside each how it was answered. */
  asked: Question[];
  marked: Marked[];
  verdicts: Verdict[];
  attempt: Attempt;
  pass: number | undefined;
  /** Answers may be shown. */
  open: boolean;
  /** Attempts at this and other quizzes of the course, among them diagnostics. */
  before: Attempt[];
  /** Finished attempts at this quiz. */
  attempts: Attempt[];
  /** Which of them counts, in words. */
  counts: string;
  left: number;
  again: () => void;
}

export interface Result {
  draw(section: HTMLElement, view: ResultView): void;
  /** In the preview. */
  reviewBar(form: HTMLElement, questions: Question[]): void;
}

function drawResult(section: HTMLElement, view: ResultView): void {
  const { quiz, attempt, asked, marked, verdicts, open } = view;
  // As it was when it was handed in: the quiz may have been edited since.
  const sum: Total = {
    ...total(marked), raw: attempt.raw ?? 0, max: attempt.max ?? 0, scaled: attempt.scaled ?? null, competencies: attempt.competencies ?? [],
  };
  const { purpose } = quiz;
  const parts: (Node | null)[] = [];
  const paragraph = (words: string): number => parts.push(el("p", {}, words));
  const part = (title: string, lines: Node[], name: string, list: "ul" | "ol" = "ul"): void => {
    if (lines.length) parts.push(el("h3", {}, say(title)), el(list, { class: `result-${name}` }, ...lines));
  };
  const named = (id: string): string => quiz.names?.[id] ?? id.replace(/-/g, " ");
  const id = section.getAttribute("aria-labelledby") ?? "result.result";
  section.setAttribute("aria-labelledby", id);
  parts.push(el("h2", { id }, say(isMarked(quiz) ? "result.result" : "result.thanks")));
  if (attempt.late) paragraph(say("result.late"));
  if (sum.scaled === null) parts.push(el("p", { class: "result-score" }, say(quiz.sealed ? "result.sealed" : "result.unmarked")));
  else if (purpose) paragraph(say("result.stand"));
  else {
    const line = el("p", { class: "result-score" });
    const { passed } = attempt;
    if (passed !== undefined) line.append(mark(passed ? "right" : "wrong", say(passed ? "result.passed" : "result.failed")), " ");
    line.append(say("result.score", { raw: figure(Math.max(0, sum.raw)), max: figure(sum.max), percent: percent(sum.scaled) }));
    if (passed === false && view.pass) line.append(" ", say("result.needed", { percent: percent(view.pass) }));
    parts.push(line);
  }
  if (sum.skipped) paragraph(count("result.skipped", sum.skipped));
  part("result.competencies", sum.competencies.map((c) => el("li", {}, say(c.level ? "score.level" : "score.competency", {
    name: named(c.id), level: c.level ?? "", raw: figure(Math.max(0, c.raw)), max: figure(c.max),
  }))), "competencies");
  part("result.gain", gains(sum.competencies, view.before).map((gain) => el("li", {}, say("result.gained", {
    name: named(gain.id), percent: percent(gain.now), before: percent(gain.before),
  }))), "gain");
  if (open) {
    part("result.questions", asked.map(({ label, field }, i) =>
      el("li", {}, el("a", { href: `#${field.id}` }, say("result.question", { n: label })), " ", say(`quiz.verdict.${verdicts[i]}`))), "questions");
  }
  const wrong = asked.filter((_, i) => marked[i]?.share !== null && verdicts[i] !== "right");
  part("result.toread", (quiz.purpose ? [] : wrong).map((q) => ({ label: open ? q.label : "", links: q.reread() })).filter((r) => r.links.length).map((r) =>
    el("li", {}, r.label ? say("result.question", { n: r.label }) + " " : null, ...r.links)), "reread");
  if (view.attempts.length > 1) {
    part("result.attempts", view.attempts.map((a) => el("li", {},
      a.scaled === undefined || purpose ? say("result.handed") : `${percent(a.scaled)}${a.passed === undefined ? "" : ` · ${say(a.passed ? "result.passed" : "result.failed")}`}`)), "attempts", "ol");
    if (sum.scaled !== null && !purpose) paragraph(view.counts);
  }
  if (view.left > 0) {
    const rest = view.left < Infinity ? el("span", { class: "result-left" }, " ", count("result.left", view.left)) : null;
    parts.push(el("p", {}, button(say("result.retake"), "button result-again", view.again), rest));
  } else paragraph(say("result.nomore"));
  const form = section.closest("form");
  if (form && open) parts.push(el("p", {}, button(say("result.print"), "link-button result-print", () => printKey(form, asked))));
  if (sum.scaled !== null) parts.push(el("p", { class: "result-self" }, say("score.self")));
  fill(section, ...parts.filter((p): p is Node => p !== null));
}

function percent(share: number): string {
  // Floored: 59.6 % must not read as the 60 % that it is not.
  return `${Math.floor(share * 100 + 1e-6)}%`;
}

window.sopanResult = { draw: drawResult, reviewBar };
