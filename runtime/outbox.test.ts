import { backoff, batches, bytes, deliver, farewell, holds, retryAfter, sendable, waitingOf, type Outcome, type Reply, type Waiting, type Wire } from "./outbox";
import { problemKey } from "./problem";
import { statement } from "./statements";
import { equal, ok, test } from "./testing";
import { uuid4 } from "./uuid";

const site = "https://example.org/k";

function entries(n: number, size = 0): Waiting[] {
  return Array.from({ length: n }, (_, i) => ({
    place: i + 1,
    statement: statement({ site, learner: uuid4(), lang: "en" },
      { what: "experienced", of: { id: `${site}/l${i}`, type: "lesson", name: "x".repeat(size) } }, new Date(0), uuid4()),
  })).map((entry) => waitingOf(`k${entry.place}`, entry)!);
}

/** A record store with rules: what it answers to a list of ids. */
function wire(post: (ids: string[], bytes: number) => Reply, get?: (id: string) => Reply): Wire & { posts: number } {
  const w = {
    posts: 0,
    async post(body: string) {
      w.posts++;
      return post((JSON.parse(body) as { id: string }[]).map((s) => s.id), bytes(body));
    },
    async get(id: string) {
      if (!get) throw new Error("not asked for");
      return get(id);
    },
  };
  return w;
}

const stored = (ids: string[]): Reply => ({ status: 200, body: JSON.stringify(ids) });

async function sent(waiting: Waiting[], w: Wire): Promise<{ delivered: number[]; aside: [number, string][]; stop: string | undefined }> {
  const all: Outcome = { delivered: [], aside: [] };
  const end = await deliver(waiting, w, async (part) => {
    all.delivered.push(...part.delivered);
    all.aside.push(...part.aside);
  });
  return {
    delivered: all.delivered.map((e) => e.place).sort((a, b) => a - b),
    aside: all.aside.map((a): [number, string] => [a.entry.place, a.why]),
    stop: end.stop,
  };
}

const range = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, i) => from + i);

test("120 entries go in three batches, in order, and all are acknowledged", async () => {
  const w = wire(stored);
  equal((await sent(entries(120), w)).delivered, range(1, 120));
  equal(w.posts, 3);
});

test("a batch is at most 256 KiB, and a larger entry goes alone", () => {
  for (const batch of batches([...entries(30, 20_000), ...entries(1, 300_000), ...entries(3)])) {
    const size = bytes(JSON.stringify(batch.map(sendable)));
    ok(batch.length === 1 || size <= 256 * 1024, `${batch.length} entries with ${size} bytes`);
  }
});

test("40: an HTML page with status 200 delivers nothing", async () => {
  const end = await sent(entries(2), wire(() => ({ status: 200, body: "<!doctype html><title>Log in</title>" })));
  equal(end, { delivered: [], aside: [], stop: "stranger" });
});

test("40: JSON that names no id delivers nothing", async () => {
  for (const body of ["{}", "[]", "null", '"ok"', "[1,2]"]) {
    const end = await sent(entries(2), wire(() => ({ status: 200, body })));
    equal(end.delivered, [], body);
    ok(end.stop !== undefined, `${body}: no stop`);
  }
});

test("40: 204 without a body delivers nothing", async () => {
  equal((await sent(entries(1), wire(() => ({ status: 204, body: "" })))).delivered, []);
});

test("an acknowledgement of some is an acknowledgement of those", async () => {
  const end = await sent(entries(3), wire((ids) => stored(ids.slice(0, 2))));
  equal(end, { delivered: [1, 2], aside: [], stop: "busy" });
});

test("ids are compared without regard to case", async () => {
  equal((await sent(entries(2), wire((ids) => stored(ids.map((id) => id.toUpperCase()))))).delivered, [1, 2]);
});

test("40: a lost connection, 5xx and 429 stop, lose nothing and pass on Retry-After", async () => {
  const lost = await sent(entries(2), { post: () => Promise.reject(new TypeError("failed")), get: () => Promise.reject(new Error()) });
  equal(lost, { delivered: [], aside: [], stop: "unreachable" });
  for (const status of [500, 502, 503, 429]) {
    const end = await deliver(entries(2), wire(() => ({ status, body: "", retryAfter: 7000 })), async () => undefined);
    equal(end, { stop: "busy", retryAfter: 7000 }, String(status));
  }
});

test("44: 401 and 403 pause everything", async () => {
  for (const status of [401, 403]) {
    const w = wire(() => ({ status, body: "" }));
    equal(await sent(entries(120), w), { delivered: [], aside: [], stop: "refused" }, String(status));
    equal(w.posts, 1);
  }
});

