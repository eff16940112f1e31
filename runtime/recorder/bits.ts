/**
 * Few characters for many small facts: an arithmetic coder over bits, whose guess of each bit learns from those before it
 * in the same context. In go numbers and texts, one after the other; out comes a text of letters, digits, "-" and "_"
 * (and, for long texts, what escape() leaves), which every LMS hands back as it was. Reading is the same sequence of
 * calls: each takes the value that is to be written, or anything when reading, and gives the value. So packing and
 * unpacking are one code and cannot drift apart. What is read from a damaged text is nonsense, but it ends; whoever reads
 * checks a sum first.
 *
 * After fpaq0 by Matt Mahoney: no carry, here with bounds of 30 bits and six bits a character.
 */

const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

const half = 32768 << 6;

/** Texts of at least so many characters stand apart, as they are: coding them bit by bit takes a slow phone too long. */
const long = 160;

export interface Bits {
  /** A number of some bits, of which some are more frequent than others in the context, below 2,048; in 0, as good as random. */
  tree(context: number, width: number, value?: number): number;
  /** A whole number below 2^31. */
  int(context: number, value?: number): number;
  text(value?: string): string;
  /** What was written. */
  end(): string;
}

/** Writes; or reads the given text. */
export function bits(source?: string): Bits {
  const [coded = "", ...apart] = source?.split("!") ?? [];
  let out = "";
  let low = 0;
  let high = 2 ** 30 - 1;
  let x = 0;
  let at = 0;
  const next = (): void => {
    x = ((x << 6) & 0x3fffffff) | Math.max(0, letters.indexOf(coded[at++] ?? "A"));
  };
  while (source !== undefined && at < 5) next();
  /** By context and place in its tree: 64 times how likely a 1 is, in 65,536ths, plus how often there was any. */
  const learnt = new Map<number, number[]>();

  const tree: Bits["tree"] = (context, width, value = 0) => {
    let odds = learnt.get(context);
    if (!odds) learnt.set(context, (odds = []));
    let node = 1;
    for (let i = width; i-- > 0; ) {
      const was = odds[node] || half;
      const guess = was >> 6;
      const middle = low + Math.floor(((high - low) * guess) / 65536);
      const one = source === undefined ? (value >>> i) & 1 : +(x <= middle);
      const seen = Math.min(30, (was & 63) + 1);
      if (context) odds[node] = (Math.round(guess + ((one ? 65500 : 36) - guess) / (seen + 0.4)) << 6) | seen;
      node = 2 * node + one;
      if (one) high = middle;
      else low = middle + 1;
      while ((low ^ high) >> 24 === 0) {
        if (source === undefined) out += letters[high >> 24];
        else next();
        low = (low << 6) & 0x3fffffff;
        high = ((high << 6) & 0x3fffffff) | 63;
      }
    }
    return node - 2 ** width;
  };

  const int: Bits["int"] = (context, value = 0) => {
    // Read beyond the end: nothing more is asked for.
    if (source !== undefined && at > coded.length + 9) return 0;
    // First how many bits it has, then those below the highest.
    const width = tree(context, 5, 32 - Math.clz32(value));
    return width && 2 ** (width - 1) + tree(width < 8 ? context + 4096 * width : 0, width - 1, value);
  };

  return {
    tree, int,
    text(value = "") {
      const length = int(2048, Math.min(long, value.length));
      if (length === long) {
        apart.push(escape(value));
        return source === undefined ? value : unescape(apart.shift() ?? "");
      }
      let said = "";
      let last = 0;
      while (said.length < length) {
        const unit = value.charCodeAt(said.length);
        const page = int(2049 + (last >> 7), unit >> 7);
        // Behind a digit stand other characters than behind a letter.
        last = page * 128 + tree(2561 + 2 * page + +(last < 64), 7, unit);
        said += String.fromCharCode(last);
      }
      return said;
    },
    // The first character of the upper bound, and nothing but "A" after it, lies between the bounds.
    end: () => [out + letters[high >> 24], ...apart].join("!"),
  };
}

/** 32 bits that say little about each other: FNV-1a, stirred. They tell texts apart and protect nothing. */
export function hash(text: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
