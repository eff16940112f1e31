import type { ItemType, PageData } from "./contract";
import { Desk } from "./desk";
import type { Happening } from "./happening";
import { Notebook } from "./notebook";
import { statement } from "./statements";
import { MemoryStore, type Keep } from "./store";
import { equal, test } from "./testing";

const site = "https://example.org/k";
const learner = "0b0e5a8e-3f5e-4b52-9a51-1f6f5d2f7a11";

function page(items: string, complete: Partial<NonNullable<PageData["course"]>["complete"]> = {}): PageData {
  return {
    v: 1, kind: "lesson", lang: "en", root: "./", site: { id: site, title: "K" },
    course: {
      key: "mk", id: `${site}/mk`, title: "MK", href: "",
      items: items.split(" ").map((key) => ({ key, type: key.startsWith("q") ? "quiz" : "lesson" })),
      complete: { lessons: "all", quizzes: "all", cases: "all", pass: 0.6, ...complete },
    },
  };
}

/** A tab: it has read the notebook when it opened, and lists what it told of the course. */
async function tab(store: MemoryStore, of: PageData, said: string[]): Promise<Desk> {
  const lines = (happened: Happening[]): never[] => {
    for (const h of happened) if (h.of.type === "course" && h.what !== "progressed") said.push(h.what);
    return [];
  };
  const recorder = { lines, kept: () => undefined, attach: () => undefined, send: () => Promise.resolve() };
  const book = await Notebook.open(store as unknown as Keep, site, learner, "mk");
  const desk = new Desk(of, book, recorder, () => undefined, () => undefined);
  desk.settle();
  return desk;
}

const done = (desk: Desk, key: string, passed?: boolean): Promise<void> => {
  const type: ItemType = passed === undefined ? "lesson" : "quiz";
  return desk.keepItem(key, type, { state: "done", ...(passed === undefined ? {} : { passed, scaled: passed ? 0.8 : 0.2 }) });
};

test("a course that is done in one go is completed and passed, each once, however often it is opened again", async () => {
  const [store, said] = [new MemoryStore(), [] as string[]];
  const desk = await tab(store, page("a q"), said);
  await done(desk, "a");
  equal(said, []);
  await done(desk, "q", true);
  equal(said, ["completed", "passed"]);
  await done(desk, "q", true);
  await tab(store, page("a q"), said);
  equal(said, ["completed", "passed"]);
});

test("who fails and then passes has failed once and passed once; what comes later takes nothing back", async () => {
  const [store, said] = [new MemoryStore(), [] as string[]];
  const of = page("a q");
  await done(await tab(store, of, said), "a");
  await done(await tab(store, of, said), "q", false);
  await done(await tab(store, of, said), "q", false);
  equal(said, ["failed"]);
  await done(await tab(store, of, said), "q", true);
  await done(await tab(store, of, said), "q", false);
  await tab(store, of, said);
  equal(said, ["failed", "completed", "passed"]);
});

test("a new edition that asks for less is told of when the course is opened, one that asks for more takes nothing back", async () => {
  const [store, said] = [new MemoryStore(), [] as string[]];
  await done(await tab(store, page("a b q"), said), "a");
  await done(await tab(store, page("a b q"), said), "q", true);
  equal(said, []);
  await tab(store, page("a q"), said);
  equal(said, ["completed", "passed"]);
  await tab(store, page("a b c q"), said);
  equal(said, ["completed", "passed"]);
});

test("two tabs that both see the course end make the same statement", async () => {
  const store = new MemoryStore();
  const [left, right]: string[][] = [[], []];
  const of = page("a q");
  await done(await tab(store, of, []), "a");
  const tabs = [await tab(store, of, left!), await tab(store, of, right!)];
  for (const desk of tabs) await done(desk, "q", true);
  equal(left, ["completed", "passed"]);
  equal(right, left);
  const course = { id: `${site}/mk`, type: "course", name: "MK" } as const;
  const ids = [0, 1].map((hour) => statement({ site, learner, lang: hour ? "hi" : "en", course }, { what: "passed", of: course }, new Date(hour), "").id);
  equal(ids[0], ids[1]);
});

test("lessons alone are completed, and nobody passes them", async () => {
  const said: string[] = [];
  await done(await tab(new MemoryStore(), page("a"), said), "a");
  equal(said, ["completed"]);
});
