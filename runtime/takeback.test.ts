import { exported } from "./exported";
import { asidePrefix, outboxPrefix, statePrefix } from "./notebook";
import { entryOf, sendable } from "./outbox";
import { statement } from "./statements";
import { MemoryStore } from "./store";
import { takeBack } from "./takeback";
import { equal, ok, test } from "./testing";
import { uuid4 } from "./uuid";

const site = "https://example.org/k";

async function lived(): Promise<{ store: MemoryStore; learner: string; id: string }> {
  const store = new MemoryStore();
  const learner = uuid4();
  const made = statement({ site, learner, lang: "en" }, { what: "completed", of: { id: `${site}/l`, type: "lesson", name: "L" } }, new Date(), uuid4());
  await store.write({
    put: [[`${statePrefix(site, learner)}mk item m/l`, { state: "done", at: "1", type: "lesson" }]],
    append: [{ key: (p) => `${outboxPrefix(site)}${learner} ${p} ${made.id}`, value: (place) => ({ place, statement: made }) }],
  });
  return { store, learner, id: made.id };
}

test("55: after the storage was wiped, an exported file brings back progress and what waited, under its own id", async () => {
  const { store, learner, id } = await lived();
  const file = JSON.stringify(await exported(store, site, { id: learner }, new Date()));
  const fresh = new MemoryStore();
  // Something else happens on the new device first, so that places differ.
  await fresh.write({ append: [{ key: (p) => `other ${p}`, value: () => 0 }] });
  await takeBack(fresh, site, { current: { id: uuid4() }, others: [] }, file);
  equal((await fresh.read(statePrefix(site, learner))).map(([, v]) => v), [{ state: "done", at: "1", type: "lesson" }]);
  const [entry] = (await fresh.read(outboxPrefix(site))).map(([, v]) => entryOf(v));
  equal(entry && sendable(entry), JSON.parse(file).waiting[0]);
  equal(entry?.statement.id, id);
  equal(await fresh.read(asidePrefix(site)), []);
});

test("a file that comes back twice changes nothing the second time, and never what is newer here", async () => {
  const { store, learner } = await lived();
  const file = JSON.stringify(await exported(store, site, { id: learner }, new Date()));
  await store.write({ put: [[`${statePrefix(site, learner)}mk item m/l`, "newer"]] });
  await takeBack(store, site, { current: { id: learner }, others: [] }, file);
  equal((await store.read(statePrefix(site, learner))).map(([, v]) => v), ["newer"]);
  equal((await store.read(outboxPrefix(site))).length, 1);
});

test("a file of another site, or none at all, is refused and nothing is written", async () => {
  const { store, learner } = await lived();
  const file = await exported(store, site, { id: learner }, new Date());
  for (const bad of ["", "{}", "[]", JSON.stringify({ ...file, site: "https://evil.example" }), JSON.stringify({ ...file, learner: { id: "x y" } })]) {
    const fresh = new MemoryStore();
    const refused = await takeBack(fresh, site, { current: { id: uuid4() }, others: [] }, bad).then(() => false, () => true);
    ok(refused, `${bad.slice(0, 40)} was taken`);
    equal(await fresh.read(""), []);
  }
});
