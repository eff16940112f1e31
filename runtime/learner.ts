/**
 * Who learns on this device: a random id and, only if the learner likes, a name that never leaves the device. No log-in,
 * no e-mail address. Several learners may share a device; one is current for a site.
 */
import { isRow, list } from "./parse";
import type { Store } from "./store";
import { uuid4 } from "./uuid";

export interface Learner { id: string; name?: string }

export interface Learners { current: Learner; others: Learner[] }

const key = (site: string): string => `learners ${site}`;

export async function readLearners(store: Store, site: string): Promise<Learners> {
  const wanted = key(site);
  const found = (await store.read(wanted)).find(([k]) => k === wanted)?.[1];
  if (isRow(found)) {
    const current = learner(found.current);
    if (current) return { current, others: list(found.others).flatMap((l) => learner(l) ?? []) };
  }
  const fresh: Learners = { current: { id: uuid4() }, others: [] };
  await writeLearners(store, site, fresh);
  return fresh;
}

export function writeLearners(store: Store, site: string, learners: Learners): Promise<void> {
  return store.write({ put: [[key(site), learners]] });
}

/** The learner with this id becomes current; without an id, a new one. */
export function switched(learners: Learners, id?: string): Learners {
  const next = learners.others.find((l) => l.id === id) ?? { id: uuid4() };
  return { current: next, others: [...learners.others, learners.current].filter((l) => l.id !== next.id) };
}

function learner(value: unknown): Learner | null {
  if (!isRow(value) || typeof value.id !== "string") return null;
  return typeof value.name === "string" ? { id: value.id, name: value.name } : { id: value.id };
}
