/**
 * How the learner likes to read: text size, contrast, colours, as attributes of <html>. Kept in localStorage and not in
 * the notebook, because it must be on the page before it is painted, and it is nobody's record.
 */

export const names = ["text", "contrast", "theme"] as const;

export type Setting = (typeof names)[number];

/** "" is what the device or the page has by itself. */
export function preferred(name: Setting): string {
  try {
    return localStorage.getItem(`sopan:${name}`) ?? "";
  } catch {
    // Storage is shut off: the page as it comes.
    return "";
  }
}

export function apply(name: Setting, value: string): void {
  const { dataset } = document.documentElement;
  if (value === "" || value === "100") delete dataset[name];
  else dataset[name] = value;
}

export function applySettings(): void {
  for (const name of names) apply(name, preferred(name));
}
