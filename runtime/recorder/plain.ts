/**
 * A notebook as it is, in JSON, for an LMS that has room: SCORM 2004 keeps 64,000 characters. What takes more is packed, as
 * SCORM 1.2 always has it (pack.ts). The script that does this is asked for once half of the room is taken, so that it is
 * there when it is needed, and where the LMS kept something that is packed.
 */
import { isRow, row, type Row } from "../json";
import type { Notes, OpenNotes } from "./notes";

declare global {
  interface Window {
    sopanPacker?: OpenNotes;
  }
}

/** In characters that every LMS hands back as they were. */
const begun = "%7B";

export const plain: OpenNotes = (data, only, script = "") => {
  const keys = new Set(["course", ...Object.entries(data.items).flatMap(([item, rows]) => (only?.includes(item) === false ? [] : Object.keys(rows)))]);
  let packer: Notes | undefined;
  const ask = async (): Promise<Notes> => {
    if (!window.sopanPacker) await window.sopanBoot.load(script);
    if (!window.sopanPacker) throw new Error("no packer");
    return (packer ??= window.sopanPacker(data, only, script));
  };
  return {
    knows: (key) => keys.has(key),
    async read(text) {
      if (!text.startsWith(begun)) return text ? (await ask()).read(text) : null;
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
      if (text.length * 2 > most && !packer) ask().catch(console.warn);
      return text.length > most ? packer?.write(state, most) : { text, left: [] };
    },
  };
};
