/** Modules that the bundler makes; there is no file behind them. */

/** The words of words/LANG.yaml (the runtime's and the question kinds') in the language of the bundle. */
declare module "sopan:words" {
  export const words: Record<string, string>;
}

/** The question kinds (quiz/*.ts) that the page has: the usual ones, and those of the kinds script where it is there. */
declare module "sopan:kinds" {
  import type { Kind } from "./contract";
  export const kinds: Kind[];
}

/** The other kinds. */
declare module "sopan:more-kinds" {
  import type { Kind } from "./contract";
  export const kinds: Kind[];
}

interface Window {
  sopanKinds?: import("./contract").Kind[];
}
