/**
 * What the worker keeps, in one cache of the site's own: files by their sums, and for each course and language which
 * releases are here. A file that two releases, languages or courses share is here once, and a release becomes the one in
 * use by a single write. Progress and records are in IndexedDB, which nothing here touches.
 */
import { isRow, list, row } from "./json";
import { type Listed, parseRelease, type Release, written } from "./offline_release";

export interface Kept {
  /** The release in use, whole but for the paths in `without`, for which there was no room or which nobody asked for. */
  active?: Release & { without: string[]; films: boolean };
  /** The one before it, for tabs that were opened with it. */
  previous?: Release;
  /** One that is being fetched, or was when the browser stopped the worker. */
  wanted?: Release & { films: boolean };
}

/** The name of the cache: caches are an origin's, and a site may stand in a folder beside another one. */
export function cacheName(scope: string): string {
  return `sopan-offline ${new URL(scope).pathname}`;
}

export class OfflineStore {
  private opened_: Promise<Cache> | undefined;

  /** scope is the address of the site's root, with its trailing slash. */
  constructor(readonly scope: string, private readonly caches_: CacheStorage) {}

  private cache_(): Promise<Cache> {
    this.opened_ ??= this.caches_.open(cacheName(this.scope));
    return this.opened_;
  }

  // The keys are addresses, as a cache wants; nobody ever asks a server for them.
  private key_(kind: "file" | "kept" | "room", name: string): string {
    return `${this.scope}.sopan-offline/${kind}/${encodeURIComponent(name)}`;
  }

  private async names_(kind: "file" | "kept"): Promise<string[]> {
    const start = this.key_(kind, "");
    const keys = await (await this.cache_()).keys();
    return keys.map((one) => one.url).filter((url) => url.startsWith(start)).map((url) => decodeURIComponent(url.slice(start.length)));
  }

  /** Everything that is kept, by "COURSE.LANG". What cannot be read is as good as not kept. */
  async all(): Promise<Map<string, Kept>> {
    const all = new Map<string, Kept>();
    for (const name of await this.names_("kept")) all.set(name, await this.kept(name));
    return all;
  }

  async kept(name: string): Promise<Kept> {
    const found = await (await this.cache_()).match(this.key_("kept", name));
    try {
      return found ? parseKept(await found.json()) : {};
    } catch {
      return {};
    }
  }

  async set(name: string, kept: Kept): Promise<void> {
    const cache = await this.cache_();
    const { active, previous, wanted } = kept;
    if (!active && !wanted) {
      await cache.delete(this.key_("kept", name));
      return;
    }
    await cache.put(this.key_("kept", name), new Response(JSON.stringify({
      ...(active && { active: { ...row(written(active), ""), without: active.without, films: active.films } }),
      ...(previous && { previous: written(previous) }),
      ...(wanted && { wanted: { ...row(written(wanted), ""), films: wanted.films } }),
    })));
  }

  async sums(): Promise<Set<string>> {
    return new Set(await this.names_("file"));
  }

  async file(sha256: string): Promise<Response | undefined> {
    return (await this.cache_()).match(this.key_("file", sha256));
  }

  /** Throws a QuotaExceededError where there is no room. */
  async putFile(file: Listed, bytes: ArrayBuffer, headers: Headers): Promise<void> {
    const kept = new Headers({ "Content-Length": String(file.size), "Accept-Ranges": "bytes" });
    for (const name of ["Content-Type", "Content-Security-Policy", "Content-Language", "X-Content-Type-Options"]) {
      const value = headers.get(name);
      if (value !== null) kept.set(name, value);
    }
    await (await this.cache_()).put(this.key_("file", file.sha256), new Response(bytes, { headers: kept }));
  }

  /**
   * Holds room while files are written, for what the learner answers: Chromium no longer tells a site how much it has
   * (estimate() names the same room everywhere), and a write into the last of it fails wherever it comes from.
   */
  async holdRoom(): Promise<void> {
    const cache = await this.cache_();
    for (const bytes of [1 << 20, 1 << 18, 1 << 16]) {
      try {
        return await cache.put(this.key_("room", ""), new Response(new ArrayBuffer(bytes)));
      } catch {
        // Less, then.
      }
    }
  }

  async giveRoom(): Promise<void> {
    await (await this.cache_()).delete(this.key_("room", ""));
  }

  /** Takes away the files that no release lists. */
  async sweep(): Promise<void> {
    const cache = await this.cache_();
    const listed = new Set<string>();
    for (const { active, previous, wanted } of (await this.all()).values()) {
      for (const release of [active, previous, wanted]) for (const file of release?.files ?? []) listed.add(file.sha256);
    }
    for (const sum of await this.sums()) if (!listed.has(sum)) await cache.delete(this.key_("file", sum));
  }
}

function parseKept(value: unknown): Kept {
  const data = row(value, "what is kept");
  const kept: Kept = {};
  if (isRow(data["active"])) {
    const { without, films } = data["active"];
    kept.active = { ...parseRelease(data["active"]), without: list(without).map(String), films: films === true };
  }
  if (isRow(data["previous"])) kept.previous = parseRelease(data["previous"]);
  if (isRow(data["wanted"])) kept.wanted = { ...parseRelease(data["wanted"]), films: data["wanted"]["films"] === true };
  return kept;
}
