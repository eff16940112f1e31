/** A checklist; it is shown as done. See do.go. */

import type { Interaction, Kind, QuestionData } from "../runtime/contract";
import { type Component, components, inputs } from "./door";

export interface DoQuestion extends QuestionData {
  steps: Component[];
}

/** The ids of what is ticked, in the order of the data. */
type Done = string[];

export const kind: Kind<DoQuestion, Done> = {
  name: "do",

  parse(data) {
    return { ...data, steps: components(data, "steps") };
  },

  accept(q, stored) {
    if (!Array.isArray(stored) || stored.length === 0) return null;
    const ids: Done = [];
    for (const id of stored as unknown[]) {
      if (typeof id !== "string" || ids.includes(id) || !q.steps.some((s) => s.id === id)) return null;
      ids.push(id);
    }
    return q.steps.map((s) => s.id).filter((id) => ids.includes(id));
  },

  read(field, q) {
    return this.accept(q, inputs(field).filter((i) => i.checked).map((i) => i.value));
  },

  write(field, _q, r) {
    for (const i of inputs(field)) i.checked = r.includes(i.value);
  },

  mark() {
    return null;
  },

  review() {
    return { choices: [] };
  },

  interaction(q, r) {
    const i: Interaction = { interactionType: "performance", steps: q.steps };
    if (r) i.response = q.steps.map((s) => `${s.id}[.]${r.includes(s.id)}`).join("[,]");
    return i;
  },
};
