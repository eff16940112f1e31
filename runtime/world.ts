/** The world outside of a sender, so that tests can drive it: a network, a clock, chance, other tabs. */
import { version } from "sopan:version";

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

/** What a record store answered, read to its end. */
export interface Answer {
  status: number;
  body: string;
  /** The Retry-After header. */
  later: string | null;
}

const patience = 30_000;

export { version };

/** Throws where no readable answer comes back in time. */
export async function asked(world: World, url: string, init: RequestInit): Promise<Answer> {
  const stop = new AbortController();
  const patient = world.later(() => stop.abort(), patience);
  try {
    const response = await world.fetch(url, { ...init, signal: stop.signal });
    return { status: response.status, body: await response.text(), later: response.headers.get("Retry-After") };
  } finally {
    world.cancel(patient);
  }
}

/** Where an endpoint takes statements. */
export function statements(endpoint: string): string {
  return endpoint.replace(/\/$/, "") + "/statements";
}

/** To post statements with; or to put JSON. */
export function request(body: string, method = "POST"): RequestInit & { headers: Record<string, string> } {
  return { method, headers: { ...version, "Content-Type": "application/json" }, body };
}

/** Sets a timer; one that strikes earlier stays. */
export function alarm(world: World, strike: () => void): (wait: number) => void {
  let timer = 0;
  /** When it strikes; 0 where it is not set. */
  let due = 0;
  return (wait) => {
    const now = world.now();
    if (due > now && due <= now + wait) return;
    world.cancel(timer);
    due = now + wait;
    timer = world.later(() => {
      due = 0;
      strike();
    }, wait);
  };
}
