import { Answers, part } from "./offline_answer";
import { Keeper } from "./offline_keep";
import { chosen, parseList, type Release, turn, weigh } from "./offline_release";
import { cacheName, OfflineStore } from "./offline_store";
import { equal, ok, test } from "./testing";

const encoder = new TextEncoder();

async function sha256(text: string): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", encoder.encode(text)));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** A server with files, a device with room, and a keeper between them. */
class World {
  readonly scope: string;
  readonly store: OfflineStore;
  readonly keeper: Keeper;
  readonly asked: string[] = [];
  answers: Answers;
  quota = 1e9;
  usage = 0;
  alone = false;
  /** Runs before each file is sent. */
  before: (path: string) => void | Promise<void> = () => undefined;

  constructor(readonly name: string, public files: Record<string, string>) {
    this.scope = `${location.origin}/${name}/`;
    this.store = new OfflineStore(this.scope, caches);
    this.answers = new Answers(this.store, (request) => this.send_(request.url), { limit: 60, rest: 300 });
    this.keeper = new Keeper(this.store, {
      ask: (address) => this.send_(address),
      estimate: async () => ({ quota: this.quota, usage: this.usage }),
      changed: () => this.answers.forget(),
      alone: async () => this.alone,
      pause: async () => undefined,
    });
  }

  async list(): Promise<Release> {
    const files = await Promise.all(Object.entries(this.files).map(async ([path, text]) => ({ path, size: encoder.encode(text).length, sha256: await sha256(text) })));
    return { release: await sha256(JSON.stringify(this.files)), files };
  }

  private async send_(address: string): Promise<Response> {
    const path = decodeURIComponent(address.slice(this.scope.length));
    this.asked.push(path);
    await this.before(path);
    if (/^assets\/offline\/.*json$/.test(path)) {
      const { release, files } = await this.list();
      return new Response(JSON.stringify({ sopan_offline: 1, release, files: files.map((file) => [file.path, file.size, file.sha256]) }));
    }
    const text = this.files[path];
    return text === undefined ? new Response("lost", { status: 404 }) : new Response(text, { headers: { "Content-Type": "text/plain", "Set-Cookie": "x", Vary: "*" } });
  }

  async keep(films = true): Promise<string> {
    await this.keeper.keep("c.en", films);
    const status = await this.keeper.status("c.en");
    return status.why ?? (status.active ? `kept ${status.active.without}` : "nothing");
  }

  async shows(path: string): Promise<string> {
    const response = await this.answers.answer(new Request(this.scope + path));
    return response.ok ? response.text() : String(response.status);
  }
}

async function world(name: string, files: Record<string, string>): Promise<World> {
  const scope = `${location.origin}/${name}/`;
  await caches.delete(cacheName(scope));
  return new World(name, files);
}

const course = { "c/index.html": "front", "c/हिन्दी पाठ.html": "पाठ", "assets/base.abc.js": "script", "c/p.jpg": "picture", "c/f.mp4": "a film", "c/f.vtt": "words" };

const gone = (): never => {
  throw new TypeError("no network");
};

test("60: a part of a kept film is 206, what lies behind its end 416, and anything else the whole", async () => {
  for (const [range, want] of [
    ["bytes=0-", "206 bytes 0-9/10 0123456789"], ["bytes=2-4", "206 bytes 2-4/10 234"], ["bytes=9-9", "206 bytes 9-9/10 9"],
    ["bytes=-3", "206 bytes 7-9/10 789"], ["bytes=-30", "206 bytes 0-9/10 0123456789"], ["bytes=8-99", "206 bytes 8-9/10 89"],
    ["bytes=10-", "416 bytes */10 "], ["bytes=-0", "416 bytes */10 "], ["bytes=5-2", "200 null 0123456789"],
    ["bytes=-", "200 null 0123456789"], ["bytes=0-1,3-4", "200 null 0123456789"], ["items=0-1", "200 null 0123456789"],
  ] as const) {
    const got = await part(new Response("0123456789", { headers: { "Content-Type": "video/mp4" } }), range);
    equal(`${got.status} ${got.headers.get("Content-Range")} ${await got.text()}`, want, range);
  }
});

test("a kept course is read without a network, and what is not kept is the network's", async () => {
  const w = await world("kept", course);
  equal(await w.keep(), "kept 0");
  w.before = gone;
  for (const [path, want] of [["c/", "front"], ["c/index.html", "front"], ["c/index", "front"], ["c/%E0%A4%B9%E0%A4%BF%E0%A4%A8%E0%A5%8D%E0%A4%A6%E0%A5%80%20%E0%A4%AA%E0%A4%BE%E0%A4%A0.html?x=1#y", "पाठ"], ["c/p.jpg", "picture"]] as const) {
    equal(await w.shows(path), want, path);
  }
  const folder = await w.answers.answer(new Request(w.scope + "c"));
  equal([folder.status, folder.headers.get("Location")], [302, w.scope + "c/"]);
  ok(await w.shows("other/index.html").then(() => false, () => true), "what is not kept was answered");
  const film = await w.answers.answer(new Request(w.scope + "c/f.mp4", { headers: { Range: "bytes=2-" } }));
  equal([film.status, await film.text()], [206, "film"]);
});

