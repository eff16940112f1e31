/**
 * A notebook as it is, in JSON, as long as an LMS has room for it: SCORM 2004 keeps 64,000 characters, SCORM 1.2 4,096. What
 * takes more than half of that is packed (pack.ts) once the script that does this is there. It is asked for then, so that it
 * has come when it is needed, and where the LMS kept something that is packed.
 */
import { isRow, row, type Row } from "../json";
import type { Notes, OpenNotes } from "./notes";

declare global {
  interface Window {
    sopanPacker?: OpenNotes;
  }
}

/** In characters that every LMS hands back as they were; one that reads them as an address gives the second form. */
const begun = /^(%7B|\{)/;

/** A learner waits for what they did before, where it is packed, for as long as these tries take. */
const [tries, pause] = [5, 2000];

export const plain: OpenNotes = (data, only, script = "", came) => {
  const keys = new Set(["course", ...Object.entries(data.items).flatMap(([item, rows]) => (only?.includes(item) === false ? [] : Object.keys(rows)))]);
  let packer: Notes | undefined;
  let asking: Promise<Notes> | undefined;
  const come = async (): Promise<Notes> => {
    if (!window.sopanPacker) await window.sopanBoot.load(script);
    if (!window.sopanPacker) throw new Error("no packer");
    return (packer = window.sopanPacker(data, only));
  };
  const ask = (): Promise<Notes> => (asking ??= come().finally(() => (asking = undefined)));
  const insist = async (left: number): Promise<Notes> => {
    try {
      return await ask();
    } catch (error) {
      if (!left) throw error;
      await new Promise((later) => setTimeout(later, pause));
      return insist(left - 1);
    }
  };
  return {
    knows: (key) => keys.has(key),
    async read(text) {
      if (!begun.test(text)) return text ? (await insist(tries)).read(text) : null;
      try {
        const { attempt, revision, rows } = row(JSON.parse(unescape(text)), "notes");
        return { attempt: Number(attempt), revision: Number(revision), rows: new Map(Object.entries(row(rows, "rows"))) };
      } catch {
        return null; // cut off, or somebody else's
      }
    },
    write(state, most) {
      const rows: Row = {};
      for (const [key, value] of state.rows) {
        // Titles are the course's own, and long.
        if (keys.has(key)) rows[key] = isRow(value) ? { ...value, title: undefined } : value;
      }
      const text = escape(JSON.stringify({ ...state, rows }));
      if (text.length * 2 > most) {
        // Each change is told with the whole notebook: from here on a packed one also costs less to send.
        if (packer) return packer.write(state, most);
        ask().then(came, console.warn);
      }
      return text.length > most ? undefined : { text, left: [] };
    },
  };
};
