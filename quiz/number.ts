/** Questions whose answer is a number. See number.go. */

import type { Interaction, Kind, QuestionData } from "../runtime/contract";
import { inputs, numeral, text } from "./door";
import { type Scheme, scheme, share, undelimited } from "./marking";
import { normalise } from "./normalise";
import { parseNumber } from "./numeral";

export interface NumberQuestion extends QuestionData {
  number: number;
  within: number;
  unit: string;
  /** The number as its author wrote it. */
  written: string;
  /** The xAPI pattern. */
  pattern: string;
  scheme: Scheme;
}

/** What was typed, as it was typed. */
type Typed = string;

function parse(q: NumberQuestion, said: Typed): number | null {
  const [number, unit] = [normalise(said), normalise(q.unit)];
  return parseNumber(unit && number.endsWith(unit) ? number.slice(0, -unit.length) : number);
}

export const kind: Kind<NumberQuestion, Typed> = {
  name: "number",

  parse(data) {
    const sealed = data.sealed === true; // then the number is not there
    return {
      ...data,
      number: sealed ? 0 : numeral(data, "number"),
      within: data.within === undefined ? 0 : numeral(data, "within"),
      unit: data.unit === undefined ? "" : text(data, "unit"),
      written: sealed ? "" : text(data, "written"),
      pattern: sealed ? "" : text(data, "pattern"),
      scheme: scheme(data),
    };
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
    const v = parse(q, r);
    // Twelve digits count: 0.3 and 0.4 are 0.1 apart, though not in binary.
    const near = v !== null && Math.abs(v - q.number) <= q.within + 1e-12 * Math.max(Math.abs(v), Math.abs(q.number));
    return share(q.scheme, near ? 1 : 0);
  },

  review(q) {
    return this.key?.(q) ?? { choices: [] };
  },

  key(q) {
    return { choices: [], answer: q.unit ? `${q.written} ${q.unit}` : q.written };
  },

  interaction(q, r) {
    const i: Interaction = { interactionType: "numeric", correctResponsesPattern: [q.pattern] };
    if (r !== null) i.response = respond(q, r);
    return i;
  },
};

function respond(q: NumberQuestion, r: Typed): string {
  const v = parse(q, r);
  return v === null ? undelimited(r) : String(v === 0 ? 0 : v);
}