test("a page that is neither kept nor within reach is answered with one of the nearest course that is, and its links lead somewhere", async () => {
  const unkept = (lang: string): string => `<link href="../sopan.css"><a href="?again">${lang}</a> <a href="../../c/index.html">C</a> <a href="https://a.in/">A</a> <a href="#main">B</a>`;
  const w = await world("unkept", {});
  for (const [lang, front] of [["en", "c/index.html"], ["hi", "hi/c/index.html"]] as const) {
    w.files = { [front]: "C", [`assets/offline/c.${lang}.html`]: unkept(lang) };
    await w.keeper.keep(`c.${lang}`, true);
  }
  w.before = () => Promise.reject(new TypeError("Failed to fetch"));
  const asked = (path: string, mode = "navigate"): Promise<Response> => w.answers.answer({ url: w.scope + path, mode, headers: new Headers() } as Request);
  for (const [path, lang] of [["hi/d/x.html?a=1&b=\"#top", "hi"], ["d/x.html?a=1&b=\"#top", "en"]] as const) {
    const response = await asked(path);
    equal([response.status, response.headers.get("Content-Type")], [503, "text/html; charset=utf-8"], path);
    equal(await response.text(), `<link href="${w.scope}assets/offline/../sopan.css"><a href="${w.scope}${path.replace("&", "&amp;").replace('"', "%22").replace("#top", "")}">${lang}</a> <a href="${w.scope}assets/offline/../../c/index.html">C</a> <a href="https://a.in/">A</a> <a href="#main">B</a>`, path);
  }
  ok(await asked("d/x.png", "no-cors").then(() => false, () => true), "a picture is answered with a page");
  w.before = () => undefined;
  equal((await asked("d/x.html")).status, 404);
});

test("pages come from the network while it answers in time and well; scripts that have a sum in their name do not", async () => {
  const w = await world("fresh", course);
  await w.keep();
  w.files = { ...course, "c/index.html": "news", "assets/base.abc.js": "other" };
  equal([await w.shows("c/index.html"), await w.shows("assets/base.abc.js")], ["news", "script"]);
  delete (w.files as Record<string, string>)["c/index.html"];
  equal(await w.shows("c/index.html"), "front", "a page that the server has lost");
  w.files["c/index.html"] = "news";
  let free = (): void => undefined;
  w.before = () => new Promise<void>((done) => (free = done));
  equal(await w.shows("c/index.html"), "front", "a network that hangs");
  free();
  // Once it was too slow it is left alone for a while.
  const before = w.asked.length;
  equal(await w.shows("c/index.html"), "front");
  equal(w.asked.length, before);
  w.before = () => undefined;
  await new Promise((done) => setTimeout(done, 320));
  equal(await w.shows("c/index.html"), "news", "a network that is quick again");
});

test("57: a file that is missing, broken off or another one leaves the old release in use, and the next try takes up what is there", async () => {
  const w = await world("broken", course);
  await w.keep();
  const released = { ...course, "c/index.html": "second", "c/p.jpg": "another" };
  for (const spoilt of [undefined, "seco", "sec0nd", "second and a banner"]) {
    w.files = released;
    const list = await w.list();
    w.before = (path) => {
      w.files = { ...released };
      if (path.startsWith("assets/offline/")) return;
      if (spoilt === undefined) delete (w.files as Record<string, string>)["c/index.html"];
      else w.files["c/index.html"] = spoilt;
    };
    equal(await w.keep(), "changed", spoilt ?? "missing");
    equal((await w.keeper.status("c.en")).active?.release === list.release, false);
    w.before = gone;
    equal([await w.shows("c/index.html"), await w.shows("c/p.jpg")], ["front", "picture"], spoilt ?? "missing");
  }
  w.files = released;
  w.before = () => undefined;
  w.asked.length = 0;
  equal(await w.keep(), "kept 0");
  ok(!w.asked.includes("assets/base.abc.js"), "what both releases have was fetched again");
  w.before = gone;
  equal([await w.shows("c/index.html"), await w.shows("c/p.jpg")], ["second", "another"]);
});

test("a line that breaks is tried again, then given up; what has come stays and is not fetched twice", async () => {
  const w = await world("line", course);
  let failures = 0;
  w.before = (path) => {
    if (path === "c/f.mp4") {
      failures++;
      gone();
    }
  };
  equal(await w.keep(), "line");
  equal(failures, 3);
  const { wanted, active, busy } = await w.keeper.status("c.en");
  equal([active, busy, wanted && wanted.of - wanted.done], [undefined, false, "a film".length]);
  w.before = () => undefined;
  w.asked.length = 0;
  equal(await w.keep(), "kept 0");
  equal(w.asked, ["assets/offline/c.en.json", "c/f.mp4"]);
});

