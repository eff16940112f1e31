/**
 * The shell's script in a cmi5 package: it opens a launch. The order is the specification's: the token once, the launch
 * data, the learner's preferences; then "initialized" before every other statement, "terminated" after them, and nothing
 * more (cmi5_sending.ts).
 *
 * A launch has one session. What must not happen twice in it is noted in sessionStorage, under the address of the token,
 * which no other launch has: a tab that was killed and restored goes on in its session. One that is loaded anew has said
 * "terminated" as it went, because no browser tells a reload from a departure; it says that the session is over, and what
 * is learnt then goes out with the next launch.
 */
import { isRow, row, type Row } from "../json";
import type { Keep } from "../store";
import type { Statement } from "../statements";
import { uuid5 } from "../uuid5";
import { agreed, type LaunchData, type Ticket } from "./cmi5_statement";
import { about, ask, launched, stateDocument } from "./launch";
import { openNotebook } from "./launch_notebook";
import { openOutbox, type LaunchSession, type Sending } from "./launch_outbox";
import { shell, type Session } from "./shell";

/** What has happened in this launch. */
export interface Progress {
  since: number;
  token?: string;
  mode?: string;
  /** The returnURL, as the platform wrote it. */
  back?: string | undefined;
  /** The platform has "initialized". */
  begun?: boolean;
  /** Nothing more is to be sent. */
  over?: boolean;
}

export interface Cmi5Session extends LaunchSession {
  progress: Progress;
  note(change: Partial<Progress>): void;
  /** Absent where the session is over. */
  ticket?: Ticket;
  /**
   * The verdict "failed" of the course, and where it is kept. cmi5 takes one verdict a session, and none after "passed". A
   * learner who fails may try again at once, so "failed" waits for the end of the session. null: they have passed.
   */
  held?: Statement | null;
  heldKey: string;
  /** The learner's preferences. */
  wishes?: Row;
  /** What sends has its ids of it, and need not bring it again. */
  uuid5: typeof uuid5;
}

declare global {
  interface Window {
    /** What sends, from its script (cmi5_sending.ts). */
    sopanCmi5?: (keep: Keep, session: Cmi5Session) => Sending;
  }
}

void shell(async (data, tell): Promise<Session> => {
  const query = new URLSearchParams(location.search);
  const at = query.get("fetch");
  const launch = launched(query, query.get("activityId") ?? "", row);
  const { registration, activity, actor } = launch;
  if (!at || !registration || !activity) throw new Error("no launch");

  const progress: Progress = { since: Date.now(), ...remembered(at) };
  const site = data.site.id;
  const learner = uuid5(registration, `${activity} ${JSON.stringify(actor)}`);
  const line = `${site} ${learner}`;
  const session: Cmi5Session = {
    data, launch, uuid5, site, learner, line, fresh: new Map(), since: progress.since, progress, heldKey: `held ${line}`,
    note(change) {
      try {
        sessionStorage.setItem(`sopan ${at}`, JSON.stringify(Object.assign(progress, change)));
      } catch {
        // Storage is refused: a reload then ends the session.
      }
    },
    hold(what, s) {
      if (!agreed(what, s, session.ticket?.data.masteryScore)) return "";
      if (what === "passed") session.held = null;
      if (what !== "failed") return "";
      session.held = s;
      return session.heldKey;
    },
  };
  const outbox = openOutbox(session, (key) => progress.over || tell(key));
  const answer = (response: Response): Promise<unknown> => {
    if (!response.ok) throw response;
    return response.json();
  };

  if (!progress.token && !progress.over) {
    const { "auth-token": token } = row(await answer(await fetch(at, { method: "POST" })), "token");
    // It was fetched before: the page was opened a second time, from the history or in another tab.
    session.note(typeof token === "string" ? { token } : { over: true });
  }
  launch.auth = `Basic ${progress.token}`;

  let wanted: string[] = [];
  if (progress.over) tell("shell.over");
  else {
    const given = row(await answer(await stateDocument(launch, "LMS.LaunchData")), "launch data") as unknown as LaunchData;
    session.ticket = { launch, data: given };
    session.note({ mode: given.launchMode, back: given.returnURL });
    const response = await ask(launch, "agents/profile?" + about(launch, { profileId: "cmi5LearnerPreferences" }));
    const wishes: unknown = response.ok ? await response.json() : 0;
    if (isRow(wishes)) {
      session.wishes = wishes;
      wanted = String(wishes.languagePreference).split(/[ ,]+/);
    }
  }
  // Who only looks around (Browse) or back (Review) leaves nothing.
  const looking = (session.looking = /^(Browse|Review)$/.test(progress.mode!));

  return {
    learner, wanted, passing: looking, items: data.items, open: outbox.open, end: outbox.end,
    async restore(keep) {
      if (session.ticket && progress.mode !== "Browse") session.notebook = await openNotebook(keep, session);
      void outbox.begin(() => window.sopanCmi5?.(keep, session));
    },
  };
});

function remembered(at: string): Progress | null {
  try {
    // Nothing is there: null, which JSON reads as null.
    return JSON.parse(sessionStorage.getItem(`sopan ${at}`)!) as Progress | null;
  } catch {
    return null;
  }
}
