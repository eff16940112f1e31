/**
 * What the base script holds for the scripts beside it. The bundler puts it at `window.sopanShared`, and lets their bundles
 * take it from there: imports read the same everywhere.
 */
export * from "./dom";
export * from "./json";
export * from "./lock";
export * from "./say";
export * from "./store";
export * from "./uuid";
export * from "./verdict";
export { words } from "sopan:words";
