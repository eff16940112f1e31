/** A statement that is true or false. See truefalse.go. */

import type { Interaction, Kind, QuestionData } from "../runtime/contract";
import { flag, inputs } from "./door";
import { type Scheme, scheme, share } from "./marking";

export interface TrueFalseQuestion extends QuestionData {
  right: boolean;
  scheme: Scheme;
}

export const kind: Kind<TrueFalseQuestion, boolean> = {
  name: "truefalse",

  parse(data) {
    return { ...data, right: flag(data, "right"), scheme: scheme(data) };
  },

  accept(_q, stored) {
    return typeof stored === "boolean" ? stored : null;
  },

  read(field) {
    const picked = inputs(field).find((i) => i.checked);
    return picked ? picked.value === "true" : null;
  },

  write(field, _q, r) {
    for (const i of inputs(field)) i.checked = i.value === String(r);
  },

  mark(q, r) {
    return share(q.scheme, r === q.right ? 1 : 0);
  },

  review(q, r) {
    if (r === q.right) return { choices: [{ id: String(r), verdict: "right" }] };
    return { choices: [{ id: String(r), verdict: "wrong" }, { id: String(q.right), verdict: "missed" }] };
  },

  key(q) {
    return { choices: [{ id: String(q.right), verdict: "missed" }] };
  },

  interaction(q, r) {
    const i: Interaction = { interactionType: "true-false", correctResponsesPattern: [String(q.right)] };
    if (r !== null) i.response = String(r);
    return i;
  },
};
