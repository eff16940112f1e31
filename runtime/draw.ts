/**
 * Which questions an attempt gets. Values in, values out: the same seed draws the same questions. A question that the
 * learner has not met yet comes before one they have, and what an attempt was given stays with it while the quiz is edited.
 */
import { shuffled } from "./marking";

/** `any` of all questions, or from each stratum some; `of` are places in the quiz's list of questions, from 0. */
export interface DrawRule { any?: number; from?: { count: number; of: number[] }[] }

/** The ids drawn, in the order of the quiz. `kept` are those that the attempt has already, of which some may be gone. */
export function draw(rule: DrawRule, ids: string[], kept: string[], seen: ReadonlySet<string>, seed: string): string[] {
  const taken = new Set(kept.filter((id) => ids.includes(id)));
  const order = shuffled(ids, seed);
  const first = [...order.filter((id) => !seen.has(id)), ...order.filter((id) => seen.has(id))];
  const strata = rule.from
    ? rule.from.map(({ count, of }) => ({ count, pool: new Set(of.map((i) => ids[i])) }))
    : [{ count: rule.any ?? ids.length, pool: new Set<string | undefined>(ids) }];
  // The narrowest first: "2 from RTI" must not take what alone can serve "3 from RTI level 1".
  strata.sort((a, b) => a.pool.size - b.pool.size);
  const free = new Set(taken);
  for (const { count, pool } of strata) {
    let left = count;
    for (const id of free) {
      if (!left) break;
      // What the attempt has already serves one stratum only.
      if (pool.has(id)) left -= free.delete(id) ? 1 : 0;
    }
    for (const id of first) {
      if (!left) break;
      if (!pool.has(id) || taken.has(id)) continue;
      taken.add(id);
      left--;
    }
  }
  return ids.filter((id) => taken.has(id));
}
