/**
 * The service worker, sw.js at the root of a site: answers from what is kept, and keeps a course when a page asks for it. It
 * does nothing by itself. A new one waits until the last page of the old one is closed; a new release of a course needs no
 * new worker. Side effects start here.
 */
import { isRow } from "./json";
import { Answers } from "./offline_answer";
import { Keeper, type Status } from "./offline_keep";
import { OfflineStore } from "./offline_store";
import type { WorkerScope } from "./worker_scope";

const worker = self as unknown as WorkerScope;
const { scope } = worker.registration;
const store = new OfflineStore(scope, worker.caches);
const answers = new Answers(store, (request, init) => fetch(request, init));
const keeper = new Keeper(store, {
  ask: (address, init) => fetch(address, init),
  estimate: () => navigator.storage.estimate(),
  changed: () => answers.forget(),
  alone: async () => {
    const all = await worker.clients.matchAll({ type: "window", includeUncontrolled: true });
    return all.filter((one) => one.url.startsWith(scope)).length <= 1;
  },
  pause: (milliseconds) => new Promise((done) => setTimeout(done, milliseconds)),
});

worker.addEventListener("fetch", (event) => {
  const { method, url, headers } = event.request;
  // A stream of events has no end, and while it is answered from here the browser puts off every new worker.
  if (method !== "GET" || !url.startsWith(scope) || headers.get("Accept") === "text/event-stream") return;
  event.respondWith(answers.answer(event.request));
});

worker.addEventListener("message", (event) => {
  const { data, ports } = event;
  if (!isRow(data) || typeof data["name"] !== "string") return;
  event.waitUntil(told(data["do"], data["name"], data["films"] === true, (status) => ports[0]?.postMessage(status)));
});

async function told(what: unknown, name: string, films: boolean, reply: (status: Status) => void): Promise<void> {
  if (what === "keep") {
    const work = keeper.keep(name, films);
    reply(await keeper.status(name));
    return work;
  }
  if (what === "stop") keeper.stop(name);
  if (what === "remove") await keeper.remove(name);
  reply(await (what === "look" ? keeper.look(name) : keeper.status(name)));
}
