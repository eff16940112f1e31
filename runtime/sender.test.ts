import { outboxPrefix, asidePrefix } from "./notebook";
import { openSender, type Sender } from "./sender";
import { statement } from "./statements";
import { equal, ok, test } from "./testing";
import { all, endpoint, learner, site, Stage, status } from "./testing_stage";
import { uuid4 } from "./uuid";

/** A page that has the whole sender from the beginning. */
class Page extends Stage {
  sender = this.tab();

  tab(locks?: LockManager): Sender {
    return openSender(this.store, site, endpoint, this.world(locks));
  }
}

test("an entry leaves the outbox only after its id was named", async () => {
  const s = new Page();
  await s.happen(3);
  s.answers.push((ids) => all(ids.slice(0, 1)));
  await s.sender.send();
  equal(await s.waiting(), 2);
  s.answers.push(all);
  await s.sender.send(true);
  equal([await s.waiting(), s.sender.state.waiting, s.sender.state.problem], [0, 0, undefined]);
});

test("41: a reply that is lost means the same id again", async () => {
  const s = new Page();
  const [id] = await s.happen();
  await s.sender.send();
  s.answers.push(all);
  await s.sender.send(true);
  equal(s.posts.map((p) => p.ids), [[id], [id]]);
});

test("40: Retry-After is kept, also by the next page, and a person may override it", async () => {
  const s = new Page();
  await s.happen();
  s.answers.push(status(503, null, { "Retry-After": "120" }));
  await s.sender.send();
  equal([s.sender.state.problem, s.sender.state.next], ["busy", s.now + 120_000]);
  s.now += 60_000;
  const next = s.tab();
  await next.send();
  equal(s.posts.length, 1);
  s.answers.push(all);
  await next.send(true);
  equal([s.posts.length, await s.waiting()], [2, 0]);
});

test("51: a clock that was set back a year does not hold the queue for a year", async () => {
  const s = new Page();
  await s.happen();
  await s.sender.send();
  s.now -= 365 * 86_400_000;
  s.answers.push(all);
  await s.tab().send();
  equal(await s.waiting(), 0);
});

test("51: a clock that was half a day ahead when the store was busy does not hold the queue for half a day", async () => {
  const s = new Page();
  await s.happen();
  s.now += 43_200_000;
  await s.sender.send();
  s.now -= 43_200_000;
  s.answers.push(all);
  await s.tab().send();
  equal(await s.waiting(), 0);
});

test("51: the order is the order of what happened, whatever the clock says", async () => {
  const s = new Page();
  const ids = await s.happen();
  s.now -= 365 * 86_400_000;
  ids.push(...(await s.happen()));
  s.now += 400 * 86_400_000;
  ids.push(...(await s.happen()));
  s.answers.push(all);
  await s.sender.send();
  equal(s.posts[0]?.ids, ids);
});

test("44: after 401 nothing goes out until a person asks", async () => {
  const s = new Page();
  await s.happen();
  s.answers.push(status(401));
  await s.sender.send();
  await s.sender.send();
  equal([s.posts.length, s.sender.state.problem, await s.waiting()], [1, "refused", 1]);
});

test("44: what is refused is set aside whole, and is not sent again", async () => {
  const s = new Page();
  const [id] = await s.happen();
  s.answers.push(status(400));
  await s.sender.send();
  const aside = await s.store.read(asidePrefix(site));
  equal([await s.waiting(), s.sender.state.aside, aside.length], [0, 1, 1]);
  ok(JSON.stringify(aside).includes(id ?? "?"), "its id is gone");
});

test("61: two sites on one device, one named like the beginning of the other, do not hold each other up", async () => {
  const s = new Page();
  const other = openSender(s.store, `${site}2`, "https://other.example.org", { ...s.world(), fetch: () => Promise.reject(new TypeError("no")) });
  await s.store.write({ append: [{ key: () => `${outboxPrefix(`${site}2`)}${learner} x`, value: (place) => ({ place, statement: statement({ site: `${site}2`, learner, lang: "en" }, { what: "experienced", of: { id: `${site}2/l`, type: "lesson", name: "L" } }, new Date(s.now), uuid4()) }) }] });
  await other.send();
  equal([other.state.waiting, other.state.problem], [1, "unreachable"]);
  await s.happen();
  s.answers.push(all);
  await s.sender.send();
  equal([await s.waiting(), s.sender.state.waiting, (await s.store.read(outboxPrefix(`${site}2`))).length], [0, 0, 1]);
});

test("61: what another learner left goes out, and is not counted as mine", async () => {
  const s = new Page();
  await s.happen(2);
  const me = openSender(s.store, site, "https://lrs.example.org", s.world(), `${uuid4()} `);
  await me.noticed();
  equal(me.state.waiting, 0);
  s.answers.push(status(400), status(400), status(400));
  await me.send();
  equal([me.state.aside, (await s.store.read(asidePrefix(site))).length, await s.waiting()], [0, 2, 0]);
});

test("46: the farewell is a hint: one keepalive request, and what it carried stays", async () => {
  const s = new Page();
  await s.happen(2);
  await s.sender.noticed();
  s.answers.push(all);
  s.sender.farewell();
  s.sender.farewell();
  equal([s.posts.length, s.posts[0]?.keepalive, await s.waiting()], [1, true, 2]);
});

test("49: two tabs without locks send both, and nothing is lost", async () => {
  const s = new Page();
  await s.happen(5);
  const other = s.tab();
  s.answers.push(all, all);
  await Promise.all([s.sender.send(), other.send()]);
  equal(await s.waiting(), 0);
});

test("49: a frozen tab that holds the lock stops nobody for ever", async () => {
  const s = new Page();
  await s.happen();
  let thaw = (): void => undefined;
  void navigator.locks.request(`sopan send ${site}`, () => new Promise<void>((go) => (thaw = go)));
  await new Promise((go) => navigator.locks.query().then(go));
  const tab = s.tab(navigator.locks);
  s.answers.push(all);
  for (let i = 0; i < 10 && (await s.waiting()); i++) {
    await tab.send();
    s.now += 10_000;
  }
  thaw();
  equal(await s.waiting(), 0);
});

test("failures wait longer each time, and success forgets them", async () => {
  const s = new Page();
  await s.happen();
  await s.sender.send(true);
  const first = (s.sender.state.next ?? 0) - s.now;
  await s.sender.send(true);
  const second = (s.sender.state.next ?? 0) - s.now;
  equal([first, second], [5000, 10_000]);
  s.answers.push(all);
  await s.sender.send(true);
  await s.happen();
  await s.sender.send(true);
  equal((s.sender.state.next ?? 0) - s.now, 5000);
});
