/** Questions where steps are put in order. See order.go. */

import type { Interaction, Kind, QuestionData, Review } from "../runtime/contract";
import { type Component, components } from "./door";
import { type Scheme, scheme, share } from "./marking";

export interface OrderQuestion extends QuestionData {
  /** In their right order. */
  steps: Component[];
  scheme: Scheme;
}

/** Step id to position, from 1, of the steps that have one. */
type Placed = Record<string, number>;

function selects(field: HTMLFieldSetElement): HTMLSelectElement[] {
  return Array.from(field.querySelectorAll<HTMLSelectElement>("select[data-step]"));
}

export const kind: Kind<OrderQuestion, Placed> = {
  name: "order",

  parse(data) {
    return { ...data, steps: components(data, "steps"), scheme: scheme(data) };
  },

  accept(q, stored) {
    if (typeof stored !== "object" || stored === null || Array.isArray(stored)) return null;
    const placed: Placed = {};
    for (const [id, at] of Object.entries(stored) as [string, unknown][]) {
      if (!q.steps.some((s) => s.id === id) || typeof at !== "number" || !Number.isInteger(at) || at < 1 || at > q.steps.length) return null;
      placed[id] = at;
    }
    return Object.keys(placed).length ? placed : null;
  },

  read(field, q) {
    const placed: Placed = {};
    for (const s of selects(field)) if (s.value && s.dataset.step) placed[s.dataset.step] = Number(s.value);
    return this.accept(q, placed);
  },

  write(field, _q, r) {
    for (const s of selects(field)) s.value = String(r[s.dataset.step ?? ""] ?? "");
  },

  mark(q, r) {
    let [right, pairs] = [0, 0];
    q.steps.forEach((a, i) => {
      for (const b of q.steps.slice(i + 1)) {
        pairs++;
        const x = r[a.id] ?? 0;
        if (x > 0 && x < (r[b.id] ?? 0)) right++;
      }
    });
    return share(q.scheme, Math.max(0, (2 * right - pairs) / pairs));
  },

  review(q, r) {
    const choices: Review["choices"] = [];
    q.steps.forEach(({ id }, i) => {
      if (r[id]) choices.push({ id, verdict: r[id] === i + 1 ? "right" : "wrong" });
    });
    return { choices, answer: q.steps.map((s, i) => `${i + 1}. ${s.text}`).join(" ") };
  },

  interaction(q, r) {
    const i: Interaction = {
      interactionType: "sequencing",
      correctResponsesPattern: [q.steps.map((s) => s.id).join("[,]")],
      choices: q.steps,
    };
    if (r) {
      const placed = q.steps.filter((s) => r[s.id]);
      i.response = placed.sort((a, b) => (r[a.id] ?? 0) - (r[b.id] ?? 0)).map((s) => s.id).join("[,]");
    }
    return i;
  },
};
