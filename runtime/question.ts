/**
 * One question on the page: reads and writes its native controls through its kind, and shows hints and feedback by
 * cloning the templates that stand in it. It keeps nothing and records nothing; the sheet (sheet.ts) does.
 */
import { certain } from "../quiz/certainty";
import { tried } from "../quiz/marking";
import type { Kind, Outcome, QuestionData } from "./contract";
import { el, fill, find, findAll, mark } from "./dom";
import { figure, shuffled, verdict, type Verdict } from "./marking";
import { say } from "./say";

export class Question {
  private readonly result_: HTMLElement;
  private readonly check_: HTMLButtonElement | null;
  private readonly hint_: HTMLButtonElement | null;
  private readonly hints_: HTMLTemplateElement[];
  private hinted_ = 0;
  /** What was answered before this script was there; null for nothing. */
  readonly early: unknown;
  readonly kind: Kind;
  private readonly plain_: Kind;

  constructor(
    readonly field: HTMLFieldSetElement, readonly data: QuestionData, kind: Kind,
    private readonly on_: {
      change: (typing: boolean) => void; check: () => void; hint: (shown: number) => void;
      /** What another item of the course has come to. */
      item: (key: string) => Outcome | null;
    },
  ) {
    this.kind = data.certainty === true ? certain(kind) : kind;
    this.plain_ = kind;
    // Controls come with nothing in them: a list with its first, empty option.
    const early = findAll<HTMLInputElement>(":checked,[type=text],textarea", field).some((c) => c.value);
    this.kind.attach?.(field, data);
    this.early = early ? this.read() : null;
    this.result_ = find(".q-result", field) ?? field.appendChild(el("div", { class: "q-result", role: "status" }));
    this.check_ = find<HTMLButtonElement>(".q-check", field);
    this.hint_ = find<HTMLButtonElement>(".q-hint", field);
    this.hints_ = findAll<HTMLTemplateElement>("template[data-part=hint]", field);
    field.addEventListener("input", (event) => on_.change((event.target as HTMLElement).matches("input:not([type=radio]):not([type=checkbox]),textarea")));
    field.addEventListener("change", () => on_.change(false));
    this.check_?.addEventListener("click", on_.check);
    // Enter in a field presses the form's first button by itself, which is another question's.
    field.addEventListener("keydown", (event) => {
      const input = event.target as HTMLInputElement;
      if (event.key !== "Enter" || !input.matches("input")) return;
      event.preventDefault();
      if (event.repeat) return;
      on_.check();
      // A control that is shut loses the focus; the button takes it, but not before the key is up, or it were pressed by it.
      document.addEventListener("keyup", () => {
        if (input.disabled) this.check_?.focus();
      }, { once: true });
    });
    if (this.hint_) this.hint_.hidden = !this.hints_.length;
    this.hint_?.addEventListener("click", () => on_.hint(this.showHints(this.hinted_ + 1)));
  }

  get id(): string {
    return this.data.id;
  }

  /** How sure somebody was, and what that earns, makes an answer neither more nor less right. */
  verdict(response: unknown, share: number | null): Verdict {
    if (response === null || share === null || this.kind === this.plain_) return verdict(response !== null, share);
    return verdict(true, this.plain_.mark(this.data, (response as { said: unknown }).said));
  }

  /** The share that counts after a try: the best one, less what those before it cost; the first alone where no cost is named. */
  counts(share: number | null, tries: number, before: number | null | undefined): number | null {
    const { retry } = this.data;
    if (tries === 1 || before === undefined || before === null || share === null) return share;
    return retry === undefined ? before : Math.max(before, tried(share, retry, tries - 1));
  }

  read(): unknown {
    return this.kind.read(this.field, this.data);
  }

  /** Lays a stored response into the controls; false where it does not fit the question any more. */
  write(stored: unknown): boolean {
    const response = this.kind.accept(this.data, stored);
    if (response === null) return false;
    this.kind.write(this.field, this.data, response);
    return true;
  }

