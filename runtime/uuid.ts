/** Identities. The random ones are here, and how a UUID is written; the derived ones are in uuid5.ts. */

export function uuid4(): string {
  const bytes = new Uint8Array(16);
  if (typeof crypto === "object" && crypto.getRandomValues) crypto.getRandomValues(bytes);
  else for (let i = 0; i < 16; i++) bytes[i] = Math.random() * 256;
  return uuid(bytes, 4);
}

/** Its first 16 bytes, with a version put in. */
export function uuid(bytes: ArrayLike<number>, version: number): string {
  const b = Array.from(bytes).slice(0, 16);
  b[6] = ((b[6] ?? 0) & 15) | (version << 4);
  b[8] = ((b[8] ?? 0) & 63) | 128;
  return b
    .map((x, i) => (i === 4 || i === 6 || i === 8 || i === 10 ? "-" : "") + (x + 256).toString(16).slice(1))
    .join("");
}
