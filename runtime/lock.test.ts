import { ifNobody, oneByOne } from "./lock";
import { equal, test } from "./testing";

const refusing = { request: () => Promise.reject(new DOMException("sandboxed", "SecurityError")) } as unknown as LockManager;
const frozen = { request: () => new Promise(() => undefined) } as unknown as LockManager;

test("50: without Web Locks, with locks that are refused, or behind a frozen tab, the work is done once", async () => {
  for (const locks of [undefined, refusing, frozen, navigator.locks]) {
    let n = 0;
    equal(await oneByOne(locks, "test one", 20, async () => ++n), 1);
    equal(n, 1);
  }
  for (const locks of [undefined, refusing, navigator.locks]) {
    let n = 0;
    equal(await ifNobody(locks, "test two", async () => void n++), true);
    equal(n, 1);
  }
});

test("a failure of the work itself is not tried again", async () => {
  for (const locks of [refusing, navigator.locks]) {
    let n = 0;
    const failed = await oneByOne(locks, "test three", 1000, async () => {
      n++;
      throw new Error("no");
    }).then(() => false, () => true);
    equal([failed, n], [true, 1]);
  }
});

test("while another tab is at it, nothing is done here", async () => {
  let done = (): void => undefined;
  const held = new Promise<void>((resolve) => (done = resolve));
  const first = navigator.locks.request("test four", () => held);
  let n = 0;
  equal(await ifNobody(navigator.locks, "test four", async () => void n++), false);
  done();
  await first;
  equal(n, 0);
});
