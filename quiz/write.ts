/** A free text that the learner marks by a rubric. See write.go. */

import type { Kind, QuestionData } from "../runtime/contract";
import { numeral, text } from "./door";
import { share } from "./marking";
import { normalise } from "./normalise";

export interface WriteQuestion extends QuestionData {
  rubric: { id: string; points: number }[];
}

/** What was written, and the marks that the learner gave: criterion id to points. */
interface Written {
  text: string;
  points: Record<string, number>;
}

function criteria(field: HTMLFieldSetElement): HTMLSelectElement[] {
  return Array.from(field.querySelectorAll<HTMLSelectElement>("select[data-criterion]"));
}

function showButton(field: HTMLFieldSetElement): HTMLButtonElement | null {
  return field.querySelector<HTMLButtonElement>(".q-show button");
}

/** Shows the model and the rubric, or takes them away again. */
function open(field: HTMLFieldSetElement, now: boolean): HTMLElement | null {
  const button = showButton(field);
  const rubric = field.querySelector<HTMLElement>(".q-rubric");
  field.querySelector("[data-opened]")?.remove();
  if (!button) return null;
  button.hidden = now;
  if (rubric) rubric.hidden = !now;
  const model = field.querySelector<HTMLTemplateElement>("template[data-part=model]");
  if (!now || !model) return rubric;
  const box = document.createElement("div");
  box.className = "q-model";
  box.dataset.opened = "";
  box.append(model.content.cloneNode(true));
  button.parentElement?.after(box);
  return box;
}

function count(field: HTMLFieldSetElement): void {
  const line = field.querySelector<HTMLElement>(".q-count");
  const words = (field.querySelector("textarea")?.value ?? "").split(/\s+/).filter((w) => w).length;
  if (line) line.textContent = (line.dataset.said ?? "").replace("{n}", String(words));
}

export const kind: Kind<WriteQuestion, Written> = {
  name: "write",

  attach(field) {
    const line = field.querySelector<HTMLElement>(".q-count");
    if (line) line.hidden = false;
    field.querySelector("textarea")?.addEventListener("input", () => count(field));
    showButton(field)?.addEventListener("click", () => {
      const status = field.querySelector<HTMLElement>(".q-show [data-first]");
      const written = normalise(field.querySelector("textarea")?.value ?? "");
      if (status) status.textContent = written ? "" : (status.dataset.first ?? "");
      if (!written) return;
      const shown = open(field, true);
      // The button is gone; what it showed is next.
      shown?.setAttribute("tabindex", "-1");
      shown?.focus();
    });
  },

  arrange(field) {
    open(field, false);
    count(field);
  },

  parse(data) {
    const list: unknown[] = Array.isArray(data.rubric) ? data.rubric : [];
    const rubric = list.map((c) => {
      const criterion: QuestionData = { ...(c as QuestionData) };
      return { id: text(criterion, "id"), points: numeral(criterion, "points") };
    });
    return { ...data, rubric };
  },

  accept(q, stored) {
    if (typeof stored !== "object" || stored === null || Array.isArray(stored)) return null;
    const { text: said, points: given } = stored as Record<string, unknown>;
    if (typeof said !== "string" || !normalise(said)) return null;
    const points: Record<string, number> = {};
    if (given !== undefined && given !== null) {
      if (typeof given !== "object" || Array.isArray(given)) return null;
      for (const [id, v] of Object.entries(given) as [string, unknown][]) {
        const most = q.rubric.find((c) => c.id === id)?.points;
        if (most === undefined || typeof v !== "number" || !Number.isInteger(v) || v < 0 || v > most) return null;
        points[id] = v;
      }
    }
    return { text: said, points };
  },

  read(field, q) {
    const points: Record<string, number> = {};
    for (const s of criteria(field)) {
      if (s.value && s.dataset.criterion) points[s.dataset.criterion] = Number(s.value);
    }
    return this.accept(q, { text: field.querySelector("textarea")?.value ?? "", points });
  },

  write(field, _q, r) {
    const area = field.querySelector("textarea");
    if (area) area.value = r.text;
    count(field);
    // Who has marked their text has seen what it is marked by.
    if (Object.keys(r.points).length && !field.querySelector("[data-opened]")) open(field, true);
    for (const s of criteria(field)) {
      s.value = String(r.points[s.dataset.criterion ?? ""] ?? "");
    }
  },

  mark(q, r) {
    if (!Object.keys(r.points).length) return null;
    const got = q.rubric.reduce((sum, c) => sum + (r.points[c.id] ?? 0), 0);
    return share({}, got / q.rubric.reduce((sum, c) => sum + c.points, 0));
  },

  review() {
    return { choices: [] };
  },

  /** Without the text: what a learner wrote stays with the learner. */
  interaction() {
    return { interactionType: "long-fill-in" };
  },
};
