/**
 * Identities. v4 is random; v5 is derived (RFC 9562: SHA-1 of a namespace and a name), so that a thing that may exist
 * only once, such as the completion of an attempt, has one id however often and in however many tabs it is made.
 * crypto.subtle is absent on file:// and plain http, hence the SHA-1 of our own; it identifies, it protects nothing.
 */

export function uuid4(): string {
  const bytes = new Uint8Array(16);
  if (typeof crypto === "object" && crypto.getRandomValues) crypto.getRandomValues(bytes);
  else for (let i = 0; i < 16; i++) bytes[i] = Math.random() * 256;
  return format(bytes, 4);
}

/** namespace is a UUID. */
export function uuid5(namespace: string, name: string): string {
  const space = namespace.replace(/-/g, "").match(/../g) ?? [];
  return format(sha1([...space.map((pair) => parseInt(pair, 16)), ...new TextEncoder().encode(name)]), 5);
}

function format(bytes: ArrayLike<number>, version: number): string {
  const b = Array.from(bytes).slice(0, 16);
  b[6] = ((b[6] ?? 0) & 15) | (version << 4);
  b[8] = ((b[8] ?? 0) & 63) | 128;
  return b
    .map((x, i) => (i === 4 || i === 6 || i === 8 || i === 10 ? "-" : "") + (x + 256).toString(16).slice(1))
    .join("");
}

export function sha1(message: number[]): number[] {
  const bits = message.length * 8;
  const bytes = message.concat(128);
  while (bytes.length % 64 !== 56) bytes.push(0);
  // Messages here are short: the upper word of the length is always 0.
  bytes.push(0, 0, 0, 0, bits >>> 24, (bits >>> 16) & 255, (bits >>> 8) & 255, bits & 255);
  const h = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0];
  const at = (list: number[], i: number): number => list[i] ?? 0;
  const turn = (x: number, n: number): number => (x << n) | (x >>> (32 - n));
  for (let start = 0; start < bytes.length; start += 64) {
    const w: number[] = [];
    let [a, b, c, d, e] = h as [number, number, number, number, number];
    for (let i = 0; i < 80; i++) {
      const j = start + i * 4;
      w[i] =
        i < 16
          ? (at(bytes, j) << 24) | (at(bytes, j + 1) << 16) | (at(bytes, j + 2) << 8) | at(bytes, j + 3)
          : turn(at(w, i - 3) ^ at(w, i - 8) ^ at(w, i - 14) ^ at(w, i - 16), 1);
      const f =
        i < 20 ? [(b & c) | (~b & d), 0x5a827999]
        : i < 40 ? [b ^ c ^ d, 0x6ed9eba1]
        : i < 60 ? [(b & c) | (b & d) | (c & d), 0x8f1bbcdc]
        : [b ^ c ^ d, 0xca62c1d6];
      const next = (turn(a, 5) + at(f, 0) + e + at(f, 1) + at(w, i)) | 0;
      e = d;
      d = c;
      c = turn(b, 30);
      b = a;
      a = next;
    }
    [a, b, c, d, e].forEach((x, i) => (h[i] = (at(h, i) + x) | 0));
  }
  return h.flatMap((x) => [x >>> 24, (x >>> 16) & 255, (x >>> 8) & 255, x & 255]);
}
