/**
 * The shell's script in a cmi5 package: one launch, from the token to "terminated". The order is the specification's: the
 * token once, the launch data, the learner's preferences, "initialized" before every other statement, "terminated" after
 * them, and nothing more.
 *
 * A launch has one session. What must not happen twice in it is noted in sessionStorage, under the address of the token,
 * which no other launch has: a tab that was killed and restored goes on in its session. One that is loaded anew has said
 * "terminated" as it went, because no browser tells a reload from a departure; it says that the session is over, and what
 * is learnt then goes out with the next launch.
 */
import { find } from "../dom";
import { isRow, row } from "../json";
import type { Keep } from "../store";
import type { Statement } from "../statements";
import { uuid5 } from "../uuid5";
import { dressed, framing, verdict, type LaunchData, type Ticket } from "./cmi5_statement";
import { about, ask, launched, post, stateDocument } from "./launch";
import { openNotebook, type RemoteNotebook } from "./launch_notebook";
import { partOf, openOutbox, readStatement, size, type LaunchOutbox } from "./launch_outbox";
import { chosen, shell, type Session } from "./shell";

/** What has happened in this launch. */
interface Progress {
  since: number;
  token?: string;
  mode?: string;
  /** The returnURL. */
  back?: string;
  /** The platform has "initialized". */
  begun?: boolean;
  /** Nothing more is to be sent. */
  over?: boolean;
}

/** Browsers share 64 KiB among all requests that may outlive a page. */
const lastBreath = 56 * 1024;

