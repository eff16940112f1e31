/**
 * "Keep this course on this device", on the course's front page. Nothing is asked for and no worker is set up before the
 * learner opens it; it says how large the course is before anything of it is fetched. Where the browser has no worker (from
 * a disk, or a server without https) the control stays out of sight and all else works.
 */
import { button, el, fill, find } from "./dom";
import type { Status } from "./offline_keep";
import { chosen, lists, parseList, weigh, type Weight } from "./offline_release";
import { count, say } from "./say";

/** The little of Trusted Types that is used. */
interface TrustedTypes {
  createPolicy(name: string, rules: { createScriptURL(address: string): string }): { createScriptURL(address: string): string };
}

const box = find<HTMLDetailsElement>(".offline");
if (box && "serviceWorker" in navigator && "caches" in window && isSecureContext && location.protocol !== "file:") control(box);

function control(box: HTMLDetailsElement): void {
  const { offline: name = "", root = "" } = box.dataset;
  const site = new URL(root, location.href).href;
  const summary = find("summary", box)!;
  const offer = summary.textContent ?? "";
  const said = el("p", { role: "status", tabindex: "-1" });
  const holds = el("p", {});
  const bar = el("progress", { "aria-label": say("offline.progress") });
  const actions = el("p", { class: "offline-actions" });
  box.append(holds, bar, said, actions);
  bar.hidden = true;
  /** What was pressed in this visit and should go on by itself where the browser stops the worker in between. */
  let asked: boolean | null = null;
  let timer = 0;
  let busy = false;
  const script = `${site}sw.js`;
  // The page's policy asks that a worker's address is vouched for: this one vouches for the site's own. It can be made once.
  const policy = (window as { trustedTypes?: TrustedTypes }).trustedTypes?.createPolicy("sopan-offline", { createScriptURL: () => script });

  box.addEventListener("toggle", () => {
    if (box.open && actions.childElementCount === 0) void ask();
  });
  void (async () => {
    const registration = await registered();
    if (!registration?.active) return;
    draw(await send("status"));
    const status = await send("look");
    // Something may have been pressed while the server was asked.
    if (status.fresh && asked === null && !busy) draw(status);
  })().catch(() => undefined).then(() => box.classList.add("ready"));

  async function registered(): Promise<ServiceWorkerRegistration | undefined> {
    const found = await navigator.serviceWorker.getRegistration(site);
    return found?.scope === site ? found : undefined;
  }

  async function send(what: "status" | "look" | "keep" | "stop" | "remove", films = false): Promise<Status> {
    const registration = await registered();
    const worker = registration?.active;
    if (!worker) throw new Error("no worker");
    return new Promise((done, failed) => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = (event: MessageEvent<Status>) => done(event.data);
      setTimeout(failed, 30_000);
      worker.postMessage({ do: what, name, films }, [port2]);
    });
  }

  /** How large is it? */
  async function ask(): Promise<void> {
    fill(said, say("offline.asking"));
    try {
      const response = await fetch(`${site}${lists}${name}.json`, { cache: "no-cache" });
      if (!response.ok) throw new Error("no list");
      await choose(weigh(chosen(parseList(await response.json()), true)));
    } catch {
      tell(say("offline.unknown"), button(say("offline.again"), "button", () => void ask()));
    }
  }

  async function choose(of: Weight): Promise<void> {
    const what = [count("offline.pages", of.pages)];
    if (of.others) what.push(count("offline.others", of.others));
    if (of.films) what.push(count("offline.films", of.films, { size: size(of.filmBytes) }));
    fill(holds, say("offline.size", { size: size(of.bytes), what: what.join(", ") }), " ", say("offline.then"));
    const choices = [button(say("offline.keep", { size: size(of.bytes) }), "button", () => void keep(true))];
    if (of.films) choices.push(button(say("offline.without", { size: size(of.bytes - of.filmBytes) }), "button", () => void keep(false)));
    const { quota = Infinity, usage = 0 } = await navigator.storage.estimate().catch(() => ({ quota: Infinity, usage: 0 }));
    tell(quota - usage < of.bytes ? say("offline.tight", { size: size(quota - usage) }) : "", ...choices);
  }

  async function keep(films: boolean): Promise<void> {
    asked = films;
    window.clearTimeout(timer);
    tell("");
    said.focus();
    try {
      await running(await navigator.serviceWorker.register((policy ? policy.createScriptURL("") : script) as string));
      // Without this a browser that runs out of room may remove all that the site keeps.
      void navigator.storage.persist?.().catch(() => undefined);
      draw(await send("keep", films));
    } catch {
      tell(say("offline.refused"), button(say("offline.again"), "button", () => void keep(films)));
    }
  }

  function draw(status: Status): void {
    const { active, wanted, why, fresh } = status;
    busy = status.busy;
    window.clearTimeout(timer);
    const remove = button(say("offline.remove"), "link-button", () => void forget());
    const goOn = (films: boolean) => button(say("offline.go"), "button", () => void keep(films));
    bar.hidden = !busy;
    if (busy || active || wanted) fill(holds);
    if (busy && wanted) {
      const percent = wanted.of ? Math.floor((100 * wanted.done) / wanted.of) : 0;
      fill(summary, say("offline.keeping", { percent }));
      bar.max = Math.max(1, wanted.of);
      bar.value = wanted.done;
      // Said when it begins and at each quarter, not ten times a second.
      const quarter = say("offline.quarter", { percent: percent - (percent % 25), size: size(wanted.of) });
      if (said.textContent !== quarter) tell(quarter, button(say("offline.stop"), "button", () => void send("stop")));
      timer = window.setTimeout(() => void send("status").then(draw), 300);
      return;
    }
    if (wanted && !why && asked !== null) return void keep(asked); // the browser had stopped the worker
    const fetched = asked !== null;
    asked = null;
    const reason = why ? say(`offline.why.${why}`) : "";
    if (wanted) {
      fill(summary, say("offline.unfinished"));
      tell([reason, say("offline.part", { done: size(wanted.done), size: size(wanted.of) }), active ? say("offline.old") : ""].filter(Boolean).join(" "), goOn(wanted.films), remove);
    } else if (active) {
      fill(summary, say(fresh ? "offline.new" : "offline.kept"));
      const lacking = active.without ? count("offline.lacking", active.without) : "";
      const words = [reason, fetched && !why ? say("offline.done") : "", say("offline.holds", { size: size(active.bytes) }), lacking];
      tell(words.filter(Boolean).join(" "),
        ...(fresh ? [button(say("offline.use", { size: size(fresh.bytes) }), "button", () => void keep(active.films))] : []), remove);
    } else {
      fill(summary, offer);
      if (why) tell(reason, button(say("offline.again"), "button", () => void ask()));
      else if (box.open) void ask();
    }
  }

  async function forget(): Promise<void> {
    const { others } = await send("remove");
    // Nothing else is kept: the worker goes, too.
    if (others === 0) await (await registered())?.unregister();
    fill(summary, offer);
    fill(actions);
    tell(say("offline.removed"));
    said.focus();
  }

  /** Says something and offers what can be done. A button that goes leaves the focus with the words that take its place. */
  function tell(words: string, ...choices: HTMLElement[]): void {
    const held = actions.contains(document.activeElement);
    fill(said, words);
    fill(actions, ...choices);
    if (held) said.focus();
  }
}

/** Waits until a worker that was set up just now runs. */
function running(registration: ServiceWorkerRegistration): Promise<void> {
  const fresh = registration.installing ?? registration.waiting;
  if (registration.active || !fresh) return Promise.resolve();
  return new Promise((done, failed) => {
    const look = (): void => {
      if (fresh.state === "activated") done();
      if (fresh.state === "redundant") failed(new Error("the worker does not run"));
    };
    fresh.addEventListener("statechange", look);
    look();
  });
}

function size(bytes: number): string {
  const mega = bytes / 1e6;
  if (mega < 1) return say("offline.kilobytes", { n: Math.max(1, Math.ceil(bytes / 1000)) });
  return say("offline.megabytes", { n: mega.toLocaleString("en-IN", { maximumFractionDigits: mega < 10 ? 1 : 0 }) });
}