  /** The words of the question, for records: without what the controls say. */
  get ask(): string {
    return (find(".q-ask", this.field)?.textContent ?? "").replace(/\s+/g, " ").trim();
  }

  get label(): string {
    return /\d+/.exec(find(".q-number", this.field)?.textContent ?? "")?.[0] ?? "";
  }

  /** Its place in the attempt, from 1: "3", or "Question 3" where the prompt stands apart. */
  number(n: number): void {
    const number = find(".q-number", this.field);
    if (number && n) number.textContent = (number.textContent ?? "").replace(/\d+/, String(n));
  }

  /** The order of this attempt. The nodes move, so that reading order and seen order stay one. */
  arrange(seed: string): void {
    this.look();
    this.kind.arrange?.(this.field, this.data, (things) => shuffled(things, `${seed} ${this.id}`));
  }

  /** The notebook was read anew. */
  look(): void {
    this.kind.look?.(this.field, this.data, this.on_.item);
  }

  /** Buttons of this question, where it is checked by itself. */
  offer(checks: boolean, hints: boolean): void {
    const actions = find(".q-actions", this.field);
    if (this.check_) this.check_.hidden = !checks;
    if (actions) actions.hidden = !checks && !(hints && this.hints_.length);
  }

  showHints(n: number): number {
    let box = find(".q-hints", this.field);
    for (; this.hinted_ < Math.min(n, this.hints_.length); this.hinted_++) {
      if (!box) {
        box = el("div", { class: "q-hints", role: "status" });
        // Below the buttons: the one that was just pressed stays under the finger.
        (find(".q-actions", this.field) ?? this.result_).after(box);
      }
      const part = this.hints_[this.hinted_];
      if (part) box.append(el("div", { class: "q-hint-text" }, part.content.cloneNode(true)));
    }
    if (this.hint_ && this.hinted_ >= this.hints_.length) this.hint_.setAttribute("aria-disabled", "true");
    return this.hinted_;
  }

  /** Feedback to a response (null: skipped). `key` shows what would have been right. */
  review(response: unknown, share: number | null, show: { key: boolean; again: boolean; counted?: boolean }): Verdict {
    this.clear();
    const is = this.verdict(response, share);
    const box = el("div", { class: `q-verdict ${is}` }, el("p", {}, mark(is, say(`quiz.verdict.${is}`))));
    const review = response !== null ? this.kind.review(this.data, response) : show.key ? this.kind.key?.(this.data) : undefined;
    if (review) {
      for (const choice of review.choices) {
        // Somebody who may try again is not told the answer they missed.
        if (choice.verdict === "missed" && !show.key) continue;
        const chosen = choice.verdict === "right" || choice.verdict === "wrong";
        if (choice.verdict === "right" && !show.key && !this.isChosen_(choice.id)) continue;
        const part = find<HTMLTemplateElement>(`template[data-part=feedback][data-choice="${CSS.escape(choice.id)}"]`, this.field);
        if (choice.verdict === "neutral" && !part) continue;
        this.under_(choice.id, el("div", { class: `q-feedback ${choice.verdict}` },
          ...(choice.verdict === "neutral" ? [] : [mark(choice.verdict, say(`quiz.choice.${choice.verdict}`)), " "]),
          chosen || choice.verdict === "neutral" ? (part?.content.cloneNode(true) ?? null) : null));
      }
      if (review.answer && show.key && is !== "right") box.append(el("p", { class: "q-answer" }, say("quiz.answer", { answer: review.answer })));
    }
    // Why something is right is the key, too.
    if (show.key || is === "right") this.add_(box, "why");
    if (is !== "right" && is !== "recorded") this.add_(box, "reread");
    // What to compare a text with, once the text stands; unless it was opened before.
    if (!find("[data-opened]", this.field)) this.add_(box, "model");
    const { marks, retry } = this.data;
    if (share !== null && this.kind !== this.plain_) box.append(el("p", { class: "q-note" }, say("quiz.earned", { raw: figure(share * marks), max: figure(marks) })));
    if (show.counted) box.append(el("p", { class: "q-note" }, retry === undefined ? say("quiz.first") : say("quiz.cost", { percent: figure(retry * 100) })));
    fill(this.result_, box);
    this.lock(true);
    if (this.check_) {
      const free = is === "recorded";
      this.check_.textContent = say(!show.again ? "quiz.checked" : free ? "quiz.change" : "quiz.again");
      this.check_.setAttribute("aria-disabled", String(!show.again));
    }
    return is;
  }

