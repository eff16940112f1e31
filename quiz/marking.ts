/** What the kinds share in marking. The other definition is marking.go. */

import type { QuestionData } from "../runtime/contract";

/** How an answer becomes a share of the marks. Without either: the kind's own rule. */
export interface Scheme {
  /** "all": all or nothing; "each": every option is a decision of its own. */
  rule?: "all" | "each";
  /** What a wholly wrong answer costs. */
  penalty?: number;
}

/** The scheme in a question's data. */
export function scheme(data: QuestionData): Scheme {
  const s: Scheme = {};
  if (data.rule === "all" || data.rule === "each") s.rule = data.rule;
  if (typeof data.penalty === "number") s.penalty = data.penalty;
  return s;
}

/** The share of the marks for a part of the answer that is right. */
export function share(s: Scheme, part: number): number {
  if (part >= 1) return 1;
  if (part > 0 && s.rule !== "all") return part;
  return s.penalty ? -s.penalty : 0;
}

/**
 * The share of the marks of an answer that others went before. What is below 0 by itself stays there: trying again does
 * not buy a guess back.
 */
export function tried(part: number, penalty: number, earlier: number): number {
  return Math.max(Math.min(0, part), part - penalty * earlier);
}

/** Takes the delimiters of xAPI out of a text, and out of what their going makes. */
export function undelimited(text: string): string {
  for (;;) {
    const less = text.replace(/\[,\]/g, "").replace(/\[\.\]/g, "").replace(/\[:\]/g, "");
    if (less === text) return text;
    text = less;
  }
}
