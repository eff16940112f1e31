/**
 * The script that sends in a cmi5 package: "initialized" before all else, then what was written down, dressed for the
 * platform, and when the page is left the verdict that was held back and "terminated", in one request. What the session
 * is, the script before it has found out (cmi5.ts).
 */
import { find } from "../dom";
import { isRow } from "../json";
import { dressed, framing, type Ticket } from "./cmi5_statement";
import { ask, post } from "./launch";
import { followed } from "./launch_notebook_saving";
import { lastBreath, openSending, readStatement, size } from "./launch_sending";

window.sopanCmi5 = (keep, session) => {
  const { launch, progress, note, ticket, data, looking, heldKey, uuid5 } = session;
  const { since, back = "" } = progress;
  const rows = session.notebook?.rows;
  const notebook = session.notebook && !looking ? followed(session.notebook, launch, keep) : undefined;

  const frame = (verb: "initialized" | "terminated", when: number, t: Ticket): string =>
    // Made of the token, so that it is the same one when it has to be sent again.
    JSON.stringify(framing(verb, uuid5(launch.registration, `${verb} ${progress.token}`), when, t, since));
  /** What ends the session, after all else. */
  const ending = (t: Ticket): string[] => [...(session.held ? [JSON.stringify(dressed(session.held, t, since))] : []), frame("terminated", Date.now(), t)];

  let beginning: Promise<Response | undefined> | undefined;
  const begin = async (): Promise<Response | undefined> => {
    if (!ticket || progress.over) throw new Error("the session is over");
    if (progress.begun) return;
    const response = await post(launch, [frame("initialized", since, ticket)]);
    if (!response.ok) return response;
    await response.json(); // a network's log-in page is none
    note({ begun: true });
  };
  const ready = (): Promise<Response | undefined> => (beginning ??= begin().finally(() => (beginning = undefined)));

  const passed = (): boolean => {
    const told = rows?.[`${data.course.key} course`];
    return isRow(told) && !!told.passed;
  };
  /** A "failed" that a lost session left behind: it may have arrived, and is forgotten when they have passed. */
  const heldBefore = async (): Promise<void> => {
    const before = await readStatement(keep, heldKey);
    if (!before) return;
    if (passed() || (await ask(launch, `statements?statementId=${before.id}`)).ok) await keep.write({ drop: [heldKey] });
    // Meanwhile they may have come to another verdict.
    else if (session.held === undefined && !passed()) session.held = before;
  };

  const leave = async (): Promise<void> => {
    await notebook?.save();
    await sending.send();
    if (ticket && progress.begun && !progress.over) {
      const late = new Promise<undefined>((done) => setTimeout(done, 5000));
      // What does not get through now is said once more as the page goes.
      const done = await Promise.race([post(launch, ending(ticket)), late]).catch(() => undefined);
      if (done?.ok) note({ over: true });
    }
    location.assign(back);
  };

  const sending = openSending(keep, session, {
    ready, dress: (s) => (ticket ? dressed(s, ticket, since) : s), leave: /^https?:/.test(back) ? leave : undefined,
  });
  if (session.wishes?.audioPreference === "off") silence();
  if (ticket) {
    void (looking ? Promise.resolve() : heldBefore().catch(console.warn)).then(ready).then(sending.send).catch(console.warn);
  }
  return {
    ...sending,
    end() {
      if (!ticket || !progress.begun || progress.over || sending.sender.state.problem === "refused") return;
      const all = [...sending.rest(lastBreath), ...ending(ticket)];
      // Before the statements: after "terminated" the platform takes nothing. Both together must fit.
      if (notebook && size(all.join() + notebook.due()) < lastBreath) void notebook.save(true);
      post(launch, all, true).catch(() => undefined);
      note({ over: true });
    },
  };
};

/** The learner wants no sound, on this page and on those that follow. */
function silence(): void {
  const frame = find<HTMLIFrameElement>("iframe");
  const mute = (): void => frame?.contentDocument?.querySelectorAll<HTMLMediaElement>("video, audio").forEach((media) => (media.muted = true));
  mute();
  frame?.addEventListener("load", mute);
}
