/**
 * Sends what a launch has written down (launch_outbox.ts), by the sender that sites have: each statement is dressed for the
 * platform at the moment of sending. In go the device's store and the session; out comes what its outbox needs of it. Its
 * script is asked for when a package is opened, and no page waits for it.
 */
import { button } from "../dom";
import { openMessenger } from "../messenger";
import { entryOf, sendable } from "../outbox";
import { outboxLine } from "../outbox_line";
import type { Sender } from "../sender";
import type { Statement } from "../statements";
import type { Keep } from "../store";
import { askUnsent } from "../unsent_ask";
import { browser } from "../world";
import { ask } from "./launch";
import type { LaunchSession, Sending } from "./launch_outbox";

export interface Platform {
  /** A statement as the platform wants it. */
  dress(s: Statement): unknown;
  /** Resolves when the platform takes statements; with its answer where it refuses. Throws where it cannot be reached. */
  ready?(): Promise<Response | undefined>;
  /** Leads back to the platform, where it said to where. */
  leave?: (() => Promise<void>) | undefined;
}

export interface LaunchSender extends Omit<Sending, "end"> {
  sender: Sender;
  /** What waits and fits into a last request of so many bytes: dressed, as JSON. */
  rest(most: number): string[];
}

/** Browsers share 64 KiB among all requests that may outlive a page. */
export const lastBreath = 56 * 1024;

export function openSending(keep: Keep, session: LaunchSession, { dress, ready, leave }: Platform): LaunchSender {
  const { launch, line, fresh } = session;
  const unsent = session.data.unsent ?? "";
  /** What went out last, as it is kept here. */
  let sent: Statement[] = [];
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
    noticed: () => void sender.noticed(),
    send: () => sender.send(true),
    attach(foot, words) {
      outboxLine(foot, sender, words, launch.endpoint, unsent);
      if (leave) foot.append(" ", button(words.say("shell.leave"), "link-button", () => void leave()));
    },
    rest(most) {
      sent = [];
      closing = true;
      sender.farewell();
      closing = false;
      for (const s of sent) fresh.delete(s.id);
      return [...sent, ...[...fresh.values()].map(sendable)].map((s) => JSON.stringify(dress(s))).filter((text) => (most -= size(text)) > 0);
    },
  };
}

/** The statement in a row of the store, as it is sent. */
export async function readStatement(keep: Keep, key: string): Promise<Statement | undefined> {
  const entry = entryOf((await keep.read(key))[0]?.[1]);
  return entry ? sendable(entry) : undefined;
}

/** In bytes, with the comma behind it. */
export function size(text: string): number {
  return new Blob([text, ","]).size;
}
