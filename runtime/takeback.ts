/**
 * An exported file comes back: on a new device, or after the browser threw its storage away. Progress is laid beside what
 * is here, and only where nothing is; statements that waited wait again under their own ids, so that a record store that
 * has them already keeps one. Throws where the file is none of ours.
 */
import { switched, writeLearners, type Learners } from "./learner";
import { asidePrefix, outboxPrefix, statePrefix } from "./notebook";
import { entryOf } from "./outbox";
import { isRow, list, row, text } from "./parse";
import type { Statement } from "./statements";
import type { Store } from "./store";

export async function takeBack(store: Store, site: string, learners: Learners, content: string): Promise<void> {
  const file = row(JSON.parse(content), "file");
  if (file.format !== "sopan-learner" || file.v !== 1 || file.site !== site) throw new Error("a file of another site");
  const learner = text(row(file.learner, "learner").id, "learner.id");
  if (!/^[0-9a-f-]{36}$/.test(learner)) throw new Error("learner.id is no id");

  const mine = statePrefix(site, learner);
  const here = new Set((await store.read(mine)).map(([key]) => key));
  const rows = Object.entries(row(file.progress, "progress")).map(([key, value]): [string, unknown] => [mine + key, value]);

  const known = new Set<string>();
  for (const prefix of [outboxPrefix(site), asidePrefix(site)]) {
    for (const [, value] of await store.read(prefix)) known.add(entryOf(value)?.statement.id ?? "");
  }
  // What was refused once is offered once more: the record store may have been put right.
  const waiting = [...list(file.waiting), ...list(file.setAside)].filter((s): s is Statement & Record<string, unknown> =>
    isRow(s) && typeof s.id === "string" && /^[0-9a-f-]{36}$/.test(s.id) && !known.has(s.id)
    && isRow(s.actor) && isRow(s.actor.account) && s.actor.account.name === learner && s.actor.account.homePage === site && isRow(s.context));
  await store.write({
    put: rows.filter(([key]) => !here.has(key)),
    append: waiting.map((statement) => ({
      key: () => `${outboxPrefix(site)}${learner} ${statement.id}`,
      value: (place) => ({ place, statement }),
    })),
  });
  if (learners.current.id !== learner) {
    const others = learners.others.some((l) => l.id === learner) ? learners.others : [...learners.others, { id: learner }];
    await writeLearners(store, site, switched({ current: learners.current, others }, learner));
  }
}
