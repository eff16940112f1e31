/**
 * Rows as texts: in localStorage, where IndexedDB is shut off, or in an object that goes with the tab. A write that does not
 * fit is taken back whole.
 */
import { isRow, list } from "./json";
import { padded, placeKey, type Change, type Store } from "./store";

const mine = "sopan:row:";

type Texts = Record<string, string | undefined>;

export class LocalStore implements Store {
  constructor(private readonly texts_: Texts = localStorage) {}

  static async open(this: void): Promise<Store> {
    const probe = mine + "?";
    localStorage[probe] = "1";
    delete localStorage[probe];
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
    for (const [key] of stray) delete localStorage[mine + key];
  }

  async read(prefix: string, after = "", most = Infinity): Promise<[string, unknown][]> {
    const found: [string, unknown][] = [];
    for (const key of Object.keys(this.texts_).sort()) {
      if (found.length >= most || !key.startsWith(mine + prefix) || key <= mine + after) continue;
      try {
        found.push([key.slice(mine.length), JSON.parse(this.texts_[key] ?? "")]);
      } catch {
        // Somebody else's text under our key: not a row.
      }
    }
    return found;
  }

  async write(change: Change): Promise<void> {
    const texts = this.texts_;
    const before: Texts = {};
    const lay = (key: string, text: string | undefined): void => {
      if (text === undefined) delete texts[key];
      else texts[key] = text;
    };
    const set = (row: string, value?: unknown): void => {
      const key = mine + row;
      if (!(key in before)) before[key] = texts[key];
      lay(key, JSON.stringify(value));
    };
    try {
      for (const key of change.drop ?? []) set(key);
      for (const [key, value] of change.put ?? []) set(key, value);
      for (const line of change.append ?? []) {
        const place = Number(texts[mine + placeKey] ?? 0) + 1;
        const key = line.key(padded(place));
        if (!line.over && mine + key in texts) continue;
        set(placeKey, place);
        set(key, line.value(place));
      }
    } catch (error) {
      for (const key in before) lay(key, before[key]);
      throw error;
    }
  }
}

export class MemoryStore extends LocalStore {
  constructor() {
    super({});
  }
}
