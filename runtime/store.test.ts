import { readLearners } from "./learner";
import { Notebook } from "./notebook";
import { LocalStore } from "./store_local";
import { DatabaseStore } from "./store_database";
import { Keep, MemoryStore, type Change, type Store } from "./store";
import { equal, ok, test } from "./testing";

const line = (name: string) => ({ key: (place: string) => `out ${place} ${name}`, value: (place: number) => ({ place, name }) });

const stores: [string, () => Promise<Store>][] = [
  ["IndexedDB", DatabaseStore.open], ["localStorage", LocalStore.open], ["memory", async () => new MemoryStore()],
];

for (const [name, open] of stores) {
  test(`${name} keeps rows and gives them back by their beginning, in order`, async () => {
    localStorage.clear();
    const store = await open();
    await store.write({ put: [["t b", { n: 2 }], ["t a", { n: 1 }], ["u", 3]] });
    await store.write({ put: [["t a", { n: 7 }]], drop: ["u"] });
    equal(await store.read("t "), [["t a", { n: 7 }], ["t b", { n: 2 }]]);
    equal(await store.read("u"), []);
  });

  test(`${name} gives each line the next place, also when tabs write at once`, async () => {
    const [one, two] = name === "memory" ? [await open()] : [await open(), await open()];
    await Promise.all([one!.write({ append: [line("a"), line("b")] }), (two ?? one!).write({ append: [line("c")] })]);
    await one!.write({ append: [line("d")] });
    const places = (await one!.read("out ")).map(([key, value]) => [key.split(" ")[2], (value as { place: number }).place]);
    equal(places.map(([, place]) => place), [1, 2, 3, 4]);
    equal(places[3]?.[0], "d");
  });
}

class Broken extends MemoryStore {
  constructor(private readonly error_: Error) {
    super();
  }
  override async write(): Promise<void> {
    throw this.error_;
  }
}

test("54: a lost connection is opened again, once, and the write is kept", async () => {
  let opened = 0;
  const good = new MemoryStore();
  const keep = new Keep([async () => (++opened === 1 ? new Broken(new DOMException("Connection to Indexed Database server lost", "UnknownError")) : good)]);
  await keep.write({ put: [["a", 1]] });
  equal([opened, await good.read("a"), keep.fleeting], [2, [["a", 1]], false]);
});

test("54: a store that fails for good gives way to the next; only memory is fleeting, and says so once", async () => {
  let said = 0;
  const second = new MemoryStore();
  let full = false;
  const quota: Store = {
    read: (prefix) => second.read(prefix),
    write: (change: Change) => (full ? Promise.reject(new DOMException("full", "QuotaExceededError")) : second.write(change)),
  };
  const keep = new Keep([() => Promise.reject(new DOMException("no", "SecurityError")), async () => quota]);
  keep.onFleeting = () => said++;
  await keep.write({ put: [["a", 1]] });
  equal([keep.fleeting, keep.moved, said, await second.read("a")], [false, false, 0, [["a", 1]]]);
  full = true;
  await keep.write({ put: [["b", 2]] });
  await keep.write({ put: [["c", 3]] });
  equal([keep.fleeting, keep.moved, said, await keep.read("")], [true, true, 1, [["b", 2], ["c", 3]]]);
});

test("54: when the store gives way in the middle of a page, the notebook forgets nothing", async () => {
  let broken = false;
  const first = new MemoryStore();
  const keep = new Keep([async () => ({
    read: (prefix: string) => first.read(prefix),
    write: (change: Change) => (broken ? Promise.reject(new DOMException("gone", "QuotaExceededError")) : first.write(change)),
  })]);
  const book = await Notebook.open(keep, "s", "l", "c");
  await book.keep([book.setItem("a", { state: "done", at: "1", type: "lesson" })], []);
  broken = true;
  await book.keep([book.setItem("b", { state: "started", at: "2", type: "lesson" })], []);
  await book.reload();
  equal([book.item("a")?.state, book.item("b")?.state], ["done", "started"]);
});

test("a write into a full localStorage is taken back whole", async () => {
  localStorage.clear();
  const store = await LocalStore.open();
  await store.write({ put: [["k", "old"]] });
  const failed = await store.write({ put: [["k", "new"], ["huge", "x".repeat(6_000_000)]] }).then(() => false, () => true);
  ok(failed, "six million characters fitted");
  equal(await store.read(""), [["k", "old"]]);
});

test("rows that had to go to localStorage move into the database when it is back", async () => {
  localStorage.clear();
  await (await LocalStore.open()).write({ put: [["moved", 5]] });
  const database = await DatabaseStore.open();
  equal(await database.read("moved"), [["moved", 5]]);
  equal(localStorage.length, 0);
});

test("54: a learner who was made while the database was away does not take the place of the one in it", async () => {
  localStorage.clear();
  const site = `s${Math.random()}`;
  const database = new Keep([DatabaseStore.open]);
  const known = await readLearners(database, site);
  const away = await readLearners(new Keep([LocalStore.open]), site);
  ok(known.current.id !== away.current.id, "the database was not away");
  const back = await readLearners(new Keep([DatabaseStore.open]), site);
  equal(back, { current: known.current, others: [away.current] });
});

for (const [name, open] of stores) {
  test(`48: ${name} keeps the first of two rows of a line under one key, because it may be on its way; unless told otherwise`, async () => {
    localStorage.clear();
    const store = await open();
    const twin = (n: number, over?: boolean) => ({ key: () => "twin", value: () => n, ...(over ? { over } : {}) });
    await store.write({ append: [twin(1)] });
    await store.write({ append: [twin(2), line("x")] });
    equal([await store.read("twin"), (await store.read("out ")).length > 0], [[["twin", 1]], true]);
    await store.write({ append: [twin(3, true)] });
    equal(await store.read("twin"), [["twin", 3]]);
  });

  test(`${name} reads in parts, and counts`, async () => {
    localStorage.clear();
    const keep = new Keep([open]);
    await keep.write({ put: ["a", "b", "c", "d", "e"].map((k): [string, unknown] => [`p ${k}`, k]) });
    equal([await keep.count("p "), (await keep.read("p ", undefined, 2)).map(([, v]) => v), (await keep.read("p ", "p b", 2)).map(([, v]) => v), (await keep.read("p ", "p d", 2)).map(([, v]) => v)],
      [5, ["a", "b"], ["c", "d"], ["e"]]);
  });
}
