/** Modules that the bundler makes; there is no file behind them. */

/** The words of words/LANG.yaml (the runtime's and the question kinds') in the language of the bundle. */
declare module "sopan:words" {
  export const words: Record<string, string>;
}

/** What is said with each request to a record store: the version of xAPI that the site's has. */
declare module "sopan:version" {
  export const version: { "X-Experience-API-Version": string };
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
