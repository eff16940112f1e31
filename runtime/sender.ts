/**
 * When the outbox is emptied: soon after something happened, when the network comes back, when the learner asks, and as
 * a last hint when the page goes. One tab sends at a time where Web Locks exist; without them, or when the tab that
 * holds the lock is frozen, two may send the same entry, and its id makes them one.
 */
import { isRow } from "./json";
import { ifNobody } from "./lock";
import { asidePrefix, outboxPrefix } from "./notebook";
import { backoff, deliver, entryOf, farewell, most, retryAfter, waitingIn, type Outcome, type Reply, type Stop, type Waiting } from "./outbox";
import type { Keep } from "./store";
import { alarm, asked, request, statements, version, type Answer, type World } from "./world";

export interface SenderState {
  waiting: number;
  aside: number;
  sending: boolean;
  problem?: Stop;
  /** When the next try is due, in milliseconds of the device's clock. */
  next?: number;
}

export interface Sender {
  readonly state: SenderState;
  onChange: () => void;
  /** Something was put in line, here or in another tab. */
  noticed(wait?: number): Promise<void>;
  /** Sends now; `asked` by a person, a pause or a waiting time does not count. Resolves when the line is empty or stuck. */
  send(asked?: boolean): Promise<void>;
  /** The network is back: what it alone held up goes out; a store's wish to be left alone is kept. */
  online(): Promise<void>;
  /** The page is going: one request that may outlive it. Whether it arrived is found out on the next visit. */
  farewell(): void;
}

const soon = 3000;

/** Rows that are read at once: a few milliseconds on a slow phone. */
const some = 100;

type Stopped = Pick<Outcome, "stop" | "retryAfter">;

/** What was sent before this sender was there, and what is answered. */
export interface Told { body: string; answer: Promise<Answer> }

export type OpenSender = typeof openSender;

/** Both times by the device's clock: where it stands before `from`, it was set back since, and the hold is void. */
interface Hold { from: number; until: number; failures: number; why: Stop }

// A closure and not a class: what it keeps to itself costs the page one letter a name.
export function openSender(store: Keep, site: string, endpoint: string, world: World, learner = "", told?: Told): Sender {
  const line = outboxPrefix(site);
  const asideLine = asidePrefix(site);
  const holdKey = `hold ${site} `;
  // What others left on a shared device goes out too, and is not shown as this learner's.
  const mine = line + learner;
  const address = statements(endpoint);
  /** Of what waits, as many as a farewell may carry. */
  let first: Waiting[] = [];
  /** Rows in line that are no entries: not ours to throw away, and not to be counted. */
  let unreadable = 0;
  /** How many wait, of all learners. */
  let all = 0;
  let lockedOut = 0;
  let breathed: string | null = null;

  const ask = async (url: string, init: RequestInit): Promise<Reply> => {
    // What was answered to the one before us, where it was the same.
    const before = told;
    told = undefined;
    const { status, body, later } = await (before && before.body === init.body ? before.answer : asked(world, url, init));
    return { status, body, retryAfter: retryAfter(later, world.now()) };
  };

  const become = (change: Partial<SenderState>): void => {
    const { waiting, aside } = self.state;
    self.state = { waiting, aside, sending: false, ...change };
    self.onChange();
  };

  const look = async (): Promise<void> => {
    const [some, count, own, aside] = await Promise.all([
      store.read(line, undefined, most), store.count(line), store.count(mine), store.count(asideLine + learner),
    ]);
    first = waitingIn(some);
    all = count - unreadable;
    self.state.aside = aside;
    self.state.waiting = Math.min(own, all);
    self.onChange();
  };

  const settle = async ({ delivered, aside }: Outcome): Promise<void> => {
    const done = [...delivered, ...aside.map((a) => a.entry)];
    if (!done.length) return;
    await store.write({
      drop: done.map(({ key }) => key),
      put: aside.map(({ entry: { key, place, statement }, why }) => [asideLine + key.slice(line.length), { place, statement, why }]),
    });
    const own = (entry: Waiting): boolean => entry.key.startsWith(mine);
    self.state.waiting -= done.filter(own).length;
    self.state.aside += aside.filter((a) => own(a.entry)).length;
    self.onChange();
  };

  /**
   * Oldest first. First the line is read in parts for its order alone, then each batch for what it says: thousands that
   * wait neither fill the memory nor hold up the page.
   */
  const deliverAll = async (): Promise<Stopped> => {
    const places: [number, string][] = [];
    let part: [string, unknown][];
    let last: string | undefined;
    unreadable = 0;
    do {
      part = await store.read(line, last, some);
      for (const [key, value] of part) {
        const entry = entryOf(value);
        if (entry) places.push([entry.place, key]);
        else unreadable++;
        last = key;
      }
    } while (part.length === some);
    places.sort(([a], [b]) => a - b);
    let result: Stopped = {};
    while (places.length && !result.stop) {
      // Another tab may have sent one meanwhile: then it is no longer there.
      const rows = await Promise.all(places.splice(0, most).map(([, key]) => store.read(key)));
      result = await deliver(waitingIn(rows.flat()), {
        post: (body) => ask(address, request(body)),
        get: (id) => ask(`${address}?statementId=${id}`, { headers: version }),
      }, settle);
    }
    return result;
  };

  const drain = async (failures: number): Promise<void> => {
    become({ sending: true });
    let result: Stopped = { stop: "unreachable" };
    try {
      result = await deliverAll();
    } finally {
      const { stop } = result;
      if (stop) {
        const wait = Math.max(result.retryAfter ?? 0, stop === "refused" ? 3_600_000 : backoff(failures + 1, world.chance()));
        const from = world.now();
        const next = from + wait;
        await store.write({ put: [[holdKey, { from, until: next, failures: failures + 1, why: stop } satisfies Hold]] });
        await look();
        become({ problem: stop, next });
        schedule(wait);
      } else {
        if (failures) await store.write({ drop: [holdKey] });
        await look();
        become({});
        // Meanwhile something may have happened.
        if (all) schedule(soon);
      }
    }
  };

  const send = async (asked = false): Promise<void> => {
    if (self.state.sending) return;
    const value = (await store.read(holdKey))[0]?.[1];
    const hold = isRow(value) && typeof value.until === "number" ? (value as unknown as Hold) : null;
    const now = world.now();
    const left = (hold?.until ?? 0) - now;
    if (!asked && hold && left > 0 && hold.from <= now) {
      become({ problem: hold.why, next: hold.until });
      return schedule(left);
    }
    const go = (): Promise<void> => drain(hold?.failures ?? 0);
    // The holder may be frozen in the background; after a minute of that, correctness does not need the lock.
    if (asked || lockedOut > 6) {
      lockedOut = 0;
      return go();
    }
    if (await ifNobody(world.locks, `sopan send ${site}`, go)) {
      lockedOut = 0;
    } else {
      lockedOut++;
      schedule(10_000);
    }
  };

  const schedule = alarm(world, () => void send());

  const self = {
    state: { waiting: 0, aside: 0, sending: false } as SenderState,
    onChange: () => undefined as void,
    async noticed(wait = soon) {
      await look();
      if (all) schedule(wait);
    },
    send,
    online: () => send(self.state.problem === "unreachable"),
    farewell() {
      if (self.state.sending || self.state.problem === "refused") return;
      const body = farewell(first);
      if (!body || body === breathed) return;
      breathed = body;
      world.fetch(address, { ...request(body), keepalive: true }).catch(() => undefined);
    },
  };
  return self;
}
