/** A harness for the unit tests: a claim, a function that throws when it does not hold, and their outcome for the Go test. */

export interface Outcome { claim: string; error?: string }

type Check = () => void | Promise<void>;

const checks: [string, Check][] = [];

export function test(claim: string, check: Check): void {
  checks.push([claim, check]);
}

export function equal(got: unknown, want: unknown, input = ""): void {
  const [g, w] = [JSON.stringify(got), JSON.stringify(want)];
  if (g !== w) throw new Error(`${input ? `input ${input}: ` : ""}got ${g}, want ${w}`);
}

export function ok(holds: boolean, what: string): void {
  if (!holds) throw new Error(what);
}

export async function run(): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const [claim, check] of checks) {
    try {
      await check();
      outcomes.push({ claim });
    } catch (error) {
      outcomes.push({ claim, error: error instanceof Error ? error.message : String(error) });
    }
  }
  return outcomes;
}
