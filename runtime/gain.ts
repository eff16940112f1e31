/** A quiz against the diagnostics that came before it. Values in, values out. */
import type { Attempt, Earned } from "./notebook";

/**
 * What learning has added: competencies of this quiz that a diagnostic tested before, as shares of the marks. The first
 * attempt at a diagnostic is the one from before; `now` is the attempt that was just handed in.
 */
export function gains(now: Earned[], before: Attempt[]): { id: string; before: number; now: number }[] {
  const share = (lines: Earned[], id: string): number | null => {
    const mine = lines.filter((c) => c.id === id);
    const max = mine.reduce((sum, c) => sum + c.max, 0);
    return max > 0 ? Math.max(0, mine.reduce((sum, c) => sum + c.raw, 0) / max) : null;
  };
  const earlier = before.filter((a) => a.diagnostic && a.finishedAt !== undefined).sort((a, b) => a.number - b.number);
  return [...new Set(now.map((c) => c.id))].flatMap((id) => {
    const then = earlier.map((a) => share(a.competencies ?? [], id)).find((s) => s !== null);
    const after = share(now, id);
    return then === undefined || then === null || after === null ? [] : [{ id, before: then, now: after }];
  });
}
