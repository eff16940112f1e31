/**
 * Progress, as steps climbed: the marks in the outline. An item's key does not depend on its position, so an edited course
 * keeps what was done.
 */
import { el, find, findAll } from "./dom";
import type { ItemState } from "./notebook";
import { count, say } from "./say";

export type StateOf = (key: string) => ItemState | null;

/** Draws the marks into whatever part of the outline stands on this page. */
export function drawProgress(stateOf: StateOf): void {
  for (const step of findAll(".step[data-item]")) {
    const state = stateOf(step.dataset.item ?? "");
    if (!state) delete step.dataset.state;
    else step.dataset.state = state.state;
    let words = find(".step-state", step);
    if (!words && state) step.append((words = el("span", { class: "step-state visually-hidden" })));
    if (words) words.textContent = state ? ` (${say(state.passed === false ? "step.retry" : "step." + state.state)})` : "";
  }
  for (const line of findAll(".flight-progress[data-module]")) {
    const steps = findAll(".step[data-item]").filter(
      (step) => step.closest<HTMLElement>("[data-module]")?.dataset.module === line.dataset.module,
    );
    const keys = new Set(steps.map((step) => step.dataset.item));
    const done = [...keys].filter((key) => stateOf(key ?? "")?.state === "done").length;
    // What the template says of the flight (its minutes) stays behind the count.
    const rest = (line.dataset.rest ??= line.textContent ?? "");
    line.textContent = [keys.size ? count("flight", keys.size, { done }) : "", rest].filter((part) => part).join(" · ");
  }
}
