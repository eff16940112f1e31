/**
 * Progress, as steps climbed: which items are done, where to go on. Logic first, then the marks in the outline. An
 * item's key does not depend on its position, so an edited course keeps what was done.
 */
import type { ItemRef } from "./contract";
import { el, find, findAll } from "./dom";
import type { ItemState } from "./notebook";
import { count, say } from "./say";

type StateOf = (key: string) => ItemState | null;

/** How many items are done. */
export function doneCount(items: ItemRef[], stateOf: StateOf): number {
  return items.filter((item) => stateOf(item.key)?.state === "done").length;
}

/** Where to go on: the item last left unfinished, else the first that is not done. */
export function nextItem(items: ItemRef[], stateOf: StateOf): { item: ItemRef; fresh: boolean } | null {
  const started = items.filter((item) => stateOf(item.key)?.state === "started");
  started.sort((a, b) => ((stateOf(a.key)?.at ?? "") < (stateOf(b.key)?.at ?? "") ? 1 : -1));
  const item = started[0] ?? items.find((one) => stateOf(one.key) === null);
  return item ? { item, fresh: doneCount(items, stateOf) === 0 && started.length === 0 } : null;
}

/** Draws the marks into whatever part of the outline stands on this page. */
export function drawProgress(items: ItemRef[], stateOf: StateOf): void {
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
  const go = find(".continue");
  const next = nextItem(items, stateOf);
  if (!go) return;
  go.hidden = !next;
  const link = next && findAll<HTMLAnchorElement>("a[data-item], [data-item] a").find(
    (a) => a.closest<HTMLElement>("[data-item]")?.dataset.item === next.item.key,
  );
  const target = find<HTMLAnchorElement>("a", go);
  if (!next || !link || !target) {
    go.hidden = true;
    return;
  }
  target.href = link.href;
  const title = find(".step-title", link) ?? link;
  target.textContent = say(next.fresh ? "start" : "continue", { title: (title.textContent ?? "").trim() });
}
