/** Questions with choices, one of them right or several. See choice.go. */

import type { Interaction, Kind, QuestionData, Review } from "../runtime/contract";
import { type Component, components, flag, inputs, texts } from "./door";
import { type Scheme, scheme, share } from "./marking";

export interface ChoiceQuestion extends QuestionData {
  several: boolean;
  fixed: boolean;
  choices: Component[];
  right: string[];
  scheme: Scheme;
}

/** The ids of the choices that are ticked, in the order of the data. */
type Picked = string[];

export const kind: Kind<ChoiceQuestion, Picked> = {
  name: "choice",

  parse(data) {
    return {
      ...data,
      several: flag(data, "several"),
      fixed: flag(data, "fixed"),
      choices: components(data, "choices"),
      right: texts(data, "right"),
      scheme: scheme(data),
    };
  },

  accept(q, stored) {
    if (!Array.isArray(stored) || stored.length === 0 || (!q.several && stored.length > 1)) return null;
    const ids = q.choices.map((c) => c.id);
    const picked: Picked = [];
    for (const id of stored) {
      if (typeof id !== "string" || !ids.includes(id) || picked.includes(id)) return null;
      picked.push(id);
    }
    return ids.filter((id) => picked.includes(id));
  },

  arrange(field, q, shuffle) {
    const list = field.querySelector(".q-choices");
    if (!list || q.fixed === true) return;
    const id = (row: Element): string => row.querySelector("input")?.value ?? "";
    // From the ids' own order: the same on every reload.
    list.append(...shuffle(Array.from(list.children).sort((a, b) => (id(a) < id(b) ? -1 : 1))));
  },

  read(field, q) {
    return this.accept(q, inputs(field).filter((i) => i.checked).map((i) => i.value));
  },

  write(field, _q, r) {
    for (const i of inputs(field)) i.checked = r.includes(i.value);
  },

  mark(q, r) {
    const right = r.filter((id) => q.right.includes(id)).length;
    const wrong = r.length - right;
    const rights = q.right.length || 1;
    const wrongs = q.choices.length - q.right.length || 1;
    const part = q.scheme.rule === "each" ? (right + wrongs - wrong) / (rights + wrongs) : Math.max(0, right / rights - wrong / wrongs);
    return share(q.scheme, part);
  },

  review(q, r) {
    const choices: Review["choices"] = [];
    for (const { id } of q.choices) {
      const right = q.right.includes(id);
      if (r.includes(id)) choices.push({ id, verdict: right ? "right" : "wrong" });
      else if (right) choices.push({ id, verdict: "missed" });
    }
    return { choices };
  },

  key(q) {
    return { choices: q.right.map((id) => ({ id, verdict: "missed" })) };
  },

  interaction(q, r) {
    const i: Interaction = {
      interactionType: "choice",
      correctResponsesPattern: [q.right.join("[,]")],
      choices: q.choices.map(({ id, text }) => ({ id, text })),
    };
    if (r) i.response = r.join("[,]");
    return i;
  },
};
