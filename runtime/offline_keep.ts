/**
 * Fetches a release, file by file, and checks each one's sum. In goes the name of a course and language; what comes out is
 * in the store: nothing of it is in use before all of it is right. A missing file, a broken-off one, another one than the
 * list says: the release before it stays in use. It never touches a database, and so no progress and no record.
 */
import { chosen, lists, parseList, type Listed, type Release, turn, weigh } from "./offline_release";
import type { Kept, OfflineStore } from "./offline_store";

/**
 * Why a release is not here: "line", the network broke off; "list", there is no list of it; "changed", what came is not what
 * is listed; "room", the device has none for the text; "stopped", by the learner.
 */
export type Why = "line" | "list" | "changed" | "room" | "stopped";

/** What a page is told of a course and language. Sizes are bytes. */
export interface Status {
  active?: { release: string; bytes: number; /** files that are not here */ without: number; films: boolean };
  /** A release that is not whole yet; busy while it is being fetched. */
  wanted?: { done: number; of: number; films: boolean };
  busy: boolean;
  why?: Why;
  /** Of a look: the release on the server, where it is another one, and what of it is not here. */
  fresh?: { release: string; bytes: number };
  /** Other courses and languages that are kept. */
  others: number;
}

/** What the keeper has of its surroundings. */
export interface Around {
  ask(address: string, init: RequestInit): Promise<Response>;
  estimate(): Promise<{ quota?: number; usage?: number }>;
  /** What is kept has changed. */
  changed(): void;
  /** No more than one page of the site is open. */
  alone(): Promise<boolean>;
  pause(milliseconds: number): Promise<void>;
}

class Failure extends Error {
  constructor(readonly why: Why) {
    super(why);
  }
}

interface Job { done: number; of: number; films: boolean; stopped: boolean }

export class Keeper {
  private readonly jobs_ = new Map<string, Job>();
  private readonly failed_ = new Map<string, Why>();
  private last_: Promise<unknown> = Promise.resolve();

  constructor(private readonly store_: OfflineStore, private readonly around_: Around) {}

  async status(name: string): Promise<Status> {
    const all = await this.store_.all();
    const { active, wanted } = all.get(name) ?? {};
    const job = this.jobs_.get(name);
    const why = this.failed_.get(name);
    const status: Status = { busy: !!job, others: all.size - (all.has(name) ? 1 : 0), ...(why && { why }) };
    if (active) {
      const gone = new Set(active.without);
      status.active = { release: active.release, bytes: weigh(chosen(active, true).filter((file) => !gone.has(file.path))).bytes, without: gone.size, films: active.films };
    }
    if (job) status.wanted = { done: job.done, of: job.of, films: job.films };
    else if (wanted) {
      const here = await this.store_.sums();
      const files = chosen(wanted, wanted.films);
      status.wanted = { done: weigh(files.filter((file) => here.has(file.sha256))).bytes, of: weigh(files).bytes, films: wanted.films };
    }
    return status;
  }

  /** Is there a newer release? Where one page alone is open, none needs the release before the one in use any more. */
  async look(name: string): Promise<Status> {
    if (await this.around_.alone()) {
      await this.inTurn_(async () => {
        const kept = await this.store_.kept(name);
        if (!kept.previous) return;
        const { previous: _, ...rest } = kept;
        await this.store_.set(name, rest);
        await this.store_.sweep();
        this.around_.changed();
      });
    }
    const status = await this.status(name);
    if (!status.active) return status;
    const release = await this.list_(name).catch(() => null);
    if (!release || release.release === status.active.release) return status;
    const here = await this.store_.sums();
    const bytes = weigh(chosen(release, status.active.films).filter((file) => !here.has(file.sha256))).bytes;
    return { ...status, fresh: { release: release.release, bytes } };
  }

  /** Fetches what is missing; two courses one after the other. It never throws: see the status. */
  keep(name: string, films: boolean): Promise<void> {
    if (this.jobs_.has(name)) return this.last_.then(() => undefined);
    const job: Job = { done: 0, of: 0, films, stopped: false };
    this.jobs_.set(name, job);
    this.failed_.delete(name);
    return this.inTurn_(async () => {
      try {
        await this.fetchAll_(name, job);
      } catch (error) {
        this.failed_.set(name, error instanceof Failure ? error.why : noRoom(error) ? "room" : "line");
      } finally {
        this.jobs_.delete(name);
        this.around_.changed();
      }
    });
  }

  stop(name: string): void {
    const job = this.jobs_.get(name);
    if (job) job.stopped = true;
  }

  async remove(name: string): Promise<void> {
    this.stop(name);
    await this.inTurn_(async () => {
      this.failed_.delete(name);
      await this.store_.set(name, {});
      await this.store_.sweep();
      this.around_.changed();
    });
  }

