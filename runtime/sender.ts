/**
 * When the outbox is emptied: soon after something happened, when the network comes back, when the learner asks, and as
 * a last hint when the page goes. One tab sends at a time where Web Locks exist; without them, or when the tab that
 * holds the lock is frozen, two may send the same entry, and its id makes them one.
 */
import { backoff, deliver, entryOf, farewell, most, retryAfter, type Outcome, type Reply, type Stop, type Waiting, type Wire } from "./outbox";
import { ifNobody } from "./lock";
import { isRow } from "./parse";
import { asidePrefix, outboxPrefix } from "./notebook";
import type { Keep } from "./store";

export interface SenderState {
  waiting: number;
  aside: number;
  sending: boolean;
  problem?: Stop;
  /** When the next try is due, in milliseconds of the device's clock. */
  next?: number;
}

/** The world outside, so that tests can drive it. */
export interface World {
  fetch: typeof fetch;
  now(): number;
  chance(): number;
  later(run: () => void, milliseconds: number): number;
  cancel(timer: number): void;
  locks: LockManager | undefined;
}

export function browser(): World {
  return {
    fetch: (input, init) => fetch(input, init),
    now: () => Date.now(),
    chance: () => Math.random(),
    later: (run, milliseconds) => window.setTimeout(run, milliseconds),
    cancel: (timer) => window.clearTimeout(timer),
    locks: navigator.locks,
  };
}

const soon = 3000;
const patience = 30_000;
const day = 86_400_000;

/** Rows that are read at once: a few milliseconds on a slow phone. */
const some = 200;

interface Hold { until: number; failures: number; why: Stop }

export class Sender {
  state: SenderState = { waiting: 0, aside: 0, sending: false };
  onChange: () => void = () => undefined;
  /** Of what waits, as many as a farewell may carry. */
  private some: Waiting[] = [];
  /** Rows in line that are no entries: not ours to throw away, and not to be counted. */
  private unreadable = 0;
  private timer: number | undefined;
  private due = 0;
  private lockedOut = 0;
  private breathed = "";

  constructor(
    private readonly store: Keep, private readonly site: string, private readonly endpoint: string,
    private readonly world: World,
  ) {}

  /** Something was put in line, here or in another tab. */
  async noticed(wait = soon): Promise<void> {
    await this.look();
    if (this.state.waiting) this.schedule(wait);
  }

  /** Sends now; `asked` by a person, a pause or a waiting time does not count. Resolves when the line is empty or stuck. */
  async send(asked = false): Promise<void> {
    if (this.state.sending) return;
    const hold = await this.hold();
    const now = this.world.now();
    // A waiting time of more than a day is a clock that was set back since.
    if (!asked && hold && hold.until > now && hold.until - now <= day) {
      this.become({ problem: hold.why, next: hold.until });
      this.schedule(hold.until - now);
      return;
    }
    const drain = (): Promise<void> => this.drain(hold?.failures ?? 0);
    // The holder may be frozen in the background; after a minute of that, correctness does not need the lock.
    if (asked || this.lockedOut > 6) {
      this.lockedOut = 0;
      return drain();
    }
    if (await ifNobody(this.world.locks, `sopan send ${this.site}`, drain)) {
      this.lockedOut = 0;
    } else {
      this.lockedOut++;
      this.schedule(10_000);
    }
  }

  /** The network is back: what it alone held up goes out; a store's wish to be left alone is kept. */
  online(): Promise<void> {
    return this.send(this.state.problem === "unreachable");
  }

  /** The page is going: one request that may outlive it. Whether it arrived is found out on the next visit. */
  farewell(): void {
    if (this.state.sending || this.state.problem === "refused") return;
    const body = farewell(this.some);
    if (!body || body === this.breathed) return;
    this.breathed = body;
    this.world.fetch(this.address(), { ...request(body), keepalive: true }).catch(() => undefined);
  }

  private async drain(failures: number): Promise<void> {
    this.become({ sending: true });
    let result: { stop?: Stop; retryAfter?: number } = { stop: "unreachable" };
    try {
      result = await this.deliverAll();
    } finally {
      const key = `hold ${this.site}`;
      if (result.stop) {
        const wait = Math.max(
          result.retryAfter ?? 0,
          result.stop === "refused" ? 3_600_000 : backoff(failures + 1, this.world.chance()),
        );
        const until = this.world.now() + wait;
        await this.store.write({ put: [[key, { until, failures: failures + 1, why: result.stop } satisfies Hold]] });
        await this.look();
        this.become({ sending: false, problem: result.stop, next: until });
        this.schedule(wait);
      } else {
        if (failures) await this.store.write({ drop: [key] });
        await this.look();
        this.become({ sending: false });
        // Meanwhile something may have happened.
        if (this.state.waiting) this.schedule(soon);
      }
    }
  }

