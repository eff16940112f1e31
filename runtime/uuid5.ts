/**
 * Derived identities (RFC 9562, version 5: SHA-1 of a namespace and a name), so that a thing that may exist only once, such
 * as the completion of an attempt, has one id however often and in however many tabs it is made. crypto.subtle is absent on
 * plain http, hence the SHA-1 of our own; it identifies, it protects nothing.
 */
import { uuid } from "./uuid";

/** namespace is a UUID. */
export function uuid5(namespace: string, name: string): string {
  const space = namespace.match(/\w\w/g) ?? [];
  return uuid(sha1([...space.map((pair) => parseInt(pair, 16)), ...new TextEncoder().encode(name)]), 5);
}

/** All 20 bytes of it. */
export function sha1(message: number[]): number[] {
  const turn = (x: number, n: number): number => (x << n) | (x >>> (32 - n));
  // Words of 32 bits in whole blocks of 16; the last is the length in bits, whose upper word is always 0 here.
  const words: number[] = [];
  [...message, 128].forEach((x, i) => (words[i >> 2]! |= x << (24 - 8 * (i & 3))));
  words[(((message.length + 8) >> 6) << 4) + 15] = message.length * 8;
  const [one, two] = [0x67452301, 0xefcdab89];
  let h = [one, two, ~one, ~two, 0xc3d2e1f0];
  for (let start = 0; start < words.length; start += 16) {
    const w: number[] = [];
    let [a, b, c, d, e] = h as [number, number, number, number, number];
    for (let i = 0; i < 80; i++) {
      w[i] = i < 16 ? words[start + i]! | 0 : turn(w[i - 3]! ^ w[i - 8]! ^ w[i - 14]! ^ w[i - 16]!, 1);
      const part = (i / 20) | 0;
      const f = !part ? (b & (c ^ d)) ^ d : part === 2 ? (b & (c | d)) | (c & d) : b ^ c ^ d;
      // 0x5a827999 and so on: roots of small numbers.
      const key = (2 ** 30 * Math.sqrt([2, 3, 5, 10][part]!)) | 0;
      [e, d, c, b, a] = [d, c, turn(b, 30), a, (turn(a, 5) + f + e + key + w[i]!) | 0];
    }
    h = [a, b, c, d, e].map((x, i) => (x + h[i]!) | 0);
  }
  return Array.from({ length: 20 }, (_, i) => (h[i >> 2]! >>> (24 - 8 * (i & 3))) & 255);
}
