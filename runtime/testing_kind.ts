/** A question kind for the tests of the runtime: like quiz/choice.ts, as small as can be. */
import type { Kind, QuestionData } from "./contract";
import { findAll } from "./dom";

interface Q extends QuestionData { right: string[]; choices: string[] }

const texts = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : []);

export const kind: Kind<Q, string[]> = {
  name: "choice",
  parse: (data) => ({ ...data, right: texts(data.right), choices: texts(data.choices) }),
  accept: (q, stored) => {
    const response = texts(stored);
    return response.length && response.every((id) => q.choices.includes(id)) ? response : null;
  },
  arrange: (field, q, shuffle) => {
    const list = field.querySelector(".q-choices");
    const id = (row: Element): string => row.querySelector("input")?.value ?? "";
    if (q.fixed !== true) list?.append(...shuffle(Array.from(list.children).sort((a, b) => (id(a) < id(b) ? -1 : 1))));
  },
  read: (field) => {
    const response = findAll<HTMLInputElement>("input:checked", field).map((input) => input.value);
    return response.length ? response.sort() : null;
  },
  write: (field, _, response) => {
    for (const input of findAll<HTMLInputElement>("input", field)) input.checked = response.includes(input.value);
  },
  mark: (q, response) => {
    const hits = response.filter((id) => q.right.includes(id)).length;
    const misses = response.length - hits;
    return Math.max(0, hits / q.right.length - misses / (q.choices.length - q.right.length));
  },
  review: (q, response) => ({
    choices: q.choices.map((id) => ({
      id,
      verdict: response.includes(id) ? (q.right.includes(id) ? "right" : "wrong") : q.right.includes(id) ? "missed" : "neutral",
    })),
  }),
  key: (q) => ({ choices: q.right.map((id) => ({ id, verdict: "missed" })) }),
  interaction: (q, response) => ({
    interactionType: "choice",
    correctResponsesPattern: [q.right.join("[,]")],
    choices: q.choices.map((id) => ({ id, text: id })),
    ...(response ? { response: response.join("[,]") } : {}),
  }),
};
