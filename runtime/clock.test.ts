import { after, back, begin, clockOf, extension, more, passed, pause } from "./clock";
import { equal, test } from "./testing";

const minute = 60000;

test("time runs out, and stops at 0", () => {
  const clock = begin(1, 20 * minute, 1000);
  equal(after(clock, 5 * minute, 2000).left, 15 * minute);
  equal(after(clock, 21 * minute, 2000).left, 0);
});

test("a closed tab does not stop the clock", () => {
  equal(back(begin(1, 20 * minute, 1000), 1000 + 12 * minute).left, 8 * minute);
  equal(back(begin(1, 20 * minute, 1000), 1000 + 500 * minute).left, 0);
});

test("a device's clock that is set back gives no time, one that is set far ahead none below 0", () => {
  const clock = begin(1, 20 * minute, 1e12);
  const lost = back(clock, 1e12 - 365 * 24 * 60 * minute, 2 * minute);
  equal(lost.left, 18 * minute, "set back a year while away for two minutes");
  equal(back(lost, lost.at + minute).left, 17 * minute, "and it goes on from the new time");
  equal(back(clock, 1e12 + 365 * 24 * 60 * minute).left, 0, "set ahead a year");
  equal(after(clock, -minute, 5).left, 20 * minute, "a steady clock that went backwards");
});

test("a stopped clock stays as it is until it goes on", () => {
  const stopped = pause(begin(1, 20 * minute, 0), true);
  equal(back(stopped, 300 * minute).left, 20 * minute);
  const on = pause(back(stopped, 300 * minute), false);
  equal([on.paused, back(on, 301 * minute).left], [undefined, 19 * minute]);
});

test("more time is a quarter of the whole, in minutes, at least one", () => {
  equal([20, 1, 90, 2].map((m) => extension(m * minute)), [5, 1, 23, 1]);
  equal(more(begin(1, 2 * minute, 0), 20 * minute).left, 7 * minute);
});

test("half the time, five minutes and one minute are each announced once", () => {
  const said: number[] = [];
  for (let left = 20 * minute; left > 0; left -= 1000) {
    const mark = passed(left, left - 1000, 20 * minute);
    if (mark !== null) said.push(mark / minute);
  }
  equal(said, [10, 5, 1]);
  equal(passed(20 * minute, 30000, 20 * minute), minute, "after a long sleep only what holds now");
  equal([passed(3 * minute, 2 * minute, 4 * minute), passed(4 * minute, 3 * minute, 4 * minute)], [2 * minute, null], "four minutes in all");
  equal(passed(90000, 44000, 90000), 45000, "a minute and a half in all");
});

test("a stored row that is no clock is none", () => {
  equal([clockOf(null), clockOf({ attempt: 1, at: 2 }), clockOf({ attempt: 1, at: 2, left: "9" })], [null, null, null]);
  equal(clockOf({ attempt: 1, at: 2, left: 9, paused: true, more: 1 }), { attempt: 1, left: 9, at: 2, paused: true });
});
