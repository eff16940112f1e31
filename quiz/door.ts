/** Checks of data from the page. Each throws a plain message where it is not what it should be. */

import type { QuestionData } from "../runtime/contract";

function refuse(data: QuestionData, field: string): never {
  throw new Error(`Question ${data.id}: ${field} is not as expected.`);
}

export function flag(data: QuestionData, field: string): boolean {
  return data[field] === true;
}

export function text(data: QuestionData, field: string): string {
  const v = data[field];
  return typeof v === "string" ? v : refuse(data, field);
}

export function numeral(data: QuestionData, field: string): number {
  const v = data[field];
  return typeof v === "number" ? v : refuse(data, field);
}

/** A list of strings; a field that is not there is an empty one. */
export function texts(data: QuestionData, field: string): string[] {
  const v = data[field] ?? [];
  if (!Array.isArray(v)) return refuse(data, field);
  return v.map((s: unknown) => (typeof s === "string" ? s : refuse(data, field)));
}

export interface Component { id: string; text: string }

export function components(data: QuestionData, field: string): Component[] {
  const v = data[field];
  if (!Array.isArray(v)) return refuse(data, field);
  return v.map((c: unknown) => {
    if (typeof c !== "object" || c === null) return refuse(data, field);
    const { id, text } = c as Record<string, unknown>;
    return typeof id === "string" && typeof text === "string" ? { id, text } : refuse(data, field);
  });
}

/** An object whose values are strings; a field that is not there is an empty one. */
export function table(data: QuestionData, field: string): Record<string, string> {
  const v = data[field] ?? {};
  if (typeof v !== "object" || v === null) return refuse(data, field);
  const out: Record<string, string> = {};
  for (const [key, value] of Object.entries(v)) out[key] = typeof value === "string" ? value : refuse(data, field);
  return out;
}

/** The inputs of a question that have its name, or that of a part of it. */
export function inputs(field: HTMLFieldSetElement, part = ""): HTMLInputElement[] {
  return [...field.querySelectorAll<HTMLInputElement>("input[name]")].filter((i) => i.name === "q-" + field.dataset.q + part);
}
