/**
 * Keeping things on the device. A store is rows of JSON under text keys. A write is whole or did not happen, and its
 * promise resolves only when the rows are kept. Lines (the outbox) get their place from the store itself, inside the
 * same write, so that the order of what happened never depends on a clock and two tabs never share a place.
 *
 * Three stores, tried in order: IndexedDB, localStorage, memory. Keep wraps them: a lost database connection is
 * reopened once, then the next store takes over, and the page is told when nothing outlives the tab.
 */
import { DatabaseStore } from "./store_database";
import { LocalStore } from "./store_local";

export interface Change {
  put?: [key: string, value: unknown][];
  drop?: string[];
  /** Rows to append; the store gives each its place in line. */
  append?: Line[];
}

export interface Line {
  /** The row's key for its place: a place is padded, so that keys sort in the order of places. */
  key: (place: string) => string;
  value: (place: number) => unknown;
  /** It takes the place of a row under the same key. Without it that row stays: it may be on its way to a record store. */
  over?: boolean;
}

export interface Store {
  /** All rows whose key starts so, in the order of keys; or at most so many of those behind a key. */
  read(prefix: string, after?: string, most?: number): Promise<[key: string, value: unknown][]>;
  /** How many these are, where that can be told without reading them. */
  count?(prefix: string): Promise<number>;
  write(change: Change): Promise<void>;
}

/** The row that counts places. */
export const placeKey = "place";

export function padded(place: number): string {
  return String(place).padStart(12, "0");
}

export class MemoryStore implements Store {
  private rows = new Map<string, unknown>();

  async read(prefix: string, after = "", most = Infinity): Promise<[string, unknown][]> {
    return [...this.rows].filter(([key]) => key.startsWith(prefix) && key > after).sort(([a], [b]) => (a < b ? -1 : 1)).slice(0, most);
  }

  async write(change: Change): Promise<void> {
    for (const key of change.drop ?? []) this.rows.delete(key);
    for (const [key, value] of change.put ?? []) this.rows.set(key, value);
    for (const line of change.append ?? []) {
      const place = Number(this.rows.get(placeKey) ?? 0) + 1;
      const key = line.key(padded(place));
      if (!line.over && this.rows.has(key)) continue;
      this.rows.set(placeKey, place);
      this.rows.set(key, line.value(place));
    }
  }
}

export class Keep implements Store {
  private readonly stores: (() => Promise<Store>)[];
  private current: Promise<Store> | null = null;
  private reopened = false;
  private used = false;
  /** The store gave way to the next in the middle of the page: rows that were read before are not in it. */
  moved = false;
  /** Nothing outlives this tab. */
  fleeting = false;
  /** Called once when `fleeting` becomes true. */
  onFleeting: () => void = () => undefined;

  constructor(stores: (() => Promise<Store>)[] = [DatabaseStore.open, LocalStore.open]) {
    this.stores = [...stores];
  }

  read(prefix: string, after?: string, most?: number): Promise<[string, unknown][]> {
    return this.attempt((store) => store.read(prefix, after, most));
  }

  count(prefix: string): Promise<number> {
    return this.attempt(async (store) => (store.count ? store.count(prefix) : (await store.read(prefix)).length));
  }

  write(change: Change): Promise<void> {
    return this.attempt((store) => store.write(change));
  }

  private async attempt<T>(use: (store: Store) => Promise<T>): Promise<T> {
    for (;;) {
      const open = this.stores[0];
      try {
        this.current ??= open ? open() : Promise.resolve(this.memory());
        const result = await use(await this.current);
        this.used = true;
        return result;
      } catch (error) {
        if (!open) throw error;
        this.current = null;
        // Safari loses its database server while a page lies in the background; a fresh connection works.
        if (isLost(error) && !this.reopened) this.reopened = true;
        else {
          this.stores.shift();
          this.moved = this.used;
        }
      }
    }
  }

  private memory(): Store {
    if (!this.fleeting) {
      this.fleeting = true;
      this.onFleeting();
    }
    return new MemoryStore();
  }
}

function isLost(error: unknown): boolean {
  const { name = "", message = "" } = (error ?? {}) as { name?: string; message?: string };
  return name === "InvalidStateError" || name === "UnknownError" || /connection/i.test(message);
}
