/** The result of an attempt: in words first, then by competency, then what to reread. It never claims to be proof. */
import { button, el, fill, mark } from "./dom";
import { figure, type Total } from "./marking";
import type { Attempt } from "./notebook";
import { count, say } from "./say";

export interface ResultView {
  sum: Total;
  pass: number | undefined;
  passed: boolean | undefined;
  names: Record<string, string>;
  reread: { label: string; links: DocumentFragment[] }[];
  attempts: Attempt[];
  counts: "best" | "last" | "first";
  left: number;
  again: () => void;
}

export function drawResult(section: HTMLElement, view: ResultView): void {
  const { sum, passed } = view;
  const parts: (Node | null)[] = [];
  const id = section.getAttribute("aria-labelledby") ?? "quiz.result";
  section.setAttribute("aria-labelledby", id);
  parts.push(el("h2", { id }, say("quiz.result")));
  if (sum.scaled === null) parts.push(el("p", { class: "result-score" }, say("quiz.unmarked")));
  else {
    const line = el("p", { class: "result-score" });
    if (passed !== undefined) line.append(mark(passed ? "right" : "wrong", say(passed ? "quiz.passed" : "quiz.failed")), " ");
    line.append(say("quiz.score", { raw: figure(Math.max(0, sum.raw)), max: figure(sum.max), percent: percent(sum.scaled) }));
    if (passed === false && view.pass) line.append(" ", say("quiz.needed", { percent: percent(view.pass) }));
    parts.push(line);
  }
  if (sum.skipped) parts.push(el("p", {}, count("quiz.skipped", sum.skipped)));
  if (sum.competencies.length) {
    parts.push(el("h3", {}, say("quiz.competencies")), el("ul", { class: "result-competencies" },
      ...sum.competencies.map((c) => el("li", {}, say(c.level ? "score.level" : "score.competency", {
        name: view.names[c.id] ?? c.id.replace(/-/g, " "), level: c.level ?? "", raw: figure(Math.max(0, c.raw)), max: figure(c.max),
      })))));
  }
  const reread = view.reread.filter((r) => r.links.length);
  if (reread.length) {
    parts.push(el("h3", {}, say("quiz.toread")), el("ul", { class: "result-reread" },
      ...reread.map((r) => el("li", {}, say("quiz.question", { n: r.label }) + " ", ...r.links))));
  }
  if (view.attempts.length > 1) {
    parts.push(el("h3", {}, say("quiz.attempts")), el("ol", { class: "result-attempts" }, ...view.attempts.map((a) => el("li", {},
      a.scaled === undefined ? say("quiz.handed") : `${percent(a.scaled)}${a.passed === undefined ? "" : ` · ${say(a.passed ? "quiz.passed" : "quiz.failed")}`}`))),
      el("p", {}, say(`quiz.counts.${view.counts}`)));
  }
  if (view.left > 0) {
    const rest = view.left < Infinity ? el("span", { class: "result-left" }, " ", count("quiz.left", view.left)) : null;
    parts.push(el("p", {}, button(say("quiz.retake"), "button result-again", view.again), rest));
  } else parts.push(el("p", {}, say("quiz.nomore")));
  if (sum.scaled !== null) parts.push(el("p", { class: "result-self" }, say("score.self")));
  fill(section, ...parts.filter((p): p is Node => p !== null));
}

function percent(share: number): string {
  // Floored: 59.6 % must not read as the 60 % that it is not.
  return `${Math.floor(share * 100 + 1e-6)}%`;
}
