/** Questions whose answer is typed. See text.go. */

import type { Interaction, Kind, QuestionData } from "../runtime/contract";
import { inputs, texts } from "./door";
import { type Scheme, scheme, share, undelimited } from "./marking";
import { normalise } from "./normalise";

export interface TextQuestion extends QuestionData {
  /** What is right; the first is the one to show. */
  accepted: string[];
  scheme: Scheme;
}

export const kind: Kind<TextQuestion, string> = {
  name: "text",

  parse(data) {
    return { ...data, accepted: texts(data, "accepted"), scheme: scheme(data) };
  },

  accept(_q, stored) {
    return typeof stored === "string" && normalise(stored) ? stored : null;
  },

  read(field, q) {
    return this.accept(q, inputs(field)[0]?.value);
  },

  write(field, _q, r) {
    const input = inputs(field)[0];
    if (input) input.value = r;
  },

  mark(q, r) {
    const said = normalise(r);
    return share(q.scheme, q.accepted.some((a) => normalise(a) === said) ? 1 : 0);
  },

  review(q) {
    return this.key?.(q) ?? { choices: [] };
  },

  key(q) {
    return { choices: [], answer: q.accepted[0] ?? "" };
  },

  interaction(q, r) {
    const i: Interaction = {
      interactionType: "fill-in",
      correctResponsesPattern: q.accepted.map((a) => "{case_matters=false}" + undelimited(a)),
    };
    if (r !== null) i.response = undelimited(r);
    return i;
  },
};
