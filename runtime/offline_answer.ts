/**
 * What the worker answers a page that asks for a file. In goes a request; out comes what the network has or what is kept:
 * pages, and what is written under a name that stays, from the network first, with a time limit; all else from what is kept
 * first. What no kept course lists is the network's business alone; where there is none, a page of the nearest kept course
 * says so, in the course's language, in the place of the browser's own.
 */
import { lists, type Listed } from "./offline_release";
import type { OfflineStore } from "./offline_store";

/** How long the network may take before a page that is kept is shown, and for how long it is not asked again after that. */
export interface Patience { limit: number; rest: number }

export const patience: Patience = { limit: 4000, rest: 30_000 };

type Ask = (request: Request, init?: RequestInit) => Promise<Response>;

export class Answers {
  private index_: Promise<Map<string, Listed>> | null = null;
  private restUntil_ = 0;

  constructor(private readonly store_: OfflineStore, private readonly ask_: Ask, private readonly wait_: Patience = patience) {}

  /** What is kept has changed. */
  forget(): void {
    this.index_ = null;
  }

  async answer(request: Request): Promise<Response> {
    const found = await this.find_(request.url).catch(() => null); // storage that fails leaves the network
    if (!found) return this.beyond_(request);
    if (typeof found === "string") return await this.fromNetwork_(request) ?? Response.redirect(found, 302);
    const kept = (): Promise<Response | undefined> => this.kept_(found, request).catch(() => undefined);
    // These names stay when what they hold changes.
    const stays = /\.html$|^assets\/(course|search)\//.test(found.path);
    return (stays ? await this.soon_(request, kept) : await kept()) ?? this.beyond_(request);
  }

  /** What is not kept. */
  private async beyond_(request: Request): Promise<Response> {
    try {
      return await this.ask_(request);
    } catch (error) {
      const page = request.mode === "navigate" && await this.unkept_(request.url).catch(() => null);
      if (page) return page;
      throw error;
    }
  }

  /** The page that the build made for this (builder/page/offline.go), with its links laid from where it stands. */
  private async unkept_(url: string): Promise<Response | null> {
    const { scope } = this.store_;
    const wanted = decodeURI(url).slice(scope.length);
    let best = -1;
    let page: Listed | undefined;
    for (const [name, { active }] of await this.store_.all()) {
      const files = active?.files ?? [];
      const own = files.find(({ path }) => path === `${lists}${name}.html`);
      const near = Math.max(...files.map(({ path }) => begun(path, wanted)));
      if (own && near > best) [best, page] = [near, own];
    }
    const text = await (page && await this.store_.file(page.sha256))?.text();
    if (!text) return null;
    const safe = (address: string): string => address.replace(/&/g, "&amp;").replace(/"/g, "%22");
    // Without its fragment, so that the link is no way within this page.
    const again = safe(url.replace(/#.*/, ""));
    const html = text.replace(/ (href|src)="(?![a-z]+:|#)([^"]*)/g, (_, name: string, to: string) => ` ${name}="${to === "?again" ? again : safe(scope + lists) + to}`);
    return new Response(html, { status: 503, headers: { "Content-Type": "text/html; charset=utf-8" } });
  }

  /** The file of a kept course at an address; a string where the address lacks the slash of a folder. */
  private async find_(url: string): Promise<Listed | string | null> {
    const { href, pathname } = new URL(url);
    if (!href.startsWith(this.store_.scope)) return null;
    let path: string;
    try {
      path = decodeURIComponent(pathname.slice(new URL(this.store_.scope).pathname.length));
    } catch {
      return null;
    }
    this.index_ ??= this.read_();
    const index = await this.index_;
    if (path === "" || path.endsWith("/")) return index.get(path + "index.html") ?? null;
    if (index.has(path + "/index.html")) return new URL(pathname + "/", href).href;
    // Some hosts show lesson.html at /lesson.
    return index.get(path) ?? index.get(path + ".html") ?? null;
  }

  private async read_(): Promise<Map<string, Listed>> {
    const index = new Map<string, Listed>();
    const all = [...(await this.store_.all()).values()];
    // A tab that was opened with the release before this one asks for that one's scripts; what both have is the new one's.
    for (const { previous } of all) for (const file of previous?.files ?? []) index.set(file.path, file);
    for (const { active } of all) {
      for (const file of active?.files ?? []) if (!active?.without.includes(file.path)) index.set(file.path, file);
    }
    return index;
  }

  private async kept_(file: Listed, request: Request): Promise<Response | undefined> {
    const response = await this.store_.file(file.sha256);
    const range = request.headers.get("Range");
    // A kept file has no validator that an If-Range could be true of.
    if (!response || !range || request.headers.has("If-Range")) return response;
    return part(response, range);
  }

  /** The network's answer while it is whole and in time, else what is kept. */
  private async soon_(request: Request, kept: () => Promise<Response | undefined>): Promise<Response | undefined> {
    const now = Date.now();
    if (now < this.restUntil_) {
      const here = await kept();
      if (here) return here;
    }
    const stop = new AbortController();
    const network = this.fromNetwork_(request, stop.signal);
    let timer = 0;
    const late = new Promise<"late">((done) => {
      timer = setTimeout(() => done("late"), this.wait_.limit) as unknown as number;
    });
    const first = await Promise.race([network, late]);
    clearTimeout(timer);
    if (first !== "late" && first) return first;
    const here = await kept();
    if (!here) return await network ?? undefined;
    if (first === "late") {
      this.restUntil_ = Date.now() + this.wait_.rest;
      stop.abort();
    }
    return here;
  }

  /** null where there is none, where it breaks off, and where the server has no such page or is down. */
  private async fromNetwork_(request: Request, signal?: AbortSignal): Promise<Response | null> {
    try {
      const response = await this.ask_(request, signal ? { signal } : {});
      // A redirection is the browser's to follow.
      if (response.type === "opaqueredirect" || response.redirected) return response;
      if (!response.ok) return null;
      const { status, statusText, headers } = response;
      // Whole: a line that dies in the middle of a page leaves the learner with half of it.
      return new Response(await response.arrayBuffer(), { status, statusText, headers });
    } catch {
      return null;
    }
  }
}

/** How many letters two paths begin with alike. */
function begun(one: string, other: string): number {
  let n = 0;
  while (n < one.length && one[n] === other[n]) n++;
  return n;
}

/** The part of a file that a Range header asks for: 206, or 416 where there is none. RFC 9110, 14.2. */
export async function part(whole: Response, range: string): Promise<Response> {
  const asked = /^bytes=(\d*)-(\d*)$/.exec(range.trim());
  const [, first = "", last = ""] = asked ?? [];
  // Several parts at once, or something else: a server may answer with the whole.
  if (first === "" && last === "" || first !== "" && last !== "" && Number(last) < Number(first)) return whole;
  const blob = await whole.blob();
  const from = first === "" ? Math.max(0, blob.size - Number(last)) : Number(first);
  const to = first === "" || last === "" ? blob.size - 1 : Math.min(Number(last), blob.size - 1);
  const headers = new Headers(whole.headers);
  if (from >= blob.size || from > to) {
    headers.set("Content-Range", `bytes */${blob.size}`);
    headers.set("Content-Length", "0");
    return new Response(null, { status: 416, statusText: "Range Not Satisfiable", headers });
  }
  headers.set("Content-Range", `bytes ${from}-${to}/${blob.size}`);
  headers.set("Content-Length", String(to - from + 1));
  return new Response(blob.slice(from, to + 1, blob.type), { status: 206, statusText: "Partial Content", headers });
}
