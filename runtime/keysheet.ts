/**
 * The key on a sheet of its own, printed behind the questions: for a learner who has handed in, and, in the preview, for
 * whoever holds a session. It stands in the page only while it is printed.
 */
import { el } from "./dom";
import type { Question } from "./question";
import { say } from "./say";

export function printKey(form: HTMLElement, questions: Question[]): void {
  const sheet = el("section", { class: "key-sheet" }, el("h2", {}, say("result.key")), el("ol", {},
    ...questions.map((question) => el("li", { value: question.label },
      el("p", {}, answer(question)), ...parts(question, "why")))));
  form.append(sheet);
  window.addEventListener("afterprint", () => sheet.remove(), { once: true });
  window.print();
}

/** What is right, in words; of a question that nothing marks, that it is so. */
function answer({ kind, data, field }: Question): string {
  const key = kind.key?.(data);
  const words = (key?.choices ?? []).filter((c) => c.verdict === "missed").map((c) => {
    const input = Array.from(field.querySelectorAll<HTMLInputElement>("input")).find((i) => i.value === c.id);
    return (input?.closest("label")?.textContent ?? "").replace(/\s+/g, " ").trim();
  }).filter((word) => word);
  return key?.answer ?? (words.length ? words.join("; ") : say("result.free"));
}

function parts({ field }: Question, part: string): Node[] {
  return Array.from(field.querySelectorAll<HTMLTemplateElement>(`template[data-part=${part}]`)).map((t) => el("div", {}, document.importNode(t.content, true)));
}

/** What a reviewer needs in the preview, without an attempt: nothing of it is kept or sent. */
export function reviewBar(form: HTMLElement, questions: Question[]): void {
  let shown = false;
  const show = el("button", { type: "button", class: "link-button" }, say("result.show"));
  show.addEventListener("click", () => {
    shown = !shown;
    show.textContent = say(shown ? "result.hide" : "result.show");
    for (const question of questions) {
      if (shown) question.review(null, null, { key: true, again: false });
      else question.clear();
    }
  });
  const print = el("button", { type: "button", class: "link-button" }, say("result.print"));
  print.addEventListener("click", () => printKey(form, questions));
  form.prepend(el("p", { class: "quiz-preview" }, el("strong", {}, say("result.preview")), " ", show, " ", print));
}
