/**
 * The form in which texts are compared. What it does, and in which order,
 * stands at Normalise in normalise.go; testdata/normalise.txtar holds for both.
 */
export function normalise(text: string): string {
  const plain = text
    .normalize("NFC")
    .replace(/[\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g, "")
    // Spelt out: \s means something else in Go.
    .replace(/[\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/g, " ")
    .replace(/^ | $/g, "")
    .replace(/[‘’‚‛′`´ʼ]/g, "'")
    .replace(/[“”„‟″«»]/g, '"')
    .replace(/[‐‑‒–—―−﹘﹣－]/g, "-");
  let out = "";
  for (const c of plain) out += digit(c) ?? fold(c);
  return out.normalize("NFC").replace(/[\u0915-\u0a38\u0b21\u0b22][\u093c\u09bc\u0a3c\u0b3c]/g, (pair) => nukta[pair] ?? pair);
}

const zeros = [0x660, 0x6f0, 0x966, 0x9e6, 0xa66, 0xae6, 0xb66, 0xbe6, 0xc66, 0xce6, 0xd66, 0x1c50, 0xabf0];

function digit(c: string): string | undefined {
  const code = c.codePointAt(0) ?? 0;
  const zero = zeros.find((z) => code >= z && code <= z + 9);
  return zero === undefined ? undefined : String(code - zero);
}

function fold(c: string): string {
  let out = "";
  for (const u of c.toLowerCase().toUpperCase()) out += u.toLowerCase();
  return out;
}

/** Letters with a nukta: what NFC keeps apart, joined. */
const nukta: Record<string, string> = {};
for (const c of "\u0958\u0959\u095a\u095b\u095c\u095d\u095e\u095f\u09dc\u09dd\u09df\u0a33\u0a36\u0a59\u0a5a\u0a5b\u0a5e\u0b5c\u0b5d") {
  nukta[c.normalize("NFC")] = c;
}