  /** Words in place of feedback: nothing to check yet, or answers are not shown. */
  note(key: string): void {
    fill(this.result_, el("p", { class: "q-note" }, say(key)));
  }

  clear(): void {
    for (const old of findAll(".q-feedback", this.field)) old.remove();
    for (const input of findAll("[aria-describedby*='fb.']", this.field)) describe(input, (id) => !id.startsWith("fb."));
    fill(this.result_);
    this.lock(false);
    if (this.check_) {
      this.check_.textContent = say("quiz.check");
      this.check_.removeAttribute("aria-disabled");
    }
  }

  /** A fresh page for a new attempt. */
  empty(): void {
    this.clear();
    for (const input of findAll<HTMLInputElement>("input", this.field)) {
      if (input.type === "radio" || input.type === "checkbox") input.checked = false;
      else input.value = "";
    }
    for (const field of findAll<HTMLTextAreaElement>("textarea", this.field)) field.value = "";
    for (const select of findAll<HTMLSelectElement>("select", this.field)) select.selectedIndex = 0;
    find(".q-hints", this.field)?.remove();
    this.hinted_ = 0;
    this.hint_?.removeAttribute("aria-disabled");
  }

  /** Controls of the answer. The text of a locked question stays readable; its buttons stay reachable. */
  lock(now: boolean): void {
    this.field.classList.toggle("is-locked", now);
    for (const control of findAll<HTMLInputElement>("input,select,textarea,button", this.field)) {
      if (!control.closest(".q-actions,.q-result,.q-hints")) control.disabled = now;
    }
  }

  /** Where to reread, as links. */
  reread(): DocumentFragment[] {
    return findAll<HTMLTemplateElement>("template[data-part=reread]", this.field).map((t) => document.importNode(t.content, true));
  }

  private isChosen_(choice: string): boolean {
    return this.input_(choice)?.checked ?? true;
  }

  private input_(choice: string): HTMLInputElement | null {
    return findAll<HTMLInputElement>("input", this.field).find((input) => input.value === choice && input.type !== "text") ?? null;
  }

  private under_(choice: string, feedback: HTMLElement): void {
    // A thing to be matched or put in order has a control of its own, named in its data.
    const input = this.input_(choice) ?? findAll("select", this.field).find(({ dataset }) => dataset.source === choice || dataset.step === choice);
    if (!input) return;
    feedback.id = `fb.${this.id}.${choice}`;
    describe(input, () => true, feedback.id);
    (input.closest("li") ?? input.parentElement)?.append(feedback);
  }

  private add_(box: HTMLElement, part: string): void {
    for (const template of findAll<HTMLTemplateElement>(`template[data-part=${part}]`, this.field)) {
      box.append(el("div", { class: `q-${part}` }, part === "reread" ? say("quiz.reread") + " " : null, template.content.cloneNode(true)));
    }
  }
}

/** Keeps of what describes a control the ids that are wanted, and adds others. */
function describe(input: HTMLElement, wanted: (id: string) => boolean, ...more: string[]): void {
  const ids = [...(input.getAttribute("aria-describedby") ?? "").split(" ").filter((id) => id && wanted(id)), ...more];
  if (ids.length) input.setAttribute("aria-describedby", ids.join(" "));
  else input.removeAttribute("aria-describedby");
}
