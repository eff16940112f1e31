import { gains } from "./gain";
import { equal, test } from "./testing";

test("a gain holds the share of now against the first diagnostic of the same competency", () => {
  const attempt = (number: number, more: object) => ({ number, startedAt: 0, finishedAt: 1, ...more });
  const before = [
    attempt(2, { diagnostic: true, competencies: [{ id: "rti", raw: 4, max: 4 }] }),
    attempt(1, { diagnostic: true, competencies: [{ id: "rti", level: 1, raw: 1, max: 2 }, { id: "rti", level: 2, raw: 0, max: 2 }] }),
    attempt(1, { competencies: [{ id: "integrity", raw: 1, max: 2 }] }),
    { number: 1, startedAt: 0, diagnostic: true, competencies: [{ id: "records", raw: 1, max: 2 }] },
  ];
  const now = [{ id: "rti", level: 1, raw: 3, max: 4 }, { id: "integrity", raw: 2, max: 2 }, { id: "records", raw: 1, max: 1 }];
  equal(gains(now, before), [{ id: "rti", before: 0.25, now: 0.75 }]);
});
