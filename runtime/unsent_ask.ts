/** How a recorder comes to the script of records that stay (unsent.ts). */
import type { Unsent } from "./unsent";

declare global {
  interface Window {
    sopanUnsent?: Unsent;
  }
}

/** Throws where it does not come, as without a network; it is asked for again with the next need. */
export async function askUnsent(address: string): Promise<Unsent> {
  if (!window.sopanUnsent) await window.sopanBoot.load(address);
  if (!window.sopanUnsent) throw new Error("no script");
  return window.sopanUnsent;
}
