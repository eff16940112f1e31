/**
 * `certainty: asked`: beside their answer, learners say how sure they are, and that decides what it earns. The other
 * definition is certainty.go. In goes any kind that is marked; out comes one that asks this too, whose response holds both.
 */

import type { Kind, QuestionData } from "../runtime/contract";
import { inputs } from "./door";

/** What the learner answered, and how sure they are: 1 to 3; 0 while they have not said. */
interface Sure {
  said: unknown;
  sure: number;
}

/** Thirds of the marks for a right and for a wrong answer. Who does not say counts as unsure. */
const right = [1, 1, 2, 3];
const wrong = [0, 0, -2, -6];

/** The share of the marks, from the share that the answer earns by itself. */
export function sureShare(part: number, sure: number): number {
  const p = Math.max(0, part); // a penalty for guessing has no place beside this one
  return (p * (right[sure] ?? 0) + (1 - p) * (wrong[sure] ?? 0)) / 3;
}

function radios(field: HTMLFieldSetElement): HTMLInputElement[] {
  return inputs(field, ".sure");
}

export function certain<Q extends QuestionData>(kind: Kind<Q>): Kind<Q, Sure> {
  return {
    ...kind,

    accept(q, stored) {
      if (typeof stored !== "object" || stored === null) return null;
      const { said, sure } = stored as Record<string, unknown>;
      const inner = kind.accept(q, said);
      return inner !== null && typeof sure === "number" && right[sure] !== undefined ? { said: inner, sure } : null;
    },

    read(field, q) {
      const said = kind.read(field, q);
      return said === null ? null : { said, sure: Number(radios(field).find((i) => i.checked)?.value ?? 0) };
    },

    write(field, q, r) {
      kind.write(field, q, r.said);
      for (const i of radios(field)) i.checked = i.value === String(r.sure);
    },

    mark(q, r) {
      const part = kind.mark(q, r.said);
      return part === null ? null : sureShare(part, r.sure);
    },

    review: (q, r) => kind.review(q, r.said),

    interaction(q, r) {
      const i = kind.interaction(q, r ? r.said : null);
      if (r?.sure) i.certainty = r.sure;
      return i;
    },
  };
}
