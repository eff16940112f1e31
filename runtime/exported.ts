/** Everything that is kept of a learner, as one file. Statements in it are as they would be sent. */
import { entryOf, sendable, type Entry } from "./outbox";
import { asidePrefix, outboxPrefix, statePrefix } from "./notebook";
import type { Learner } from "./learner";
import type { Statement } from "./statements";
import type { Store } from "./store";

export interface Exported {
  format: "sopan-learner";
  v: 1;
  site: string;
  learner: Learner;
  exportedAt: string;
  /** Rows by key, without the site and the learner in it. */
  progress: Record<string, unknown>;
  /** Statements that no record store has acknowledged. */
  waiting: Statement[];
  setAside: Statement[];
}

export async function exported(store: Store, site: string, learner: Learner, at: Date): Promise<Exported> {
  const mine = statePrefix(site, learner.id);
  const statements = async (prefix: string): Promise<Statement[]> => {
    const entries = (await store.read(prefix)).map(([, value]) => entryOf(value));
    return entries
      .filter((e): e is Entry => e !== null && e.statement.actor.account.name === learner.id)
      .sort((a, b) => a.place - b.place)
      .map(sendable);
  };
  return {
    format: "sopan-learner", v: 1, site, learner, exportedAt: at.toISOString(),
    progress: Object.fromEntries((await store.read(mine)).map(([key, value]) => [key.slice(mine.length), value])),
    waiting: await statements(outboxPrefix(site)),
    setAside: await statements(asidePrefix(site)),
  };
}
