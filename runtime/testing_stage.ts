/** The stage that the tests of senders share: a device with an outbox, and a world whose clock and network a test drives. */
import { outboxPrefix } from "./notebook";
import { statement } from "./statements";
import { Keep, MemoryStore } from "./store";
import { uuid4 } from "./uuid";
import type { World } from "./world";

export const site = "https://example.org/k";
export const endpoint = "https://lrs.example.org/xapi/";
export const learner = uuid4();

/** An answer to the ids that were posted. */
export type Answering = (ids: string[]) => Response;

export class Stage {
  store = new Keep([async () => new MemoryStore()]);
  now = Date.parse("2026-03-01T10:00:00Z");
  timers: { run: () => void; at: number }[] = [];
  /** To the posts that come, in order; where there is none left the network is away. */
  answers: Answering[] = [];
  posts: { ids: string[]; keepalive: boolean }[] = [];

  world(locks?: LockManager): World {
    return {
      fetch: async (_input, init) => {
        if (init?.method !== "POST") return new Response("", { status: 404 });
        const ids = (JSON.parse(String(init.body)) as { id: string }[]).map((s) => s.id);
        this.posts.push({ ids, keepalive: init.keepalive === true });
        const answer = this.answers.shift();
        if (!answer) throw new TypeError("Failed to fetch");
        return answer(ids);
      },
      now: () => this.now,
      chance: () => 1,
      later: (run, wait) => this.timers.push({ run, at: this.now + wait }),
      cancel: (timer) => {
        const one = this.timers[timer - 1];
        if (one) one.at = Infinity;
      },
      locks,
    };
  }

  /** So many things happen to somebody; gives the ids of their records. */
  async happen(n = 1, whose = learner): Promise<string[]> {
    const made = Array.from({ length: n }, () => statement({ site, learner: whose, lang: "en" },
      { what: "experienced", of: { id: `${site}/l`, type: "lesson", name: "L" } }, new Date(this.now), uuid4()));
    await this.store.write({ append: made.map((s) => ({ key: () => `${outboxPrefix(site)}${whose} ${s.id}`, value: (place) => ({ place, statement: s }) })) });
    return made.map((s) => s.id);
  }

  async waiting(): Promise<number> {
    return (await this.store.read(outboxPrefix(site))).length;
  }
}

/** Acknowledges all. */
export const all: Answering = (ids) => new Response(JSON.stringify(ids), { status: 200 });

export function status(code: number, body: string | null = null, headers: Record<string, string> = {}): Answering {
  return () => new Response(body, { status: code, headers });
}
