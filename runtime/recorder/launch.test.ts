import { equal, ok, test } from "../testing";
import { statement, type Statement } from "../statements";
import { Keep, MemoryStore } from "../store";
import { statePrefix } from "../notebook";
import { uuid4 } from "../uuid";
import { dressed, framing, verdict, type Ticket } from "./cmi5_statement";
import { agent, launched } from "./launch";
import { laid, openNotebook } from "./launch_notebook";
import { followed } from "./launch_notebook_saving";
import type { Happening, Thing } from "../happening";
import type { Row } from "../json";

const site = "https://example.org/k";
const course: Thing = { id: site + "/c", type: "course", name: "C" };
const lesson: Thing = { id: site + "/c/l", type: "lesson", name: "L" };
const at = new Date("2026-03-01T10:00:10Z");
const since = at.getTime() - 10_000;

function made(h: Happening): Statement {
  return statement({ site, learner: uuid4(), lang: "hi", course }, h, at, uuid4());
}

function ticket(masteryScore?: number): Ticket {
  return {
    launch: { endpoint: "https://lms.example/xapi/", actor: { account: { homePage: "https://lms.example", name: "x" } }, activity: "https://lms.example/a", registration: "r", auth: "" },
    data: {
      launchMode: "Normal", ...(masteryScore === undefined ? {} : { masteryScore }),
      contextTemplate: {
        language: "en-IN", contextActivities: { grouping: { id: "https://publisher.example/au" }, category: [{ id: "https://lms.example/cat" }] },
        extensions: { "https://lms.example/s": { deep: [1] } },
      },
    },
  };
}

