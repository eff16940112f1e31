/**
 * Keeping things on the device. A store is rows of JSON under text keys. A write is whole or did not happen, and its
 * promise resolves only when the rows are kept. Lines (the outbox) get their place from the store itself, inside the
 * same write, so that the order of what happened never depends on a clock and two tabs never share a place.
 *
 * Three stores, tried in order: IndexedDB, localStorage, memory. Keep wraps them: a lost database connection is
 * reopened once, then the next store takes over, and the page is told when nothing outlives the tab.
 */
import { DatabaseStore } from "./store_database";
import { LocalStore, MemoryStore } from "./store_local";

export { MemoryStore } from "./store_local";

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

export class Keep implements Store {
  private readonly stores_: (() => Promise<Store>)[];
  private current_: Promise<Store> | null = null;
  private reopened_ = false;
  private used_ = false;
  /** The store gave way to the next in the middle of the page: rows that were read before are not in it. */
  moved = false;
  /** Nothing outlives this tab. */
  fleeting = false;
  /** Called once when `fleeting` becomes true. */
  onFleeting: () => void = () => undefined;

  constructor(stores: (() => Promise<Store>)[] = [DatabaseStore.open, LocalStore.open]) {
    this.stores_ = [...stores];
  }

  read(prefix: string, after?: string, most?: number): Promise<[string, unknown][]> {
    return this.attempt_((store) => store.read(prefix, after, most));
  }

  count(prefix: string): Promise<number> {
    return this.attempt_(async (store) => (store.count ? store.count(prefix) : (await store.read(prefix)).length));
  }

  write(change: Change): Promise<void> {
    return this.attempt_((store) => store.write(change));
  }

  private async attempt_<T>(use: (store: Store) => Promise<T>): Promise<T> {
    for (;;) {
      const open = this.stores_[0];
      try {
        this.current_ ??= open ? open() : Promise.resolve(this.memory_());
        const result = await use(await this.current_);
        this.used_ = true;
        return result;
      } catch (error) {
        if (!open) throw error;
        this.current_ = null;
        // Safari loses its database server while a page lies in the background; a fresh connection works.
        if (isLost(error) && !this.reopened_) this.reopened_ = true;
        else {
          this.stores_.shift();
          this.moved = this.used_;
        }
      }
    }
  }

  private memory_(): Store {
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
