/** A text with blanks. See fill.go. */

import type { Interaction, Kind, QuestionData } from "../runtime/contract";
import { type Component, components, texts } from "./door";
import { type Scheme, scheme, share, undelimited } from "./marking";
import { normalise } from "./normalise";

interface Blank {
  /** Of a typed blank; the first is the one to show. */
  accepted: string[];
  /** Of a drop-down; the first is right. */
  choices: Component[];
}

export interface FillQuestion extends QuestionData {
  blanks: Blank[];
  pattern: string[];
  scheme: Scheme;
}

/** One text a blank, "" where nothing was put in; of a drop-down the id of the choice. */
type Filled = string[];

type Control = HTMLInputElement | HTMLSelectElement;

function controls(field: HTMLFieldSetElement): Control[] {
  return Array.from(field.querySelectorAll<Control>("[data-blank]"));
}

function takes(b: Blank, said: string): boolean {
  const [first] = b.choices;
  if (first) return said === first.id;
  const text = normalise(said);
  return b.accepted.some((a) => normalise(a) === text);
}

function words(b: Blank, said: string): string {
  return b.choices.find((c) => c.id === said)?.text ?? said;
}

export const kind: Kind<FillQuestion, Filled> = {
  name: "fill",

  parse(data) {
    if (!Array.isArray(data.blanks)) throw new Error(`Question ${data.id}: blanks is not as expected.`);
    const blanks = data.blanks.map((b: unknown) => {
      const blank: QuestionData = { id: data.id, kind: data.kind, marks: 0, ...(b as Record<string, unknown>) };
      return { accepted: texts(blank, "accepted"), choices: blank.choices === undefined ? [] : components(blank, "choices") };
    });
    return { ...data, blanks, pattern: texts(data, "pattern"), scheme: scheme(data) };
  },

  accept(q, stored) {
    if (!Array.isArray(stored) || stored.length !== q.blanks.length) return null;
    const said: Filled = [];
    for (const [i, b] of q.blanks.entries()) {
      const s: unknown = stored[i];
      if (typeof s !== "string" || (s && b.choices.length && !b.choices.some((c) => c.id === s))) return null;
      said.push(s);
    }
    return said.some((s) => normalise(s)) ? said : null;
  },

  read(field, q) {
    return this.accept(q, controls(field).map((c) => c.value));
  },

  write(field, _q, r) {
    controls(field).forEach((c, i) => {
      c.value = r[i] ?? "";
    });
  },

  mark(q, r) {
    const right = q.blanks.filter((b, i) => takes(b, r[i] ?? "")).length;
    return share(q.scheme, right / q.blanks.length);
  },

  review(q) {
    return this.key?.(q) ?? { choices: [] };
  },

  key(q) {
    return { choices: [], answer: q.blanks.map((b) => b.choices[0]?.text ?? b.accepted[0] ?? "").join("; ") };
  },

  interaction(q, r) {
    const i: Interaction = { interactionType: "fill-in" };
    if (q.pattern.length) i.correctResponsesPattern = q.pattern;
    if (r) i.response = q.blanks.map((b, n) => undelimited(words(b, r[n] ?? ""))).join("[,]");
    return i;
  },
};
