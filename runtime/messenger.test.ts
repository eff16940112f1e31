import { openMessenger } from "./messenger";
import { asidePrefix, outboxPrefix } from "./notebook";
import { openSender, type OpenSender, type Sender } from "./sender";
import { equal, ok, test } from "./testing";
import { all, endpoint, learner, site, Stage, status } from "./testing_stage";
import { uuid4 } from "./uuid";

/** A page whose second script a test drives too. */
class Page extends Stage {
  /** How often the script was asked for; whether it comes. */
  asked = 0;
  comes = true;
  sender: Sender = this.tab();

  tab(locks?: LockManager): Sender {
    return openMessenger(this.store, site, endpoint, this.world(locks), async (): Promise<OpenSender> => {
      this.asked++;
      if (!this.comes) throw new Error("no script");
      return openSender;
    }, `${learner} `);
  }
}

test("as long as all goes well, one request empties the line in its order and no other script is asked for", async () => {
  const p = new Page();
  const ids = await p.happen(50);
  await p.sender.noticed();
  equal([p.sender.state.waiting, p.timers.length], [50, 1]);
  p.answers.push(all);
  await p.sender.send();
  equal(p.posts, [{ ids, keepalive: false }]);
  equal([await p.waiting(), p.sender.state.waiting, p.sender.state.sending, p.asked], [0, 0, false, 0]);
});

test("40: whatever is no acknowledgement of all goes to the whole sender, which does not send it again", async () => {
  for (const [answer, problem] of [
    [status(200, "<!doctype html><title>Log in</title>"), "stranger"], [status(204), "stranger"], [status(401), "refused"], [status(503), "busy"],
    [(ids: string[]) => all(ids.slice(1)), "busy"],
  ] as const) {
    const p = new Page();
    await p.happen(2);
    p.answers.push(answer);
    await p.sender.send();
    equal([p.posts.length, p.asked, p.sender.state.problem, p.sender.state.sending], [1, 1, problem, false]);
    ok((await p.waiting()) > 0, "what was not acknowledged is gone");
  }
});

test("40: a lost connection goes to the whole sender, and what waits goes out when asked for", async () => {
  const p = new Page();
  const [id] = await p.happen();
  await p.sender.send();
  equal([p.posts.length, p.sender.state.problem, await p.waiting()], [1, "unreachable", 1]);
  p.answers.push(all);
  await p.sender.send(true);
  equal([p.posts.map((one) => one.ids), p.sender.state.problem, await p.waiting()], [[[id], [id]], undefined, 0]);
});

test("40: a pause that was agreed before is kept", async () => {
  const p = new Page();
  await p.happen();
  p.answers.push(status(503, null, { "Retry-After": "120" }));
  await p.sender.send();
  p.now += 60_000;
  const next = p.tab();
  await next.send();
  equal([p.posts.length, next.state.problem], [1, "busy"]);
});

test("43: a refused one among several is found and set aside", async () => {
  const p = new Page();
  const ids = await p.happen(3);
  const rule = (sent: string[]): Response => (sent.includes(ids[1] ?? "") ? new Response("", { status: 400 }) : all(sent));
  p.answers.push(rule, rule, rule, rule, rule);
  await p.sender.send();
  equal([await p.waiting(), p.sender.state.aside, (await p.store.read(asidePrefix(site))).length], [0, 1, 1]);
});

test("more than a request holds is the whole sender's", async () => {
  const p = new Page();
  await p.happen(120);
  p.answers.push(all, all, all);
  await p.sender.send();
  equal([p.posts.map((one) => one.ids.length), p.asked, await p.waiting()], [[50, 50, 20], 1, 0]);
});

test("a row that is no record is left where it is and holds nothing up", async () => {
  const p = new Page();
  await p.store.write({ put: [[`${outboxPrefix(site)}${learner} x`, "?"]] });
  await p.sender.noticed();
  equal([p.sender.state.waiting, p.timers.length], [0, 0]);
  await p.happen(2);
  p.answers.push(all);
  await p.sender.send();
  equal([p.posts.length, await p.waiting(), p.sender.state.waiting], [1, 1, 0]);
});

test("52: where the other script does not come, what waits stays, is said to wait, and goes out later", async () => {
  const p = new Page();
  p.comes = false;
  await p.happen(2);
  await p.sender.send();
  equal([p.sender.state.problem, p.sender.state.waiting, p.sender.state.sending, await p.waiting()], ["unreachable", 2, false, 2]);
  ok(p.timers.some(({ at }) => at === p.now + 10_000), "it is not tried again");
  p.answers.push(all);
  await p.sender.online();
  equal([await p.waiting(), p.sender.state.problem], [0, undefined]);
});

test("61: what another learner left goes out, and is not counted as mine", async () => {
  const p = new Page();
  await p.happen(2, uuid4());
  await p.sender.noticed();
  equal([p.sender.state.waiting, p.timers.length], [0, 1]);
  p.answers.push(all);
  await p.sender.send();
  equal(await p.waiting(), 0);
});

test("46: a farewell before anything was sent is a hint: one keepalive request, and what it carried stays", async () => {
  const p = new Page();
  await p.happen(2);
  await p.sender.noticed();
  p.answers.push(all);
  p.sender.farewell();
  p.sender.farewell();
  equal([p.posts.length, p.posts[0]?.keepalive, await p.waiting()], [1, true, 2]);
});

test("49: a frozen tab that holds the lock stops no messenger for ever", async () => {
  const p = new Page();
  await p.happen();
  let thaw = (): void => undefined;
  void navigator.locks.request(`sopan send ${site}`, () => new Promise<void>((go) => (thaw = go)));
  await new Promise((go) => navigator.locks.query().then(go));
  const tab = p.tab(navigator.locks);
  p.answers.push(all);
  for (let i = 0; i < 10 && (await p.waiting()); i++) {
    await tab.send();
    p.now += 10_000;
  }
  thaw();
  equal([await p.waiting(), p.posts.length], [0, 1]);
});
