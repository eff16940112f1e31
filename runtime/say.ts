/**
 * What the scripts say. In goes a key of words/LANG.yaml and the values for its {places}; out comes plain text, never
 * markup. A key that is missing is said as it is, so that a slip is seen and nothing breaks.
 */
import { words } from "sopan:words";

export type Values = Record<string, string | number>;

export function say(key: string, values: Values = {}): string {
  return (words[key] ?? key).replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? ""));
}

/** Picks key.one or key.other by the number's plural form in the page's language. */
export function count(key: string, n: number, values: Values = {}): string {
  const one = new Intl.PluralRules(document.documentElement.lang || "en").select(n) === "one";
  return say(key + (one ? ".one" : ".other"), { n, ...values });
}