void shell(async (data, tell): Promise<Session> => {
  const query = new URLSearchParams(location.search);
  const at = query.get("fetch");
  const launch = launched(query, query.get("activityId") ?? "");
  const { registration, activity, actor } = launch;
  if (!at || !registration || !activity) throw new Error("no launch");

  const progress: Progress = { since: Date.now(), ...remembered(at) };
  const note = (change: Partial<Progress>): void => remember(at, Object.assign(progress, change));
  const answer = (response: Response): Promise<unknown> => {
    if (!response.ok) throw new Error(`${response.status} ${response.url}`);
    return response.json();
  };

  if (!progress.token && !progress.over) {
    const { "auth-token": token } = row(await answer(await fetch(at, { method: "POST" })), "token");
    // It was fetched before: the page was opened a second time, from the history or in another tab.
    note(typeof token === "string" ? { token } : { over: true });
  }
  launch.auth = `Basic ${progress.token}`;

  let ticket: Ticket | undefined;
  let lang: string | undefined;
  if (progress.over) tell("shell.over");
  else {
    ticket = { launch, data: row(await answer(await stateDocument(launch, "LMS.LaunchData")), "launch data") as unknown as LaunchData };
    const { launchMode: mode, returnURL = "" } = ticket.data;
    note({ mode, back: /^https?:/.test(returnURL) ? returnURL : "" });
    const response = await ask(launch, "agents/profile?" + about(launch, { profileId: "cmi5LearnerPreferences" }));
    const wishes: unknown = response.ok ? await response.json() : 0;
    if (isRow(wishes)) {
      if (wishes.languagePreference) lang = chosen(Object.keys(data.langs), String(wishes.languagePreference).split(/[ ,]+/));
      if (wishes.audioPreference === "off") silence();
    }
  }

  // Who only looks around (Browse) or back (Review) leaves nothing.
  const looking = /^(Browse|Review)$/.test(progress.mode ?? "");
  const learner = uuid5(registration, `${activity} ${JSON.stringify(actor)}`);
  const site = data.site.id;
  const heldKey = `held ${site} ${learner}`;
  let notebook: RemoteNotebook | undefined;
  let outbox: LaunchOutbox;
  /** The verdict "failed" of the course. */
  let held: Statement | undefined;

  const frame = (verb: "initialized" | "terminated", when: number, t: Ticket): string =>
    // Made of the token, so that it is the same one when it has to be sent again.
    JSON.stringify(framing(verb, uuid5(registration, `${verb} ${progress.token}`), when, t, progress.since));
  /** What ends the session, after all else. */
  const ending = (t: Ticket): string[] => [...(held ? [JSON.stringify(dressed(held, t, progress.since))] : []), frame("terminated", Date.now(), t)];

  let beginning: Promise<Response | undefined> | undefined;
  const begin = async (): Promise<Response | undefined> => {
    if (!ticket || progress.over) throw new Error("the session is over");
    if (progress.begun) return;
    const response = await post(launch, [frame("initialized", progress.since, ticket)]);
    if (!response.ok) return response;
    await response.json(); // a network's log-in page is none
    note({ begun: true });
  };
  const ready = (): Promise<Response | undefined> => (beginning ??= begin().finally(() => (beginning = undefined)));

  /**
   * cmi5 takes one verdict a session, and none after "passed". A learner who fails may try again at once, so "failed" waits
   * for the end of the session, and is forgotten when they pass. One that a lost session left behind may have arrived.
   */
  const heldBefore = async (keep: Keep): Promise<void> => {
    const before = await readStatement(keep, heldKey);
    if (!before) return;
    const told = notebook?.rows[`${data.course.key} course`];
    if ((isRow(told) && told.passed) || (await ask(launch, `statements?statementId=${before.id}`)).ok) await keep.write({ drop: [heldKey] });
    else held ??= before;
  };

  const leave = async (): Promise<void> => {
    await notebook?.save();
    await outbox.sender.send(true);
    if (ticket && progress.begun && !progress.over) {
      const late = new Promise<undefined>((done) => setTimeout(done, 5000));
      // What does not get through now is said once more as the page goes.
      const done = await Promise.race([post(launch, ending(ticket)), late]).catch(() => undefined);
      if (done?.ok) note({ over: true });
    }
    location.assign(progress.back ?? "");
  };

  const part = partOf(data);

  return {
    learner, passing: looking,
    ...part.session,
    ...(lang ? { lang } : {}),
    async restore(keep) {
      outbox = openOutbox(keep, site, learner, {
        launch, ready, since: progress.since, ...part.platform,
        dress: (s) => (ticket ? dressed(s, ticket, progress.since) : s),
        hold(s) {
          const what = verdict(s, ticket?.data.masteryScore);
          if (what === "passed") held = undefined;
          if (what !== "failed") return "";
          held = s;
          return heldKey;
        },
        ...(progress.back ? { leave } : {}),
      });
      if (!ticket) return;
      if (progress.mode !== "Browse") notebook = await openNotebook(launch, keep, site, learner, looking);
      if (!looking) await heldBefore(keep).catch(console.warn);
      void ready().then(() => outbox.sender.send(true)).catch(console.warn);
    },
    open: (page) => {
      const recorder = outbox.open(page);
      return looking ? { ...recorder, lines: () => [] } : recorder;
    },
    end() {
      if (!ticket || !progress.begun || progress.over || outbox.sender.state.problem === "refused") return;
      const all = [...outbox.rest(lastBreath), ...ending(ticket)];
      // Before the statements: after "terminated" the platform takes nothing. Both together must fit.
      if (notebook && size(all.join() + notebook.due()) < lastBreath) void notebook.save(true);
      post(launch, all, true).catch(() => undefined);
      note({ over: true });
    },
  };
});

function remembered(at: string): Partial<Progress> {
  try {
    return row(JSON.parse(sessionStorage.getItem(`sopan ${at}`) ?? ""), "progress");
  } catch {
    return {};
  }
}

function remember(at: string, progress: Progress): void {
  try {
    sessionStorage.setItem(`sopan ${at}`, JSON.stringify(progress));
  } catch {
    // Storage is refused: a reload then ends the session.
  }
}

/** The learner wants no sound. */
function silence(): void {
  const frame = find<HTMLIFrameElement>("iframe");
  frame?.addEventListener("load", () => {
    frame.contentDocument?.querySelectorAll<HTMLMediaElement>("video, audio").forEach((media) => (media.muted = true));
  });
}
