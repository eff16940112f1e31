/**
 * Questions where steps are put in order. See order.go. With script the list itself is the answer: steps are moved by Up,
 * Down, or the position chosen for them.
 */

import type { Interaction, Kind, QuestionData, Review } from "../runtime/contract";
import { type Component, components } from "./door";
import { type Scheme, scheme, share } from "./marking";

export interface OrderQuestion extends QuestionData {
  /** In their right order. */
  steps: Component[];
  scheme: Scheme;
}

/** Step id to position, from 1, of the steps that have one. */
type Placed = Record<string, number>;

function selects(field: HTMLFieldSetElement): HTMLSelectElement[] {
  return Array.from(field.querySelectorAll<HTMLSelectElement>("select[data-step]"));
}

function step(s: HTMLSelectElement): string {
  return s.dataset.step ?? "";
}

/** The list, where it is live: its order is the answer. */
function live(field: HTMLFieldSetElement): HTMLElement | null {
  return field.querySelector<HTMLElement>(".q-order[data-live]");
}

/** Puts the steps into an order, and says each one's position in its controls. */
function lay(list: HTMLElement, order: HTMLSelectElement[]): void {
  order.forEach((s, i) => {
    const row = s.closest("li");
    if (!row) return;
    if (list.children[i] !== row) list.insertBefore(row, list.children[i] ?? null);
    s.value = String(i + 1);
    for (const b of Array.from(row.querySelectorAll<HTMLButtonElement>("[data-move]"))) {
      // Not disabled: the button that was pressed keeps the focus at either end.
      b.setAttribute("aria-disabled", String(b.dataset.move === "1" ? i === order.length - 1 : i === 0));
    }
  });
}

function told(field: HTMLFieldSetElement): HTMLElement | null {
  return field.querySelector<HTMLElement>(".q-moved");
}

/** Moves a step to a position. The control that was used keeps the focus. */
function move(field: HTMLFieldSetElement, q: OrderQuestion, select: HTMLSelectElement, to: number, control: HTMLElement): void {
  const list = live(field);
  if (!list) return;
  const order = selects(field).filter((s) => s !== select);
  const at = Math.max(0, Math.min(order.length, to));
  order.splice(at, 0, select);
  lay(list, order);
  list.dataset.moved = "";
  control.focus();
  const status = told(field);
  const places: Record<string, string> = {
    step: q.steps.find((s) => s.id === step(select))?.text ?? "", n: String(at + 1), total: String(order.length),
  };
  if (status) status.textContent = (status.dataset.said ?? "").replace(/\{(\w+)\}/g, (_, name: string) => places[name] ?? "");
}

export const kind: Kind<OrderQuestion, Placed> = {
  name: "order",

  parse(data) {
    return { ...data, steps: components(data, "steps"), scheme: scheme(data) };
  },

  accept(q, stored) {
    if (typeof stored !== "object" || stored === null || Array.isArray(stored)) return null;
    const placed: Placed = {};
    for (const [id, at] of Object.entries(stored) as [string, unknown][]) {
      if (!q.steps.some((s) => s.id === id) || typeof at !== "number" || !Number.isInteger(at) || at < 1 || at > q.steps.length) return null;
      placed[id] = at;
    }
    return Object.keys(placed).length ? placed : null;
  },

  attach(field, q) {
    const list = field.querySelector<HTMLElement>(".q-order");
    if (!list) return;
    list.dataset.live = "";
    for (const select of selects(field)) {
      select.options[0]?.remove(); // "Choose": each has a position now
      // Runs before the field hears of the change: what it reads is the new order.
      select.addEventListener("change", () => move(field, q, select, Number(select.value) - 1, select));
      for (const b of Array.from(select.closest("li")?.querySelectorAll<HTMLButtonElement>("[data-move]") ?? [])) {
        b.hidden = false;
        b.addEventListener("click", () => {
          move(field, q, select, selects(field).indexOf(select) + Number(b.dataset.move), b);
          list.dispatchEvent(new Event("change", { bubbles: true }));
        });
      }
    }
  },

  arrange(field, q, shuffle) {
    const list = live(field);
    if (!list) return;
    // From the ids' own order: the same on every reload.
    const order = shuffle(selects(field).sort((a, b) => (step(a) < step(b) ? -1 : 1)));
    // Never right by accident: who only looks has not answered.
    const [a, b] = order;
    if (a && b && order.every((s, i) => step(s) === q.steps[i]?.id)) order.splice(0, 2, b, a);
    lay(list, order);
    delete list.dataset.moved;
    const status = told(field);
    if (status) status.textContent = "";
  },

  read(field, q) {
    if (live(field) && live(field)?.dataset.moved === undefined) return null;
    const placed: Placed = {};
    for (const s of selects(field)) if (s.value) placed[step(s)] = Number(s.value);
    return this.accept(q, placed);
  },

  write(field, q, r) {
    const list = live(field);
    if (list) {
      const at = (s: HTMLSelectElement): number => r[step(s)] ?? q.steps.length + 1;
      lay(list, selects(field).sort((a, b) => at(a) - at(b)));
      list.dataset.moved = "";
    } else for (const s of selects(field)) s.value = String(r[step(s)] ?? "");
  },

  mark(q, r) {
    let [right, pairs] = [0, 0];
    q.steps.forEach((a, i) => {
      for (const b of q.steps.slice(i + 1)) {
        pairs++;
        const x = r[a.id] ?? 0;
        if (x > 0 && x < (r[b.id] ?? 0)) right++;
      }
    });
    return share(q.scheme, Math.max(0, (2 * right - pairs) / pairs));
  },

  review(q, r) {
    const choices: Review["choices"] = [];
    q.steps.forEach(({ id }, i) => {
      if (r[id]) choices.push({ id, verdict: r[id] === i + 1 ? "right" : "wrong" });
    });
    return { ...this.key?.(q), choices };
  },

  key(q) {
    return { choices: [], answer: q.steps.map((s, i) => `${i + 1}. ${s.text}`).join(" ") };
  },

  interaction(q, r) {
    const i: Interaction = {
      interactionType: "sequencing",
      correctResponsesPattern: [q.steps.map((s) => s.id).join("[,]")],
      choices: q.steps,
    };
    if (r) {
      const placed = q.steps.filter((s) => r[s.id]);
      i.response = placed.sort((a, b) => (r[a.id] ?? 0) - (r[b.id] ?? 0)).map((s) => s.id).join("[,]");
    }
    return i;
  },
};
