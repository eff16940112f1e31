/**
 * The worker of a site that keeps nothing any more (`offline: false`), and of the preview: it takes the place of the one
 * before it at once, removes what that one kept, and itself. Progress and records are in IndexedDB and stay.
 */
import { cacheName } from "./offline_store";
import type { WorkerScope } from "./worker_scope";

const worker = self as unknown as WorkerScope;
worker.addEventListener("install", (event) => event.waitUntil(worker.skipWaiting()));
worker.addEventListener("activate", (event) => event.waitUntil(
  worker.caches.delete(cacheName(worker.registration.scope)).then(() => worker.registration.unregister()),
));
