/**
 * The sender of a page as long as all goes well: little waits, and the record store acknowledges it. Where much waits, or
 * anything else is answered than an acknowledgement, the whole sender takes over (sender.ts, in the script `unsent`); it is
 * told what was answered, so that nothing goes out twice for that. Until that script is there, what waits is kept.
 */
import { ifNobody } from "./lock";
import { asidePrefix, outboxPrefix } from "./notebook";
import { bodyOf, bytes, farewell, most, mostBytes, named, waitingIn, type Waiting } from "./outbox";
import type { OpenSender, Sender, SenderState, Told } from "./sender";
import type { Keep } from "./store";
import { alarm, asked, request, statements, type World } from "./world";

const soon = 3000;

/** Until the next try where another tab is at it, or the script did not come. */
const later = 10_000;

/** `whole` gives the whole sender. */
export function openMessenger(
  store: Keep, site: string, endpoint: string, world: World, whole: () => Promise<OpenSender>, learner = "",
): Sender {
  const line = outboxPrefix(site);
  const address = statements(endpoint);
  let state: SenderState = { waiting: 0, aside: 0, sending: false };
  let successor: Sender | undefined;
  /** What waits, of all learners: a request of it and one more. */
  let first: Waiting[] = [];
  /** It is not for this sender: there is more, something that cannot be read, or a pause that was agreed before. */
  let hard = false;
  let lockedOut = 0;
  let breathed: string | null = null;

  const become = (change: Partial<SenderState>): void => {
    const { waiting, aside } = state;
    state = { waiting, aside, sending: false, ...change };
    self.onChange();
  };

  const look = async (): Promise<void> => {
    const [rows, own, aside, holds] = await Promise.all([
      store.read(line, undefined, most + 1), store.count(line + learner), store.count(asidePrefix(site) + learner), store.count(`hold ${site} `),
    ]);
    first = waitingIn(rows);
    hard = holds > 0 || rows.length > Math.min(most, first.length);
    become({ ...state, waiting: first.length && own, aside });
  };

  const send = async (urged = false): Promise<void> => {
    if (successor) return successor.send(urged);
    if (state.sending) return;
    become({ sending: true });
    let told: Told | undefined;
    const go = async (): Promise<void> => {
      await look();
      const body = bodyOf(first);
      if (hard || bytes(body) > mostBytes) throw new Error("too much");
      if (!first.length) return;
      told = { body, answer: asked(world, address, request(body)) };
      const ids = named(await told.answer);
      if (first.some(({ statement }) => !ids.includes(statement.id.toLowerCase()))) throw new Error("not acknowledged");
      await store.write({ drop: first.map(({ key }) => key) });
    };
    try {
      // The holder may be frozen in the background; after a minute of that, correctness does not need the lock.
      if (urged || lockedOut > 6) await go();
      else if (!(await ifNobody(world.locks, `sopan send ${site}`, go))) {
        lockedOut++;
        become({});
        return wake(later);
      }
      lockedOut = 0;
      await look();
      become({});
      // Meanwhile something may have happened.
      if (first.length) wake(soon);
    } catch {
      try {
        successor = (await whole())(store, site, endpoint, world, learner, told);
        successor.onChange = () => self.onChange();
        await successor.send(urged);
      } catch {
        become({ problem: "unreachable" });
        wake(later);
      }
    }
  };
  const wake = alarm(world, () => void send());

  const self: Sender = {
    get state() {
      return successor?.state ?? state;
    },
    onChange: () => undefined,
    async noticed(wait = soon) {
      if (successor) return successor.noticed(wait);
      await look();
      if (first.length) wake(wait);
    },
    send,
    online: () => successor?.online() ?? send(),
    farewell() {
      if (successor) return successor.farewell();
      const body = state.sending ? null : farewell(first);
      if (!body || body === breathed) return;
      breathed = body;
      world.fetch(address, { ...request(body), keepalive: true }).catch(() => undefined);
    },
  };
  return self;
}
