/**
 * Finding words in the index, without a page. `\w` finds nothing in Devanagari and `\p{L}` alone shatters its words at
 * every vowel sign, so a word is letters, marks, digits and joiners. Folding makes spellings meet that readers take for
 * one: case, Unicode composition, nukta, the joiners, Indic digits.
 */
import { list, row, text } from "./parse";
import type { SearchDoc, SearchIndex } from "./contract";
import type { Hit } from "./desk";

const word = /[\p{L}\p{M}\p{N}\u200c\u200d]+/gu;
/** Nukta of Devanagari, Bengali, Gurmukhi, Gujarati, Odia, Kannada; and the joiners. */
const lightMarks = /[\u093c\u09bc\u0a3c\u0abc\u0b3c\u0cbc\u200c\u200d]/g;
/** Zero of each decimal block that our languages use. */
const zeros = [0x660, 0x6f0, 0x966, 0x9e6, 0xa66, 0xae6, 0xb66, 0xbe6, 0xc66, 0xce6, 0xd66, 0x1c50, 0xabf0];

/** One word, folded. NFD parts the precomposed nukta letters (U+0958 and kin) so that their nukta falls away too. */
export function fold(w: string): string {
  return w
    .normalize("NFD")
    .replace(lightMarks, "")
    .normalize("NFC")
    .toLowerCase()
    .replace(/\p{Nd}/gu, (digit) => {
      const code = digit.codePointAt(0) ?? 0;
      const zero = zeros.find((z) => code >= z && code < z + 10);
      return zero === undefined ? digit : String(code - zero);
    });
}

export function words(s: string): string[] {
  return (s.match(word) ?? []).map(fold).filter((w) => w);
}

export function parseIndex(value: unknown): SearchIndex {
  const index = row(value, "index");
  if (index.v !== 1) throw new Error("index of another version");
  return {
    v: 1,
    docs: list(index.docs).map((entry): SearchDoc => {
      const doc = row(entry, "doc");
      const out: SearchDoc = {
        t: text(doc.t, "title"),
        u: text(doc.u, "address"),
        h: list(doc.h).map((part) => {
          const [id, heading, body] = list(part);
          return [text(id, "id"), text(heading, "heading"), text(body, "text")];
        }),
      };
      if (typeof doc.c === "string") out.c = doc.c;
      return out;
    }),
  };
}

interface Prepared { doc: SearchDoc; title: string[]; sections: { heading: string[]; body: string[] }[] }

/** Folds the index once; each search is then a walk over words. */
export function prepare(index: SearchIndex): Prepared[] {
  return index.docs.map((doc) => ({
    doc, title: words(doc.t), sections: doc.h.map(([, heading, body]) => ({ heading: words(heading), body: words(body) })),
  }));
}

/** The best section of each page that holds every word asked for, at least as the beginning of a word. */
export function find(docs: Prepared[], query: string, most = 12): Hit[] {
  const asked = words(query);
  if (!asked.length) return [];
  const hits: Hit[] = [];
  for (const { doc, title, sections } of docs) {
    // Words may be spread over the page: "RTI" in the title, "appeal" in a section.
    const all = sections.length ? sections : [{ heading: [], body: [] }];
    const whole = asked.every((a) => count(title, a) || all.some((s) => count(s.heading, a) || count(s.body, a)));
    if (!whole) continue;
    let best = 0;
    let bestScore = -1;
    let sum = 0;
    all.forEach((section, i) => {
      let score = 0;
      for (const a of asked) score += 8 * Math.min(2, count(section.heading, a)) + Math.min(4, count(section.body, a));
      sum += score;
      if (score > bestScore) {
        bestScore = score;
        best = i;
      }
    });
    let score = bestScore + sum / 10;
    for (const a of asked) score += 30 * Math.min(1, count(title, a));
    const [id, heading, body] = doc.h[best] ?? ["", "", ""];
    const hit: Hit = { href: doc.u + (id && bestScore > 0 ? `#${id}` : ""), title: doc.t, heading, excerpt: excerpt(body, asked), score };
    if (doc.c) hit.course = doc.c;
    hits.push(hit);
  }
  return hits.sort((a, b) => b.score - a.score).slice(0, most);
}

/** Whole words weigh 1, beginnings of words a half. */
function count(list: string[], asked: string): number {
  let n = 0;
  for (const w of list) if (w.startsWith(asked)) n += w === asked ? 1 : 0.5;
  return n;
}

/** Some 160 characters around the first word found, cut between words. */
export function excerpt(body: string, asked: string[]): Hit["excerpt"] {
  const places: { start: number; end: number }[] = [];
  for (const match of body.matchAll(word)) {
    const folded = fold(match[0]);
    if (asked.some((a) => folded.startsWith(a))) places.push({ start: match.index ?? 0, end: (match.index ?? 0) + match[0].length });
  }
  const first = places[0]?.start ?? 0;
  let from = first > 60 ? body.indexOf(" ", first - 60) + 1 : 0;
  if (from > first) from = first;
  let to = from + 160;
  if (to < body.length) to = body.lastIndexOf(" ", to) > first ? body.lastIndexOf(" ", to) : body.length;
  const out: Hit["excerpt"] = [];
  let at = from;
  const add = (end: number, on: boolean): void => {
    if (end > at) out.push({ text: body.slice(at, end), on });
    at = Math.max(at, end);
  };
  if (from > 0) out.push({ text: "… ", on: false });
  for (const place of places) {
    if (place.end > to) break;
    add(place.start, false);
    add(place.end, true);
  }
  add(Math.min(to, body.length), false);
  if (to < body.length) out.push({ text: " …", on: false });
  return out;
}
