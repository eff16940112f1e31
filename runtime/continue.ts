/** "Continue" on the front page of a course or a module: where to go on. Logic first. */
import type { ItemRef } from "./contract";
import type { Desk } from "./desk";
import { find, findAll } from "./dom";
import type { StateOf } from "./progress";
import { say } from "./say";

/** The item last left unfinished, else the first that is not done. */
export function nextItem(items: ItemRef[], stateOf: StateOf): { item: ItemRef; fresh: boolean } | null {
  const started = items.filter((item) => stateOf(item.key)?.state === "started");
  started.sort((a, b) => ((stateOf(a.key)?.at ?? "") < (stateOf(b.key)?.at ?? "") ? 1 : -1));
  const item = started[0] ?? items.find((one) => stateOf(one.key) === null);
  return item ? { item, fresh: items.every((one) => stateOf(one.key) === null) } : null;
}

export function goOn(desk: Desk): void {
  const go = find(".continue");
  const target = go && find<HTMLAnchorElement>("a", go);
  if (!go || !target) return;
  const draw = (): void => {
    const next = nextItem(desk.page.course?.items ?? [], (key) => desk.book.item(key));
    const link = next && findAll<HTMLAnchorElement>("a[data-item], [data-item] a").find(
      (a) => a.closest<HTMLElement>("[data-item]")?.dataset.item === next.item.key,
    );
    go.hidden = !link;
    if (!link) return;
    target.href = link.href;
    const title = find(".step-title", link) ?? link;
    target.textContent = say(next.fresh ? "start" : "continue", { title: (title.textContent ?? "").trim() });
  };
  draw();
  desk.onRefresh.push(draw);
}
