/** A point on a scale; nothing is right or wrong. See rate.go. */

import type { Interaction, Kind, QuestionData } from "../runtime/contract";
import { type Component, components, inputs } from "./door";

export interface RateQuestion extends QuestionData {
  scale: Component[];
}

export const kind: Kind<RateQuestion, string> = {
  name: "rate",

  parse(data) {
    return { ...data, scale: components(data, "scale") };
  },

  accept(q, stored) {
    return typeof stored === "string" && q.scale.some((p) => p.id === stored) ? stored : null;
  },

  read(field, q) {
    return this.accept(q, inputs(field).find((i) => i.checked)?.value);
  },

  write(field, _q, r) {
    for (const i of inputs(field)) i.checked = i.value === r;
  },

  mark() {
    return null;
  },

  review() {
    return { choices: [] };
  },

  interaction(q, r) {
    const i: Interaction = { interactionType: "likert", scale: q.scale };
    if (r !== null) i.response = r;
    return i;
  },
};
