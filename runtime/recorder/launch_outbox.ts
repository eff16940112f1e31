/**
 * The outbox of a launch: statements are kept on the device as a site keeps them (../statements.ts), go out by the same
 * sender, and are dressed for the platform at the moment of sending. In go the device's store and the launch; out comes
 * the recorder for the pages.
 */
import { button } from "../dom";
import type { OpenRecorder } from "../happening";
import { openMessenger } from "../messenger";
import { outboxPrefix } from "../notebook";
import { entryOf, sendable } from "../outbox";
import { outboxLine } from "../outbox_line";
import type { Sender } from "../sender";
import { statement, within, type Statement } from "../statements";
import type { Keep, Line } from "../store";
import { askUnsent } from "../unsent_ask";
import { uuid4 } from "../uuid";
import { browser } from "../world";
import { ask, type Launch } from "./launch";
import type { ShellData } from "./shell";

export interface Platform {
  launch: Launch;
  /** A statement as the platform wants it. */
  dress(s: Statement): unknown;
  /** Resolves when the platform takes statements; with its answer where it refuses. Throws where it cannot be reached. */
  ready?(): Promise<Response | undefined>;
  /** The key of a statement that has to wait for the end of the session; "" for all others. */
  hold?(s: Statement): string;
  /** IRI of the module that was launched, where it is not the course. */
  module?: string;
  /** Where the script of records that stay is. */
  unsent: string;
  /** When the session began: verdicts on the course then tell how long it took. */
  since?: number;
  /** Leads back to the platform, where it said to where. */
  leave?: () => Promise<void>;
}

export interface LaunchOutbox {
  sender: Sender;
  open: OpenRecorder;
  /** What waits and fits into a last request of so many bytes: dressed, as JSON. */
  rest(most: number): string[];
}

export function openOutbox(keep: Keep, site: string, learner: string, platform: Platform): LaunchOutbox {
  const { launch, dress, ready, hold, module, since, leave, unsent } = platform;
  // The line is this learner's alone: what another one left on this device is not to go out as theirs.
  const line = `${site} ${learner}`;
  /** What went out last, as it is kept here. */
  let sent: Statement[] = [];
  /** What happened and was not offered to the platform yet: the sender reads it from the store, which takes a moment. */
  const fresh = new Map<string, Statement>();
  let closing = false;

  const pass = async (path: string, init: RequestInit): Promise<Response> => {
    if (init.body) sent = JSON.parse(String(init.body)) as Statement[];
    // Only noted: who closes sends it with what has to come after it.
    if (closing) return new Promise(() => undefined);
    const refused = await ready?.();
    if (refused) return refused;
    if (init.body) {
      const batch = sent;
      const answer = await ask(launch, path, { ...init, body: JSON.stringify(batch.map(dress)) });
      for (const s of batch) fresh.delete(s.id);
      return answer;
    }
    // After 409 the sender asks for what is stored. Under an id of ours it can only be ours, dressed in an earlier session.
    const response = await ask(launch, path, init);
    return response.ok ? new Response(JSON.stringify(sent.find((s) => path.endsWith(s.id)))) : response;
  };
  const sender = openMessenger(keep, line, launch.endpoint, {
    ...browser(), fetch: (input, init) => pass(String(input).slice(launch.endpoint.length), init ?? {}),
  }, async () => (await askUnsent(unsent)).openSender);
  window.addEventListener("online", () => void sender.online());
  window.addEventListener("offline", () => sender.onChange());

  return {
    sender,
    open: ({ lang, course }) => ({
      lines: (happened) => happened.map((happening): Line => {
        const now = Date.now();
        const h = module && happening.of.type === "course" ? { ...happening, of: { ...happening.of, id: module } } : happening;
        const lasted = since !== undefined && h.of.type === "course" && h.what !== "progressed" ? { milliseconds: now - since } : {};
        const made = statement({ site, learner, lang, ...(course ? { course } : {}) }, { ...lasted, ...h }, new Date(now), uuid4());
        const held = hold?.(made);
        return {
          key: () => held || outboxPrefix(line) + made.id,
          value(place) {
            const entry = { place, statement: made };
            if (!held) fresh.set(made.id, sendable(entry));
            return entry;
          },
        };
      }),
      kept: () => void sender.noticed(),
      send: () => sender.send(true),
      attach(foot, words) {
        outboxLine(foot, sender, words, launch.endpoint, unsent);
        if (leave) foot.append(" ", button(words.say("shell.leave"), "link-button", () => void leave()));
      },
    }),
    rest(most) {
      sent = [];
      closing = true;
      sender.farewell();
      closing = false;
      for (const s of sent) fresh.delete(s.id);
      return [...sent, ...fresh.values()].map((s) => JSON.stringify(dress(s))).filter((text) => (most -= size(text)) > 0);
    },
  };
}

/** The statement in a row of the store, as it is sent. */
export async function readStatement(keep: Keep, key: string): Promise<Statement | undefined> {
  const entry = entryOf((await keep.read(key))[0]?.[1]);
  return entry ? sendable(entry) : undefined;
}

/** What the page says of the session and of the platform: the module that it is of, where it is not of the course, and a script. */
export function partOf({ course, module, items, unsent = "" }: ShellData): { session: { items?: string[] }; platform: { module?: string; unsent: string } } {
  return module && items ? { session: { items }, platform: { unsent, module: within(course.id, module) } } : { session: {}, platform: { unsent } };
}

/** In bytes, with the comma behind it. */
export function size(text: string): number {
  return new Blob([text, ","]).size;
}