const part = (value: Row, ...path: string[]): unknown => path.reduce((v: unknown, key) => (v as Row)[key], value);
const categories = (value: Row): string[] => (part(value, "context", "contextActivities", "category") as { id: string }[]).map((c) => c.id.replace(/.*\//, ""));

test("A lesson's statement is cmi5-allowed: the learner, the enrolment and the whole template, and nothing else of it is changed", () => {
  const s = made({ what: "completed", of: lesson, attempt: 1 });
  const out = dressed(s, ticket(), since);
  equal(part(out, "actor", "account", "name"), "x");
  equal(part(out, "context", "registration"), "r");
  equal(part(out, "context", "language"), "en-IN", "a value of the template is not overwritten");
  equal(categories(out), ["cat", "profile"]);
  equal(part(out, "context", "contextActivities", "grouping"), [{ id: "https://publisher.example/au" }, s.context.contextActivities.grouping?.[0]]);
  equal(part(out, "context", "extensions", site + "/profile/attempt"), s.context.registration);
  equal(out.object, s.object);
  equal(out.result, s.result);
  equal(out.id, s.id);
});

test("The template is copied, never lent", () => {
  const t = ticket();
  const before = JSON.stringify(t);
  const out = dressed(made({ what: "completed", of: course }), t, since);
  (part(out, "context", "extensions", "https://lms.example/s") as Row).deep = "changed";
  equal(JSON.stringify(t), before);
});

test("completed of the course is the unit's, with completion and duration and without a score", () => {
  const out = dressed(made({ what: "completed", of: course, scaled: 0.9 }), ticket(0.5), since);
  equal(out.object, { objectType: "Activity", id: "https://lms.example/a" });
  equal(out.result, { duration: "PT10S", completion: true });
  equal(categories(out), ["cat", "profile", "cmi5", "moveon"]);
});

test("passed tells the score and the mastery score, without completion", () => {
  const out = dressed(made({ what: "passed", of: course, scaled: 0.9, milliseconds: 2000 }), ticket(0.5), since);
  equal(out.result, { duration: "PT2S", success: true, score: { scaled: 0.9 } });
  equal(part(out, "context", "extensions", "https://w3id.org/xapi/cmi5/context/extensions/masteryscore"), 0.5);
});

test("failed is no success", () => {
  equal(dressed(made({ what: "failed", of: course, scaled: 0.2, milliseconds: 2000 }), ticket(), since).result, { duration: "PT2S", success: false, score: { scaled: 0.2 } });
});

test("A verdict that the platform's mastery score contradicts stays the course's own", () => {
  for (const [what, scaled, mastery, own] of [
    ["passed", 0.5, 0.6, true], ["passed", 0.6, 0.6, false], ["failed", 0.6, 0.6, true], ["failed", 0.59, 0.6, false], ["completed", 0, 0.6, false],
  ] as const) {
    equal(verdict(made({ what, of: course, scaled }), mastery), own ? undefined : what, `${what} ${scaled}`);
  }
  const out = dressed(made({ what: "passed", of: course, scaled: 0.5 }), ticket(0.6), since);
  equal([part(out, "object", "id"), categories(out)], [course.id, ["cat", "profile"]]);
});

test("The verdict on a quiz is not the unit's", () => {
  equal(verdict(made({ what: "passed", of: { ...lesson, type: "quiz" }, attempt: 1 })), undefined);
});

test("initialized and terminated are about the unit; how long is told in hundredths, and a clock set back gives 0", () => {
  const out = framing("terminated", "id", since + 1234, ticket(), since);
  equal([out.result, part(out, "object", "id"), categories(out)], [{ duration: "PT1.23S" }, "https://lms.example/a", ["cat", "cmi5"]]);
  equal(framing("terminated", "id", since - 5, ticket(), since).result, { duration: "PT0S" });
  ok(!("result" in framing("initialized", "id", since, ticket(), since)), "initialized has a result");
});

test("A launch is read in any order, without what is not needed, and as the first launchers wrote it", () => {
  const read = (more: Record<string, string>): unknown => launched(new URLSearchParams({ endpoint: "https://l/x", actor: '{"mbox":"mailto:a@b.in"}', ...more }), "a", agent);
  equal(read({ registration: "r" }), { endpoint: "https://l/x/", actor: { mbox: "mailto:a@b.in" }, activity: "a", registration: "r", auth: "" });
  equal((read({ actor: '{"mbox":["mailto:a@b.in"],"name":["A"]}' }) as { actor: Row }).actor, { mbox: "mailto:a@b.in", name: "A" });
  equal((read({ actor: '{"account":[{"accountServiceHomePage":"https://h","accountName":"n"}]}' }) as { actor: Row }).actor, { account: { homePage: "https://h", name: "n" } });
  for (const bad of [{ endpoint: "" }, { actor: "" }, { actor: "7" }]) {
    let refused = false;
    try {
      read(bad);
    } catch {
      refused = true;
    }
    ok(refused, `${JSON.stringify(bad)} was taken`);
  }
});

test("Of two forms of a row the newer one counts, but done and passed stay", () => {
  equal(laid({ state: "started", scaled: 0.2 }, { state: "done", scaled: 0.9, passed: true }), { state: "done", scaled: 0.2, passed: true });
  equal(laid({ reported: 1 }, { completed: true, failed: true }), { reported: 1, completed: true, failed: true });
  equal(laid([2], [1]), [2]);
});

test("The notebook follows the device: what another one wrote meanwhile is laid beside it, and nothing done is lost", async () => {
  const learner = uuid4();
  const prefix = statePrefix(site, learner);
  const launch = ticket().launch;
  let stored = JSON.stringify({ v: 1, revision: 7, rows: { "c item a": { state: "done", type: "lesson", at: "2" }, "c item b": { state: "started", type: "lesson", at: "2" } } });
  let etag = "1";
  const puts: { revision: number; rows: Row }[] = [];
  const real = window.fetch;
  window.fetch = async (_, init) => {
    if (init?.method !== "PUT") return new Response(stored, { headers: { ETag: etag } });
    const headers = init.headers as Record<string, string>;
    if (headers["If-Match"] !== undefined && headers["If-Match"] !== etag) return new Response("", { status: 412 });
    stored = String(init.body);
    puts.push(JSON.parse(stored) as { revision: number; rows: Row });
    etag = String(puts.length + 1);
    return new Response(null, { status: 204, headers: { ETag: etag } });
  };
  try {
    const keep = new Keep([async () => new MemoryStore()]);
    await keep.write({ put: [[prefix + "c item b", { state: "done", type: "lesson", at: "1" }], [prefix + "c item c", { state: "done", type: "lesson", at: "1" }]] });
    const remote = await openNotebook(keep, { launch, site, learner, line: `${site} ${learner}` });
    const book = followed(remote, launch, keep);
    const state = (key: string): unknown => (remote.rows[`c item ${key}`] as { state: string }).state;
    equal([state("a"), state("b"), state("c")], ["done", "done", "done"]);
    await book.save();
    equal(puts[puts.length - 1]?.revision, 8);
    etag = "another device wrote";
    stored = JSON.stringify({ v: 1, revision: 20, rows: { "c item d": { state: "done", type: "lesson", at: "3" } } });
    await keep.write({ put: [[prefix + "c item e", { state: "done", type: "lesson", at: "4" }]] });
    await book.save();
    await book.save();
    const last = puts[puts.length - 1];
    equal([last?.revision, Object.keys(last?.rows ?? {}).sort()], [21, ["c item a", "c item b", "c item c", "c item d", "c item e"]]);
    equal(book.due(), "", "nothing is new");
  } finally {
    window.fetch = real;
  }
});
