/** The little of a service worker's world that is used: TypeScript has its types and a page's in one program only by force. */

export interface Client { readonly url: string }

export interface Extendable extends Event { waitUntil(work: Promise<unknown>): void }

export interface Fetching extends Extendable {
  readonly request: Request;
  respondWith(response: Promise<Response>): void;
}

export interface Told extends Extendable { readonly data: unknown; readonly ports: readonly MessagePort[] }

export interface WorkerScope {
  readonly registration: { readonly scope: string; unregister(): Promise<boolean> };
  readonly caches: CacheStorage;
  readonly clients: { matchAll(options: { type: "window"; includeUncontrolled: boolean }): Promise<readonly Client[]> };
  skipWaiting(): Promise<void>;
  addEventListener(type: "install" | "activate", listener: (event: Extendable) => void): void;
  addEventListener(type: "fetch", listener: (event: Fetching) => void): void;
  addEventListener(type: "message", listener: (event: Told) => void): void;
}
