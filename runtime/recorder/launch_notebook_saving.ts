/**
 * Lets the document at the learning platform follow the notebook (launch_notebook.ts): a moment after each change, and in
 * a request that outlives the page when it goes. Where another device wrote meanwhile, both are laid together.
 */
import type { Keep } from "../store";
import { request } from "../world";
import { stateDocument, type Launch } from "./launch";
import { notebookName, type RemoteNotebook } from "./launch_notebook";

export interface SavedNotebook {
  /** The document as it would be written now; "" where there is nothing new. */
  due(): string;
  /** Writes the document if there is anything new; with `last`, in a request that outlives the page. */
  save(last?: boolean): Promise<void>;
}

export function followed(book: RemoteNotebook, launch: Launch, keep: Keep): SavedNotebook {
  let dirty = false;
  let timer = 0;
  let saving = Promise.resolve();

  const touch = (wait: number): void => {
    dirty = true;
    clearTimeout(timer);
    // One request at a time: each needs to know what the one before it has changed.
    timer = window.setTimeout(() => (saving = saving.then(() => save())), wait);
  };
  const due = (): string => (dirty ? JSON.stringify({ v: 1, revision: book.revision + 1, rows: book.rows }) : "");
  const save = async (last = false): Promise<void> => {
    clearTimeout(timer);
    const body = due();
    if (!body) return;
    dirty = false;
    const { etag } = book;
    try {
      const init = { ...request(body, "PUT"), keepalive: last };
      if (etag && !last) init.headers["If-Match"] = etag;
      const response = await stateDocument(launch, notebookName, init);
      if (response.status === 412) {
        // Another device wrote meanwhile.
        await book.fetched();
        touch(0);
      } else if (response.ok) {
        book.etag = response.headers.get("ETag");
        await keep.write({ put: [[book.key, ++book.revision]] });
      } else throw response;
    } catch {
      touch(30_000);
    }
  };

  book.onWrite = () => touch(200);
  // A browser asks the platform's leave before the first request of a kind. When the page goes there is no time for that.
  touch(0);
  // On the way to another page there is time; as the page goes, what has to be said last could overtake this.
  window.addEventListener("beforeunload", () => void save(true));
  return { due, save };
}
