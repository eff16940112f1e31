/**
 * The time that an attempt may last, as a value: what was left, and when that was. No timer, no DOM; whoever has them
 * says how much time went by.
 *
 * While the page is in view only the browser's steady clock counts, so that a device's clock that is set, or jumps, ends
 * nothing and gives nothing away. After a stay elsewhere the device's clock says how long that was: below 0 counts as 0.
 * What is left never grows by itself and never falls below 0.
 */
import { isRow } from "./parse";

export interface Clock {
  attempt: number;
  /** Milliseconds left at the time `at`. */
  left: number;
  /** By the device's clock. */
  at: number;
  paused?: true;
}

export function begin(attempt: number, milliseconds: number, now: number): Clock {
  return { attempt, left: milliseconds, at: now };
}

/** After `gone` milliseconds by whichever clock was right. */
export function after(clock: Clock, gone: number, now: number): Clock {
  return { ...clock, left: clock.paused ? clock.left : Math.max(0, clock.left - Math.max(0, gone)), at: now };
}

/** Back from another page, a closed tab or a sleeping device. `steady` is what the steady clock saw of it. */
export function back(clock: Clock, now: number, steady = 0): Clock {
  return after(clock, Math.max(steady, now - clock.at), now);
}

/** The learner stops the clock, or lets it go on. */
export function pause(clock: Clock, on: boolean): Clock {
  const { paused: _, ...rest } = clock;
  return on ? { ...rest, paused: true } : rest;
}

/** What one press gives: a quarter of the time, in whole minutes, at least one. */
export function more(clock: Clock, milliseconds: number): Clock {
  return { ...clock, left: clock.left + extension(milliseconds) * 60000 };
}

export function extension(milliseconds: number): number {
  return Math.max(1, Math.round(milliseconds / 240000));
}

/** The mark that was passed between two readings, in milliseconds: half the time, five minutes, one; null where none was. */
export function passed(before: number, now: number, whole: number): number | null {
  const marks = [60000, 300000, whole / 2].filter((m) => m <= whole / 2);
  return marks.sort((a, b) => a - b).find((m) => now <= m && before > m) ?? null;
}

/** What a storage hands back; null where it is no clock. */
export function clockOf(value: unknown): Clock | null {
  if (!isRow(value) || typeof value.attempt !== "number" || typeof value.at !== "number" || typeof value.left !== "number") return null;
  const { attempt, left, at } = value;
  if (!Number.isFinite(left)) return null;
  return value.paused === true ? { attempt, left, at, paused: true } : { attempt, left, at };
}