  private inTurn_<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.last_.then(work);
    this.last_ = mine.catch(() => undefined);
    return mine;
  }

  private async list_(name: string): Promise<Release> {
    const response = await this.around_.ask(`${this.store_.scope}${lists}${encodeURIComponent(name)}.json`, { cache: "no-cache" });
    if (!response.ok) throw new Failure("list");
    try {
      return parseList(await response.json());
    } catch {
      throw new Failure("list");
    }
  }

  private async fetchAll_(name: string, job: Job): Promise<void> {
    const release = await this.list_(name);
    const before: Kept = await this.store_.kept(name);
    const files = chosen(release, job.films);
    job.of = weigh(files).bytes;
    await this.store_.set(name, { ...before, wanted: { ...release, films: job.films } });
    const here = await this.store_.sums();
    const missing = files.filter((file) => !here.has(file.sha256));
    job.done = job.of - weigh(missing).bytes;
    const without = new Set(films(release, job.films).map((file) => file.path));
    await this.store_.holdRoom();
    try {
      const text = missing.filter((file) => turn(file.path) === 0);
      if (!await this.room_(weigh(text).bytes)) throw new Failure("room");
      await atOnce(4, text, (file) => this.one_(file, job));
      for (const which of [1, 2] as const) {
        // A film is whole in memory while its sum is taken: one at a time.
        await atOnce(which === 1 ? 4 : 1, missing.filter((file) => turn(file.path) === which), async (file) => {
          try {
            if (!await this.room_(file.size)) throw new Failure("room");
            await this.one_(file, job);
          } catch (error) {
            if (!(error instanceof Failure && error.why === "room") && !noRoom(error)) throw error;
            without.add(file.path);
            job.of -= file.size;
          }
        });
      }
      if (job.stopped) throw new Failure("stopped");
    } catch (error) {
      if (error instanceof Failure && error.why === "room" || noRoom(error)) {
        // What does not fit even as text is not left lying in the little room there is.
        const { wanted: _, ...rest } = before;
        await this.store_.set(name, rest);
        await this.store_.sweep();
      }
      throw error;
    } finally {
      await this.store_.giveRoom();
    }
    const { active, previous } = before;
    const older = active && active.release !== release.release ? active : previous;
    await this.store_.set(name, { active: { ...release, without: [...without], films: job.films }, ...(older && { previous: older }) });
    await this.store_.sweep();
  }

  /**
   * Room is left for the learner's answers: a device that is full to the brim with films could not store them. Where the
   * browser does not say how much there is, the write itself fails; see OfflineStore.holdRoom.
   */
  private async room_(bytes: number): Promise<boolean> {
    const { quota, usage } = await this.around_.estimate().catch(() => ({ quota: undefined, usage: undefined }));
    if (quota === undefined || usage === undefined) return true;
    return usage + bytes + Math.min(8 << 20, quota / 10) <= quota;
  }

  private async one_(file: Listed, job: Job): Promise<void> {
    const address = this.store_.scope + file.path.split("/").map(encodeURIComponent).join("/");
    for (let tries = 1; ; tries++) {
      if (job.stopped) throw new Failure("stopped");
      try {
        // The second time past all caches: one on the way may still hold the file of the last release.
        const response = await this.around_.ask(address, { cache: tries === 1 ? "no-cache" : "reload" });
        if (response.status >= 400 && response.status < 500) throw new Failure("changed");
        if (!response.ok) throw new TypeError(`status ${response.status}`);
        const bytes = await response.arrayBuffer();
        if (bytes.byteLength !== file.size || await sum(bytes) !== file.sha256) throw new Failure("changed");
        await this.store_.putFile(file, bytes, response.headers);
        job.done += file.size;
        return;
      } catch (error) {
        if (noRoom(error)) throw error;
        if (tries === 3 || tries === 2 && error instanceof Failure) throw error;
        if (!(error instanceof Failure)) await this.around_.pause(tries * 1500);
      }
    }
  }
}

/** The films of a release where they are not asked for. */
function films(release: Release, asked: boolean): Listed[] {
  return asked ? [] : chosen(release, true).filter((file) => turn(file.path) === 2);
}

function noRoom(error: unknown): boolean {
  return error instanceof DOMException && error.name === "QuotaExceededError";
}

async function sum(bytes: ArrayBuffer): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Does the work on all things, a few at a time; the first failure ends it once what was begun is through. */
async function atOnce<T>(few: number, things: T[], work: (thing: T) => Promise<void>): Promise<void> {
  let next = 0;
  let failed = false;
  const one = async (): Promise<void> => {
    while (!failed && next < things.length) {
      try {
        await work(things[next++]!);
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  };
  const outcomes = await Promise.allSettled(Array.from({ length: few }, one));
  for (const outcome of outcomes) if (outcome.status === "rejected") throw outcome.reason;
}
