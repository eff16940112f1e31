/** A question that is answered by playing a case study. See case.go. */

import type { Interaction, Kind, QuestionData } from "../runtime/contract";
import { type Component, components, text } from "./door";
import { type Scheme, scheme, share } from "./marking";

export interface CaseQuestion extends QuestionData {
  /** Key of the case in the course. */
  item: string;
  step: Component;
  scheme: Scheme;
}

/** The share of the best way's points; null where the case gives none. */
interface Played { scaled: number | null }

function line(field: HTMLFieldSetElement): HTMLElement | null {
  return field.querySelector<HTMLElement>(".q-state");
}

export const kind: Kind<CaseQuestion, Played> = {
  name: "case",

  parse(data) {
    const [step] = components({ ...data, step: [data.step] }, "step");
    return { ...data, item: text(data, "item"), step: step as Component, scheme: scheme(data) };
  },

  look(field, q, item) {
    const at = line(field);
    if (!at) return;
    at.dataset.live = "";
    const { state = "none", scaled } = item(q.item) ?? {};
    const words = state === "done" && scaled !== undefined ? at.dataset.points : at.dataset[state];
    const said = (words ?? "").replace("{percent}", `${Math.floor((scaled ?? 0) * 100 + 1e-6)} %`);
    if (at.textContent !== said) at.textContent = said; // said once
    if (state === "done") at.dataset.scaled = String(scaled ?? "");
    else delete at.dataset.scaled;
  },

  accept(_q, stored) {
    if (typeof stored !== "object" || stored === null) return null;
    const { scaled } = stored as Record<string, unknown>;
    return scaled === null || (typeof scaled === "number" && scaled >= 0 && scaled <= 1) ? { scaled } : null;
  },

  read(field, q) {
    const scaled = line(field)?.dataset.scaled;
    return scaled === undefined ? null : this.accept(q, { scaled: scaled === "" ? null : Number(scaled) });
  },

  // The state of the case is what there is to see; a response that was kept may be older.
  write(field, _q, r) {
    const at = line(field);
    if (at && (at.dataset.live === undefined || at.dataset.scaled === undefined)) at.dataset.scaled = String(r.scaled ?? "");
  },

  mark(q, r) {
    return r.scaled === null ? null : share(q.scheme, r.scaled);
  },

  review() {
    return { choices: [] };
  },

  interaction(q, r) {
    const i: Interaction = { interactionType: "performance", steps: [q.step] };
    if (r) i.response = `${q.step.id}[.]${r.scaled ?? true}`;
    return i;
  },
};
