/** Rows in localStorage: where IndexedDB is shut off. A write that does not fit is taken back whole. */
import { isRow, list } from "./json";
import { padded, placeKey, type Change, type Store } from "./store";

const mine = "sopan:row:";

export class LocalStore implements Store {
  static async open(this: void): Promise<Store> {
    const probe = mine + "?";
    localStorage.setItem(probe, "1");
    localStorage.removeItem(probe);
    return new LocalStore();
  }

  /** Rows that had to go here while the database was away go home. */
  static async moveTo(store: Store): Promise<void> {
    let stray: [string, unknown][];
    try {
      stray = await new LocalStore().read("");
    } catch {
      return;
    }
    if (!stray.length) return;
    const put: [string, unknown][] = [];
    for (const [key, value] of stray) {
      const there = (await store.read(key)).find(([k]) => k === key)?.[1];
      // While the database was away a learner may have been made anew: who was here stays who learns.
      if (isRow(there) && isRow(value) && value.current) {
        put.push([key, { ...there, others: [...list(there.others), value.current, ...list(value.others)] }]);
      } else if (key !== placeKey) put.push([key, value]);
    }
    await store.write({ put });
    for (const [key] of stray) localStorage.removeItem(mine + key);
  }

  async read(prefix: string, after = "", most = Infinity): Promise<[string, unknown][]> {
    const found: [string, unknown][] = [];
    for (let i = 0; i < localStorage.length; i++) {
      const key = localStorage.key(i) ?? "";
      if (!key.startsWith(mine + prefix) || key <= mine + after) continue;
      try {
        found.push([key.slice(mine.length), JSON.parse(localStorage.getItem(key) ?? "")]);
      } catch {
        // Somebody else's text under our key: not a row.
      }
    }
    return found.sort(([a], [b]) => (a < b ? -1 : 1)).slice(0, most);
  }

  async write(change: Change): Promise<void> {
    const before = new Map<string, string | null>();
    const set = (key: string, text: string | null): void => {
      if (!before.has(key)) before.set(key, localStorage.getItem(mine + key));
      if (text === null) localStorage.removeItem(mine + key);
      else localStorage.setItem(mine + key, text);
    };
    try {
      for (const key of change.drop ?? []) set(key, null);
      for (const [key, value] of change.put ?? []) set(key, JSON.stringify(value));
      for (const line of change.append ?? []) {
        const place = Number(localStorage.getItem(mine + placeKey) ?? 0) + 1;
        const key = line.key(padded(place));
        if (!line.over && localStorage.getItem(mine + key) !== null) continue;
        set(placeKey, String(place));
        set(key, JSON.stringify(line.value(place)));
      }
    } catch (error) {
      for (const [key, text] of before) {
        if (text === null) localStorage.removeItem(mine + key);
        else localStorage.setItem(mine + key, text);
      }
      throw error;
    }
  }
}
