/** Rows in IndexedDB. */
import { padded, placeKey, type Change, type Store } from "./store";
import { LocalStore } from "./store_local";

const rows = "rows";

export class DatabaseStore implements Store {
  private constructor(private readonly db_: IDBDatabase) {}

  static async open(this: void): Promise<Store> {
    const db = await new Promise<IDBDatabase>((resolve, reject) => {
      const request = indexedDB.open("sopan", 1);
      // Some browsers never answer in private windows; a page that waits for ever is worse than another store.
      setTimeout(() => reject(new Error("no answer")), 4000);
      request.onupgradeneeded = () => request.result.createObjectStore(rows);
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
      request.onblocked = () => reject(new Error("blocked"));
    });
    db.onversionchange = () => db.close();
    const store = new DatabaseStore(db);
    await LocalStore.moveTo(store);
    return store;
  }

  async read(prefix: string, after?: string, most?: number): Promise<[string, unknown][]> {
    const from = this.db_.transaction(rows).objectStore(rows);
    const range = below(prefix, after);
    const [keys, values] = await Promise.all([got(from.getAllKeys(range, most)), got(from.getAll(range, most))]);
    return keys.map((key, i) => [String(key), values[i]]);
  }

  count(prefix: string): Promise<number> {
    return got(this.db_.transaction(rows).objectStore(rows).count(below(prefix)));
  }

  write(change: Change): Promise<void> {
    return new Promise((resolve, reject) => {
      // strict: complete means on the disk, not in a buffer that a dead battery takes along.
      const tx = this.db_.transaction(rows, "readwrite", { durability: "strict" });
      const into = tx.objectStore(rows);
      for (const key of change.drop ?? []) into.delete(key);
      for (const [key, value] of change.put ?? []) into.put(value, key);
      const lines = change.append ?? [];
      // Said at once, so that the browser ends the write though the page is left. Not with lines: an error after this word ends
      // the write, and a line that stands already is one.
      if (!lines.length) tx.commit?.();
      else {
        const last = into.get(placeKey);
        last.onsuccess = () => {
          let place = Number(last.result ?? 0);
          for (const line of lines) {
            place++;
            const added = into[line.over ? "put" : "add"](line.value(place), line.key(padded(place)));
            // It stands there already: that ends nothing.
            added.onerror = (event) => {
              event.preventDefault();
              event.stopPropagation();
            };
          }
          into.put(place, placeKey);
        };
      }
      tx.oncomplete = () => resolve();
      tx.onabort = tx.onerror = () => reject(tx.error ?? new Error("write failed"));
    });
  }
}

function below(prefix: string, after?: string): IDBKeyRange {
  return IDBKeyRange.bound(after ?? prefix, prefix + "\uffff", !!after);
}

function got<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
