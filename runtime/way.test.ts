import { equal, test } from "./testing";
import { best, points, share, sum, type Graph } from "./way";

const graph: Graph = new Map([
  ["start", [{ to: "search", points: { records: 2 } }, { to: "deny", points: { accountability: -1 } }]],
  ["search", [{ to: "found", points: { accountability: 1 } }, { to: "start", points: { records: 9 } }]],
  ["deny", [{ to: "complaint", points: {} }]],
  ["found", []],
  ["complaint", []],
]);

test("a way earns what its decisions earn", () => {
  equal(points(graph, ["start", "search", "found"]), { records: 2, accountability: 1 });
  equal(sum(points(graph, ["start", "deny", "complaint"])), -1);
});

test("the best way visits no scene twice: going round in circles earns nothing", () => {
  equal(best(graph, "start"), { scenes: ["start", "search", "found"], points: 3 });
});

test("a case that nothing can be earned in has no share", () => {
  equal([share(0, 0), share(-1, 3), share(2, 3), share(5, 3)], [null, 0, 2 / 3, 1]);
});
