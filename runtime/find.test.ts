import type { SearchIndex } from "./contract";
import { excerpt, find, fold, parseIndex, prepare, words } from "./find";
import { equal, ok, test } from "./testing";

const index: SearchIndex = {
  v: 1,
  docs: [
    { t: "Replying to an RTI request", u: "mk/rti.html", c: "Mission Karmayogi", h: [["", "", "Every citizen may ask."], ["time", "Time limits", "A reply is due within thirty days. An appeal follows."]] },
    { t: "Appeals", u: "mk/appeals.html", h: [["", "", "The first appeal goes to the senior officer."]] },
    { t: "सूचना का अधिकार", u: "hi/mk/rti.html", h: [["", "", "क़ानून कहता है कि उत्तर ३० दिन में दिया जाए। ज़िला कार्यालय"]] },
    { t: "Hostile", u: "mk/x.html", h: [["", "", "<img src=x onerror=alert(1)> image"]] },
  ],
};
const docs = prepare(index);
const found = (query: string): string[] => find(docs, query).map((hit) => hit.href);

test("a Devanagari word stays one word", () => equal(words("क्षेत्रीय विद्यार्थी"), ["क्षेत्रीय", "विद्यार्थी"].map(fold)));

test("spellings that a reader takes for one are one: nukta, joiners, composition, case, digits", () => {
  equal(fold("\u0958\u093e"), fold("\u0915\u093c\u093e"));
  equal(fold("ज़िला"), fold("जिला"));
  equal(fold("क्\u200dष"), fold("क्ष"));
  equal(fold("E\u0301cole"), fold("école"));
  equal([fold("३०"), fold("٣٠"), fold("௩௦")], ["30", "30", "30"]);
});

test("Hindi is found without nukta and with either kind of digits", () => {
  equal(found("कानून"), ["hi/mk/rti.html"]);
  equal(found("30 दिन"), ["hi/mk/rti.html"]);
});

test("the beginning of a word finds it, its middle does not", () => {
  equal(found("appe"), ["mk/appeals.html", "mk/rti.html#time"]);
  equal(found("ppeal"), []);
});

test("a title weighs more than a heading, a heading more than text", () => {
  equal(found("appeal")[0], "mk/appeals.html");
  equal(found("time")[0], "mk/rti.html#time");
});

test("words may be spread over a page, but all must be on it", () => {
  equal(found("rti appeal"), ["mk/rti.html#time"]);
  equal(found("rti senior"), []);
});

test("nothing asked finds nothing", () => equal([found(""), found("  ?! ")], [[], []]));

test("an excerpt keeps the text as it is, with the words found marked", () => {
  equal(find(docs, "image")[0]?.excerpt, [
    { text: "<img src=x onerror=alert(1)> ", on: false }, { text: "image", on: true },
  ]);
  const long = excerpt("word ".repeat(80) + "needle " + "word ".repeat(80), ["needle"]);
  const text = long.map((p) => p.text).join("");
  ok(text.startsWith("… ") && text.endsWith(" …") && text.length < 200, text);
  equal(long.filter((p) => p.on).map((p) => p.text), ["needle"]);
});

test("an index of another version is refused", () => {
  let message = "";
  try {
    parseIndex({ v: 2, docs: [] });
  } catch (error) {
    message = String(error);
  }
  ok(message.includes("version"), "it was taken");
});