test("60: with little room the text comes first, then pictures, then films; with less than the text needs nothing stays", async () => {
  const big = { ...course, "c/p.jpg": "p".repeat(300), "c/f.mp4": "f".repeat(5000) };
  const w = await world("tiny", big);
  w.quota = 1000;
  equal(await w.keep(), "kept 1");
  equal(w.asked.slice(1).map((path) => turn(path)), [0, 0, 0, 0, 1], "what was asked for, in order");
  w.before = gone;
  equal([await w.shows("c/index.html"), await w.shows("c/p.jpg")], ["front", "p".repeat(300)]);
  const full = await world("full", big);
  full.quota = 1000;
  full.usage = 895; // a tenth is the learner's
  equal(await full.keep(), "room");
  equal([(await full.store.all()).size, (await full.store.sums()).size], [0, 0]);
  // A browser that does not say how much there is fails as it writes.
  const silent = await world("silent", big);
  const put = silent.store.putFile.bind(silent.store);
  silent.store.putFile = async (file, bytes, headers) => {
    if (file.size > 1000) throw new DOMException("full", "QuotaExceededError");
    return put(file, bytes, headers);
  };
  equal(await silent.keep(), "kept 1");
});

test("without films the films stay away, and the next release keeps to that", async () => {
  const w = await world("still", course);
  equal(await w.keep(false), "kept 1");
  ok(!w.asked.includes("c/f.mp4"), "the film was fetched");
  equal(await w.shows("c/f.mp4"), "a film", "from the network");
  w.files = { ...course, "c/index.html": "second" };
  const { fresh } = await w.keeper.look("c.en");
  equal(fresh?.bytes, "second".length);
});

test("58: the release before stays for tabs that know it, until one page alone is open", async () => {
  const w = await world("tabs", course);
  await w.keep();
  const { "assets/base.abc.js": _, ...rest } = course;
  w.files = { ...rest, "assets/base.xyz.js": "new script", "c/index.html": "second" };
  await w.keep();
  w.before = gone;
  equal([await w.shows("assets/base.abc.js"), await w.shows("assets/base.xyz.js"), await w.shows("c/index.html")], ["script", "new script", "second"]);
  await w.keeper.look("c.en");
  equal(await w.shows("assets/base.abc.js"), "script");
  w.alone = true;
  await w.keeper.look("c.en");
  ok(await w.shows("assets/base.abc.js").then(() => false, () => true), "the old script is still here");
  equal((await w.store.sums()).size, 6);
});

test("what two courses share stays when one of them goes", async () => {
  const w = await world("two", course);
  await w.keep();
  await w.keeper.keep("d.en", true);
  equal((await w.keeper.status("c.en")).others, 1);
  await w.keeper.remove("c.en");
  w.before = gone;
  equal(await w.shows("assets/base.abc.js"), "script");
  await w.keeper.remove("d.en");
  equal([(await w.store.all()).size, (await w.store.sums()).size], [0, 0]);
});

test("who stops keeps what has come, and nothing of it is in use", async () => {
  const w = await world("stop", course);
  w.before = (path) => {
    if (path === "c/p.jpg") w.keeper.stop("c.en");
  };
  equal(await w.keep(), "stopped");
  w.before = gone;
  ok(await w.shows("c/index.html").then(() => false, () => true), "half a release is in use");
});

test("a list that is not one, and what a broken store holds, keep nothing", async () => {
  for (const bad of [null, [], {}, { sopan_offline: 2, release: "x", files: [] }, { sopan_offline: 1, files: [] }, { sopan_offline: 1, release: "x", files: [["a", "1", "b"]] }]) {
    let failed = false;
    try {
      parseList(bad);
    } catch {
      failed = true;
    }
    ok(failed, JSON.stringify(bad));
  }
  const w = await world("odd", course);
  await (await caches.open(cacheName(w.scope))).put(`${w.scope}.sopan-offline/kept/c.en`, new Response("{\"active\":{\"files\":1"));
  equal(await w.shows("c/index.html"), "front");
  equal((await w.keeper.status("c.en")).active, undefined);
});

test("a photograph in a width that is not kept is answered with the one that is", async () => {
  const sum = await sha256("picture");
  const release = { release: "r", files: [{ path: "a.360w.jpg", size: 0, sha256: sum }, { path: "a.720w.jpg", size: 7, sha256: sum }, { path: "empty.txt", size: 0, sha256: await sha256("") }] };
  equal(chosen(release, true).map((file) => file.path), ["a.720w.jpg", "empty.txt"]);
  equal(weigh(chosen(release, true)), { bytes: 7, pages: 0, others: 1, films: 0, filmBytes: 0 });
});
