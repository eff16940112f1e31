/** Plain JSON values, checked: each reader throws a plain message where the shape is wrong. */

export type Row = Record<string, unknown>;

export function row(value: unknown, what: string): Row {
  if (!isRow(value)) throw new Error(`${what} is no object`);
  return value;
}

/** Data of the version that these scripts read. */
export function versioned(value: unknown, what: string): Row {
  const data = row(value, what);
  if (data.v !== 1) throw new Error(`${what} of another version`);
  return data;
}

export function isRow(value: unknown): value is Row {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function text(value: unknown, what: string): string {
  if (typeof value !== "string") throw new Error(`${what} is no text`);
  return value;
}

/** The texts that a row holds under these names. */
export function texts<Name extends string>(from: Row, what: string, ...names: Name[]): Record<Name, string> {
  return Object.fromEntries(names.map((name) => [name, text(from[name], `${what}.${name}`)])) as Record<Name, string>;
}

export function number(value: unknown, what: string): number {
  if (typeof value !== "number" || !Number.isFinite(value)) throw new Error(`${what} is no number`);
  return value;
}

export function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

/** The JSON inside a script element; null where there is none. */
export function json(element: Element | null): unknown {
  return element ? JSON.parse(element.textContent ?? "") : null;
}
