/**
 * One tab at a time, where the browser can arrange it. Nothing depends on it: without Web Locks, in a sandboxed frame
 * (which refuses them), or when a frozen tab does not give the lock back, the work is done all the same.
 */

export async function oneByOne<T>(locks: LockManager | undefined, name: string, patience: number, run: () => Promise<T>): Promise<T> {
  if (!locks) return run();
  let begun = false;
  const go = (): Promise<T> => {
    begun = true;
    return run();
  };
  const late = new Promise<T>((resolve, reject) => {
    setTimeout(() => {
      if (!begun) go().then(resolve, reject);
    }, patience);
  });
  try {
    return await Promise.race([locks.request(name, go), late]);
  } catch (error) {
    if (begun) throw error;
    return run();
  }
}

/** Runs now if nobody else is at it; false where somebody is. */
export async function ifNobody(locks: LockManager | undefined, name: string, run: () => Promise<void>): Promise<boolean> {
  if (!locks) return run().then(() => true);
  let asked = false;
  try {
    return await locks.request(name, { ifAvailable: true }, async (lock) => {
      asked = true;
      if (lock) await run();
      return lock !== null;
    });
  } catch (error) {
    if (asked) throw error;
    return run().then(() => true);
  }
}
