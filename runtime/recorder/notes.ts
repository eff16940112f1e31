/** How the learner's notebook stands in an LMS's suspend_data. Types only: pack.ts and plain.ts are the two ways. */
import type { KnownData, State } from "./pack";

export interface Notes {
  /** Whether this package knows a row, by the end of its key. */
  knows(key: string): boolean;
  /** null where the text is none of ours, of another version or damaged. */
  read(text: string): State | null | Promise<State | null>;
  /** At most so many characters; `left` are the keys of what was left out. undefined where it cannot be written yet. */
  write(state: State, most: number): { text: string; left: string[] } | undefined;
}

/**
 * Of the items named, or all. `packer` is the address of that script, where the package has it apart; `came` is called when
 * what could not be written yet can be.
 */
export type OpenNotes = (data: KnownData, only?: string[], packer?: string, came?: () => void) => Notes;
