/** Modules that the bundler makes; there is no file behind them. */

/** The words of words/LANG.yaml (the runtime's and the question kinds') in the language of the bundle. */
declare module "sopan:words" {
  export const words: Record<string, string>;
}

/** Every question kind of quiz/*.ts. */
declare module "sopan:kinds" {
  import type { Kind } from "./contract";
  export const kinds: Kind[];
}
