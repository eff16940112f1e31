import { equal, test } from "./testing";
import { decisionAt, forks, known, points, share, sum, type Decision, type Graph } from "./way";

function decision(id: string, points: Record<string, number>, to = id): Decision {
  return { id, to, text: `go to ${id}`, points };
}

const graph: Graph = new Map([
  ["start", [decision("search", { records: 2 }), decision("deny", { accountability: -1 }), decision("deny~2", { accountability: -4 }, "deny")]],
  ["search", [decision("found", { accountability: 1 }), decision("start", { records: 9 })]],
  ["deny", [decision("complaint", {})]],
  ["found", []],
  ["complaint", []],
]);
const way = (scenes: string[], taken?: string[], done?: boolean) => ({ number: 1, startedAt: 0, scenes, ...(taken ? { taken } : {}), ...(done ? { done } : {}) });

test("a way earns what its decisions earn", () => {
  equal(points(graph, { scenes: ["start", "search", "found"] }), { records: 2, accountability: 1 });
  equal(sum(points(graph, { scenes: ["start", "deny", "complaint"] })), -1);
});

test("of two decisions that lead to one scene, the one that was taken counts", () => {
  equal(sum(points(graph, { scenes: ["start", "deny"], taken: ["deny~2"] })), -4);
  equal(decisionAt(graph, { scenes: ["start", "deny"] }, 0)?.id, "deny");
});

test("a decision counts once: going round in circles earns nothing", () => {
  const circles = ["start", "search", "start", "search", "start", "search", "found"];
  equal(points(graph, { scenes: circles }), { records: 11, accountability: 1 });
});

test("where two ways part is said, and nothing else", () => {
  const best = { scenes: ["start", "search", "found"] };
  equal(forks(graph, { scenes: ["start", "deny", "complaint"] }, best).map((f) => [f.scene, f.yours.id, f.best.id]), [["start", "deny", "search"]]);
  equal(forks(graph, best, best), []);
});

test("a way is taken up again up to what an edited case still has", () => {
  equal(known(graph, way(["start", "search", "attic", "found"]), "start")?.scenes, ["start", "search"]);
  equal(known(graph, way(["start", "search", "found"], undefined, true), "start")?.scenes, ["start", "search", "found"]);
  equal([known(graph, way(["start", "attic"], undefined, true), "start"), known(graph, way(["search"]), "start")], [null, null]);
});

test("a case that nothing can be earned in has no share", () => {
  equal([share(0, 0), share(-1, 3), share(2, 3), share(5, 3)], [null, 0, 2 / 3, 1]);
});
