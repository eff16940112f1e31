import type { ItemRef } from "./contract";
import { nextItem } from "./continue";
import { leastSeconds } from "./lesson";
import type { ItemState } from "./notebook";
import { equal, test } from "./testing";

const items: ItemRef[] = [
  { key: "a", type: "lesson" }, { key: "b", type: "lesson" }, { key: "c", type: "quiz" }, { key: "d", type: "case" }, { key: "e", type: "lesson" },
];

function states(text: string): (key: string) => ItemState | null {
  const map = new Map(text.split(" ").filter((t) => t).map((t) => {
    const [key = "", state = "", at = "1", passed] = t.split(":");
    const one: ItemState = { state: state === "done" ? "done" : "started", at, type: "lesson" };
    if (passed) one.passed = passed === "yes";
    return [key, one];
  }));
  return (key) => map.get(key) ?? null;
}

test("one goes on with what was left last, else with the first that is not done", () => {
  equal(nextItem(items, states(""))?.item.key, "a");
  equal(nextItem(items, states(""))?.fresh, true);
  equal(nextItem(items, states("a:done b:started:2026-01 e:started:2026-02"))?.item.key, "e");
  equal(nextItem(items, states("a:done c:done"))?.item.key, "b");
  equal(nextItem(items, states("a:done b:done c:done d:done e:done")), null);
});

test("reaching the end counts only after a share of the reading time", () => {
  equal([leastSeconds(undefined), leastSeconds(1), leastSeconds(5), leastSeconds(60)], [5, 9, 45, 90]);
});
