/**
 * The learner's notebook at the learning platform, as a document of the xAPI State resource, so that a course goes on on
 * another device. In go the device's store and a launch. Both are laid together when the course is opened: the higher
 * revision wins, row by row, and what was done stays done. From then on each write to the store that touches the notebook
 * is known here, and whoever sends (launch_notebook_saving.ts) lets the document follow.
 */
import { isRow, type Row } from "../json";
import { statePrefix } from "../notebook";
import type { Keep } from "../store";
import { stateDocument } from "./launch";
import type { LaunchSession } from "./launch_outbox";

/** The document's name among those of the activity. */
export const notebookName = "sopan.notebook";

export interface RemoteNotebook {
  /** The notebook's rows, by the end of their keys. */
  rows: Row;
  /** The revision that both have, its key in the store, and what the platform calls the document that it has. */
  revision: number;
  key: string;
  etag: string | null;
  /** Lays the platform's document and the rows together. */
  fetched(): Promise<void>;
  /** Called when rows are written. */
  onWrite: () => void;
}

export async function openNotebook(keep: Keep, { launch, site, learner, line }: Pick<LaunchSession, "launch" | "site" | "learner" | "line">): Promise<RemoteNotebook> {
  const prefix = statePrefix(site, learner);
  const key = `revision ${line}`;
  const rows: Row = {};
  const book: RemoteNotebook = {
    rows, key, revision: Number((await keep.read(key))[0]?.[1] ?? 0), etag: null, onWrite: () => undefined,
    async fetched() {
      const response = await stateDocument(launch, notebookName);
      book.etag = response.headers.get("ETag");
      const found: unknown = response.ok ? await response.json() : 0;
      if (!isRow(found) || !isRow(found.rows)) return;
      const theirs = Number(found.revision);
      const put = Object.entries(found.rows).map(([end, row]): [string, unknown] => [
        prefix + end, theirs > book.revision ? laid(row, rows[end]) : laid(rows[end] ?? row, row),
      ]);
      book.revision = Math.max(book.revision, theirs) || 0;
      await keep.write({ put: [...put, [key, book.revision]] });
    },
  };
  for (const [at, value] of await keep.read(prefix)) rows[at.slice(prefix.length)] = value;
  // What is written to the device is known here in the same moment: a page that closes has no time to read.
  const write = keep.write.bind(keep);
  keep.write = (change) => {
    for (const [at, value] of change.put ?? []) {
      if (at.startsWith(prefix)) {
        rows[at.slice(prefix.length)] = value;
        book.onWrite();
      }
    }
    return write(change);
  };
  // Without a network the device's own rows will do.
  await book.fetched().catch(console.warn);
  return book;
}

/** Of two forms of a row the first one, but what either calls done or passed stays so. */
export function laid(first: unknown, second: unknown): unknown {
  if (!isRow(first) || !isRow(second)) return first;
  const out = { ...first };
  if (second.state === "done") out.state = "done";
  for (const flag of ["completed", "passed", "failed"]) if (second[flag]) out[flag] = true;
  return out;
}
