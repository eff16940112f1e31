/**
 * The learner's notebook at the learning platform, as a document of the xAPI State resource, so that a course goes on on
 * another device. In go the device's store and a launch; from then on each write to the store that touches the notebook
 * is followed by the document. Both are laid together when the course is opened: the higher revision wins, row by row,
 * and what was done stays done.
 */
import { isRow, type Row } from "../json";
import { statePrefix } from "../notebook";
import type { Keep } from "../store";
import { stateDocument, type Launch } from "./launch";

/** The document's name among those of the activity. */
const name = "sopan.notebook";

export interface RemoteNotebook {
  /** The notebook's rows, by the end of their keys. */
  rows: Row;
  /** The document as it would be written now; "" where there is nothing new. */
  due(): string;
  /** Writes the document if there is anything new; with `last`, in a request that outlives the page. */
  save(last?: boolean): Promise<void>;
}

/** Lays the platform's document and the device's rows together, and follows the store from then on unless it is `looking` only. */
export async function openNotebook(launch: Launch, keep: Keep, site: string, learner: string, looking = false): Promise<RemoteNotebook> {
  const prefix = statePrefix(site, learner);
  const revisionKey = `revision ${site} ${learner}`;
  const rows: Row = {};
  let revision = Number((await keep.read(revisionKey))[0]?.[1] ?? 0);
  let etag: string | null = null;
  let dirty = false;
  let timer = 0;
  let saving = Promise.resolve();

  const touch = (wait: number): void => {
    if (looking) return;
    dirty = true;
    clearTimeout(timer);
    // One request at a time: each needs to know what the one before it has changed.
    timer = window.setTimeout(() => (saving = saving.then(() => save())), wait);
  };
  const fetched = async (): Promise<void> => {
    const response = await stateDocument(launch, name);
    etag = response.headers.get("ETag");
    const found: unknown = response.ok ? await response.json() : 0;
    if (!isRow(found) || !isRow(found.rows)) return;
    const theirs = Number(found.revision);
    const put = Object.entries(found.rows).map(([key, row]): [string, unknown] => [
      prefix + key, theirs > revision ? laid(row, rows[key]) : laid(rows[key] ?? row, row),
    ]);
    revision = Math.max(revision, theirs) || 0;
    await keep.write({ put: [...put, [revisionKey, revision]] });
  };
  const due = (): string => (dirty ? JSON.stringify({ v: 1, revision: revision + 1, rows }) : "");
  const save = async (last = false): Promise<void> => {
    clearTimeout(timer);
    const body = due();
    if (!body) return;
    dirty = false;
    try {
      const response = await stateDocument(launch, name, { method: "PUT", body, keepalive: last, ...(etag && !last ? { headers: { "If-Match": etag } } : {}) });
      if (response.status === 412) {
        // Another device wrote meanwhile.
        await fetched();
        touch(0);
      } else if (response.ok) {
        etag = response.headers.get("ETag");
        await keep.write({ put: [[revisionKey, ++revision]] });
      } else throw response;
    } catch {
      touch(30_000);
    }
  };

  for (const [key, value] of await keep.read(prefix)) rows[key.slice(prefix.length)] = value;
  // What is written to the device is known here in the same moment: a page that closes has no time to read.
  const write = keep.write.bind(keep);
  keep.write = (change) => {
    for (const [key, value] of change.put ?? []) {
      if (key.startsWith(prefix)) {
        rows[key.slice(prefix.length)] = value;
        touch(200);
      }
    }
    return write(change);
  };
  // Without a network the device's own rows will do.
  await fetched().catch(console.warn);
  // A browser asks the platform's leave before the first request of a kind. When the page goes there is no time for that.
  touch(0);
  // On the way to another page there is time; as the page goes, what has to be said last could overtake this.
  window.addEventListener("beforeunload", () => void save(true));
  return { rows, due, save };
}

/** Of two forms of a row the first one, but what either calls done or passed stays so. */
export function laid(first: unknown, second: unknown): unknown {
  if (!isRow(first) || !isRow(second)) return first;
  const out = { ...first };
  if (second.state === "done") out.state = "done";
  for (const flag of ["completed", "passed", "failed"]) if (second[flag] === true) out[flag] = true;
  return out;
}
