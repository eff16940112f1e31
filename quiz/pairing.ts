/** What questions of matching and of sorting have in common. See pairing.go. */

import type { Interaction, Kind, QuestionData, Review } from "../runtime/contract";
import { type Component, components, table } from "./door";
import { type Scheme, scheme, share } from "./marking";

export interface PairingQuestion extends QuestionData {
  sources: Component[];
  targets: Component[];
  /** Source id to target id. */
  right: Record<string, string>;
  scheme: Scheme;
}

/** Source id to target id, of those that were answered. */
type Assigned = Record<string, string>;

function pairs(q: PairingQuestion, of: Record<string, string>): string {
  return q.sources.filter((s) => of[s.id]).map((s) => `${s.id}[.]${of[s.id]}`).join("[,]");
}

function selects(field: HTMLFieldSetElement): HTMLSelectElement[] {
  return Array.from(field.querySelectorAll<HTMLSelectElement>("select[data-source]"));
}

export function pairing(name: string): Kind<PairingQuestion, Assigned> {
  return {
    name,

    parse(data) {
      return {
        ...data,
        sources: components(data, "sources"),
        targets: components(data, "targets"),
        right: table(data, "right"),
        scheme: scheme(data),
      };
    },

    accept(q, stored) {
      if (typeof stored !== "object" || stored === null || Array.isArray(stored)) return null;
      const said: Assigned = {};
      for (const [s, t] of Object.entries(stored)) {
        if (!q.sources.some((c) => c.id === s) || !q.targets.some((c) => c.id === t)) return null;
        said[s] = t as string;
      }
      return Object.keys(said).length ? said : null;
    },

    read(field, q) {
      const said: Assigned = {};
      for (const s of selects(field)) if (s.value && s.dataset.source) said[s.dataset.source] = s.value;
      return this.accept(q, said);
    },

    write(field, _q, r) {
      for (const s of selects(field)) s.value = r[s.dataset.source ?? ""] ?? "";
    },

    mark(q, r) {
      const right = q.sources.filter((s) => r[s.id] === q.right[s.id]).length;
      return share(q.scheme, right / q.sources.length);
    },

    review(q, r) {
      const choices: Review["choices"] = [];
      for (const { id } of q.sources) if (r[id]) choices.push({ id, verdict: r[id] === q.right[id] ? "right" : "wrong" });
      return { ...this.key?.(q), choices };
    },

    key(q) {
      const text = (id: string | undefined) => q.targets.find((t) => t.id === id)?.text ?? "";
      return { choices: [], answer: q.sources.map((s) => `${s.text} – ${text(q.right[s.id])}`).join("; ") };
    },

    interaction(q, r) {
      const i: Interaction = {
        interactionType: "matching",
        correctResponsesPattern: [pairs(q, q.right)],
        source: q.sources,
        target: q.targets,
      };
      if (r) i.response = pairs(q, r);
      return i;
    },
  };
}