test("43: of 50 with one invalid and one duplicate, 49 are delivered and the invalid one is set aside", async () => {
  const all = entries(50);
  const bad = all[16]!.statement.id;
  const twin = all[33]!;
  const end = await sent(all, wire(
    (ids) => (ids.includes(bad) ? { status: 400, body: "" } : ids.includes(twin.statement.id) ? { status: 409, body: "" } : stored(ids)),
    () => ({ status: 200, body: JSON.stringify({ ...sendable(twin), stored: "2026-01-01T00:00:00Z", version: "1.0.3" }) }),
  ));
  equal(end, { delivered: [...range(1, 16), ...range(18, 50)], aside: [[17, "invalid"]], stop: undefined });
});

test("44: 413 finds the large one and lets the rest flow", async () => {
  const all = [...entries(3), ...entries(1, 90_000), ...entries(3)].map((e, i) => ({ ...e, place: i + 1 }));
  const end = await sent(all, wire((ids, size) => (size > 80_000 ? { status: 413, body: "" } : stored(ids))));
  equal(end, { delivered: [1, 2, 3, 5, 6, 7], aside: [[4, "large"]], stop: undefined });
});

test("42: after 409 a different stored statement sets ours aside, under its own id", async () => {
  const [one] = entries(1);
  const end = await sent([one!], wire(() => ({ status: 409, body: "" }), () => ({ status: 200, body: JSON.stringify({ ...sendable(one!), verb: { id: "other" } }) })));
  equal(end, { delivered: [], aside: [[1, "conflict"]], stop: undefined });
});

test("42: after 409 a store that cannot be asked now keeps the entry waiting", async () => {
  const end = await sent(entries(1), wire(() => ({ status: 409, body: "" }), () => ({ status: 503, body: "" })));
  equal(end, { delivered: [], aside: [], stop: "unreachable" });
});

test("comparing ignores what a store adds and how it writes a time", () => {
  const [one] = entries(1);
  const ours = sendable(one!);
  const theirs = { ...ours, timestamp: "1970-01-01T00:00:00+00:00", stored: "x", authority: { name: "s" }, actor: { ...ours.actor, name: "?" } };
  ok(holds(theirs, ours), "the same statement is taken for another");
  ok(!holds({ ...theirs, object: { id: "other" } }, ours), "another is taken for the same");
  ok(!holds([1, 2], [1]), "a longer list is taken for the same");
});

test("45: the farewell keeps below the 64 KiB that keepalive requests share, and a 70 KiB entry is left for the next visit", () => {
  const body = farewell(entries(30, 3000));
  ok(body !== null && bytes(body) <= 60 * 1024, "no body, or too large");
  ok((JSON.parse(body ?? "[]") as unknown[]).length > 10, "hardly anything in it");
  equal(farewell(entries(1, 70 * 1024)), null);
  equal(farewell([]), null);
});

test("a statement is sent with its place in line, always the same", () => {
  const [one] = entries(1);
  equal(sendable(one!), sendable(one!));
  equal(sendable(one!).context.extensions?.[`${site}/profile/sequence`], 1);
});

test("Retry-After is read as seconds or a date, and never longer than a day", () => {
  const now = Date.parse("2026-01-01T00:00:00Z");
  equal([retryAfter("120", now), retryAfter("Thu, 01 Jan 2026 00:01:00 GMT", now), retryAfter("soon", now), retryAfter(null, now), retryAfter("99999999", now), retryAfter("Thu, 01 Jan 2015 00:00:00 GMT", now)],
    [120_000, 60_000, undefined, undefined, 86_400_000, 0]);
});

test("waiting doubles from 5 seconds to 10 minutes, half of it by chance", () => {
  equal([backoff(1, 1), backoff(2, 1), backoff(3, 0), backoff(20, 1), backoff(20, 0)], [5000, 10_000, 10_000, 600_000, 300_000]);
});

test("52: each reason why nothing goes out has its own words", () => {
  const at = { address: "https://a.in/x.html", endpoint: "https://b.in/x" };
  equal([
    problemKey("busy", at), problemKey("refused", at), problemKey("stranger", at), problemKey("unreachable", at),
    problemKey("unreachable", { ...at, endpoint: "http://b.in" }), problemKey("unreachable", { ...at, address: "file:///c/x.html" }),
  ], ["unsent.busy", "unsent.refused", "unsent.stranger", "unsent.unreachable", "unsent.mixed", "unsent.disk"]);
});
