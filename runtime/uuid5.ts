/**
 * Derived identities (RFC 9562, version 5: SHA-1 of a namespace and a name), so that a thing that may exist only once, such
 * as the completion of an attempt, has one id however often and in however many tabs it is made. crypto.subtle is absent on
 * plain http, hence the SHA-1 of our own; it identifies, it protects nothing.
 */
import { uuid } from "./uuid";

/** namespace is a UUID. */
export function uuid5(namespace: string, name: string): string {
  const space = namespace.replace(/-/g, "").match(/../g) ?? [];
  return uuid(sha1([...space.map((pair) => parseInt(pair, 16)), ...new TextEncoder().encode(name)]), 5);
}

export function sha1(message: number[]): Uint8Array {
  // Whole blocks of 64 bytes; the last ends with the length in bits, whose upper word is always 0 here.
  const bytes = new Uint8Array(((message.length + 72) >> 6) * 64);
  bytes.set([...message, 128]);
  const words = new DataView(bytes.buffer);
  words.setInt32(bytes.length - 4, message.length * 8);
  const turn = (x: number, n: number): number => (x << n) | (x >>> (32 - n));
  const h = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0];
  for (let start = 0; start < bytes.length; start += 64) {
    const w: number[] = [];
    let [a, b, c, d, e] = h as [number, number, number, number, number];
    for (let i = 0; i < 80; i++) {
      const word = i < 16 ? words.getInt32(start + i * 4) : turn(w[i - 3]! ^ w[i - 8]! ^ w[i - 14]! ^ w[i - 16]!, 1);
      w.push(word);
      const part = Math.floor(i / 20);
      const f = part === 0 ? (b & (c ^ d)) ^ d : part === 2 ? (b & (c | d)) | (c & d) : b ^ c ^ d;
      // 0x5a827999 and so on: roots of small numbers.
      const key = Math.floor(2 ** 30 * Math.sqrt([2, 3, 5, 10][part]!));
      [e, d, c, b, a] = [d, c, turn(b, 30), a, (turn(a, 5) + f + e + key + word) | 0];
    }
    [a, b, c, d, e].forEach((x, i) => (h[i]! += x));
  }
  const sum = new DataView(new ArrayBuffer(20));
  h.forEach((x, i) => sum.setInt32(i * 4, x));
  return new Uint8Array(sum.buffer);
}
