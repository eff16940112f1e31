import { draw } from "./draw";
import { equal, ok, test } from "./testing";

const ids = ["a", "b", "c", "d", "e", "f", "g", "h"];
const none = new Set<string>();

test("a draw takes as many as it says, each once, in the quiz's order, and the same from the same seed", () => {
  const got = draw({ any: 3 }, ids, [], none, "x 1");
  equal(got.length, 3);
  equal(got, ids.filter((id) => got.includes(id)));
  equal(draw({ any: 3 }, ids, [], none, "x 1"), got);
  const all = new Set(Array.from({ length: 60 }, (_, i) => draw({ any: 3 }, ids, [], none, `x ${i}`).join("")));
  ok(all.size > 25, `only ${all.size} draws in 60 attempts`);
});

test("every question is drawn about as often", () => {
  const times: Record<string, number> = {};
  for (let i = 0; i < 4000; i++) for (const id of draw({ any: 2 }, ids, [], none, `learner ${i}`)) times[id] = (times[id] ?? 0) + 1;
  for (const id of ids) ok((times[id] ?? 0) > 880 && (times[id] ?? 0) < 1120, `${id} is drawn ${times[id]} times in 4000, 1000 are fair`);
});

test("a retake gets what was not met before, and only then what was", () => {
  for (let i = 0; i < 20; i++) {
    const first = draw({ any: 5 }, ids, [], none, `x ${i}`);
    const second = draw({ any: 5 }, ids, [], new Set(first), `y ${i}`);
    equal(ids.filter((id) => !first.includes(id) && !second.includes(id)), [], `first ${first}`);
    equal(second.length, 5);
  }
});

test("each stratum gives what it is asked for, also where one holds another", () => {
  const rule = { from: [{ count: 2, of: [0, 1, 2, 3] }, { count: 3, of: [0, 1, 2] }, { count: 1, of: [6, 7] }] };
  for (let i = 0; i < 30; i++) {
    const got = draw(rule, ids, [], none, `x ${i}`);
    // Only four questions are in the first two strata: all of them, and one of g and h.
    equal(got.slice(0, 4), ["a", "b", "c", "d"], `seed ${i}`);
    equal(got.length, 5);
  }
});

test("an attempt keeps its questions when others come, and one that is gone is replaced from its own stratum", () => {
  const rule = { from: [{ count: 2, of: [0, 1, 2, 3] }, { count: 1, of: [4, 5, 6, 7] }] };
  equal(draw(rule, ids, ["a", "c", "f"], none, "any"), ["a", "c", "f"]);
  for (let i = 0; i < 20; i++) {
    const got = draw(rule, ids, ["a", "gone", "f"], new Set(["a", "b", "f"]), `x ${i}`);
    ok(got.includes("a") && got.includes("f") && got.length === 3, `got ${got}`);
    ok(got.includes("c") || got.includes("d"), `the new one was met before: ${got}`);
  }
});

test("where too few are left, the draw is smaller", () => equal(draw({ any: 5 }, ["a", "b"], ["a", "z"], none, "x"), ["a", "b"]));