  /**
   * Oldest first. First the line is read in parts for its order alone, then each batch for what it says: thousands that
   * wait neither fill the memory nor hold up the page.
   */
  private async deliverAll(): Promise<{ stop?: Stop; retryAfter?: number }> {
    const prefix = outboxPrefix(this.site);
    const line: { key: string; place: number }[] = [];
    let part: [string, unknown][];
    let last: string | undefined;
    this.unreadable = 0;
    do {
      part = await this.store.read(prefix, last, some);
      for (const [key, value] of part) {
        const entry = entryOf(value);
        if (entry) line.push({ key, place: entry.place });
        else this.unreadable++;
        last = key;
      }
    } while (part.length === some);
    line.sort((a, b) => a.place - b.place);
    let result: { stop?: Stop; retryAfter?: number } = {};
    while (line.length && !result.stop) {
      // Another tab may have sent one meanwhile: then it is no longer there.
      const rows = await Promise.all(line.splice(0, most).map(({ key }) => this.store.read(key)));
      result = await deliver(waiting(rows.flat()), this.wire(), (part) => this.settle(part));
    }
    return result;
  }

  private async settle(part: Outcome): Promise<void> {
    const done = [...part.delivered, ...part.aside.map((a) => a.entry)];
    if (!done.length) return;
    await this.store.write({
      drop: done.map((entry) => entry.key),
      put: part.aside.map(({ entry, why }) => [
        asidePrefix(this.site) + entry.statement.id, { place: entry.place, statement: entry.statement, why },
      ]),
    });
    this.state.waiting -= done.length;
    this.state.aside += part.aside.length;
    this.onChange();
  }

  private async look(): Promise<void> {
    const prefix = outboxPrefix(this.site);
    const [first, count, aside] = await Promise.all([
      this.store.read(prefix, undefined, most), this.store.count(prefix), this.store.count(asidePrefix(this.site)),
    ]);
    this.some = waiting(first).sort((a, b) => a.place - b.place);
    this.state.aside = aside;
    this.state.waiting = count - this.unreadable;
    this.onChange();
  }

  private async hold(): Promise<Hold | null> {
    const value = (await this.store.read(`hold ${this.site}`))[0]?.[1];
    return isRow(value) && typeof value.until === "number" ? (value as unknown as Hold) : null;
  }

  private schedule(wait: number): void {
    const due = this.world.now() + wait;
    if (this.timer !== undefined) {
      if (this.due <= due && this.due > this.world.now()) return;
      this.world.cancel(this.timer);
    }
    this.due = due;
    this.timer = this.world.later(() => {
      this.timer = undefined;
      void this.send();
    }, wait);
  }

  private become(change: { sending?: boolean; problem?: Stop; next?: number }): void {
    const { waiting, aside, sending } = this.state;
    this.state = { waiting, aside, sending, ...change };
    this.onChange();
  }

  private address(): string {
    return this.endpoint.replace(/\/$/, "") + "/statements";
  }

  private wire(): Wire {
    const ask = async (address: string, init: RequestInit): Promise<Reply> => {
      const stop = new AbortController();
      const timer = this.world.later(() => stop.abort(), patience);
      try {
        const response = await this.world.fetch(address, { ...init, signal: stop.signal });
        const wait = retryAfter(response.headers.get("Retry-After"), this.world.now());
        const reply: Reply = { status: response.status, body: await response.text() };
        if (wait !== undefined) reply.retryAfter = wait;
        return reply;
      } finally {
        this.world.cancel(timer);
      }
    };
    return {
      post: (body) => ask(this.address(), request(body)),
      get: (id) => ask(`${this.address()}?statementId=${id}`, { headers: version }),
    };
  }
}

function waiting(rows: [string, unknown][]): Waiting[] {
  return rows.flatMap(([key, value]) => {
    const entry = entryOf(value);
    return entry ? [{ ...entry, key }] : [];
  });
}

const version = { "X-Experience-API-Version": "1.0.3" };

function request(body: string): RequestInit {
  return { method: "POST", headers: { ...version, "Content-Type": "application/json" }, body };
}
