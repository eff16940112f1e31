/**
 * The outbox of a launch: statements are written down on the device as a site keeps them (../statements.ts), in one write
 * with what they tell of. In go the device's store and the launch; out comes the recorder for the pages. What sends them,
 * dressed for the platform at that moment, is a script of its own (launch_sending.ts): it is asked for at once, nothing
 * waits for it, and where it does not come everything is kept and it is asked for again.
 */
import type { OpenRecorder, Recorder } from "../happening";
import { outboxPrefix } from "../notebook";
import type { Entry } from "../outbox";
import { statement, within, type Statement } from "../statements";
import type { Line } from "../store";
import { uuid4 } from "../uuid";
import type { Launch } from "./launch";
import type { RemoteNotebook } from "./launch_notebook";
import type { ShellData, Tell } from "./shell";

/** What a launch's two scripts share. */
export interface LaunchSession {
  launch: Launch;
  site: string;
  learner: string;
  /** Names this learner's rows: what another one left on this device is not to go out as theirs. */
  line: string;
  /** What the page says. */
  data: ShellData;
  /** By their ids, what happened and was not offered to the platform yet: a store takes a moment to be read. */
  fresh: Map<string, Entry>;
  notebook?: RemoteNotebook;
  /** Nothing that happens is told. */
  looking?: boolean;
  /** When the session began: verdicts on the course then tell how long it took. */
  since?: number;
  /** Of what happened to the course: the key of a statement that has to wait for the end of the session; "" for all others. */
  hold?(what: string, s: Statement): string;
}

/** What sends, as its script gives it. */
export interface Sending {
  /** Something was put in line. */
  noticed(): void;
  /** Sends now, as a person asked. */
  send(): Promise<void>;
  attach: Recorder["attach"];
  /** The page is left: what waits and the notebook, in requests that may outlive it. */
  end(): void;
}

export interface LaunchOutbox {
  open: OpenRecorder;
  /** What was there before the session is laid out: from now on it is sent. `make` gives undefined as long as its script is not there. */
  begin(make: () => Sending | undefined): Promise<void>;
  end(): void;
}

/** Until the script that did not come is asked for again. */
const again = 10_000;

export function openOutbox(session: LaunchSession, tell: Tell): LaunchOutbox {
  const { data, site, learner, line, fresh, since } = session;
  const script = data.sending ?? "";
  let loading = window.sopanBoot.load(script);
  let sending: Sending | undefined;
  /** The foot of the page that is shown, and its words. */
  let foot: Parameters<Recorder["attach"]> | undefined;
  const module = data.module && within(data.course.id, data.module);

  return {
    async begin(make) {
      for (let lost = false; await loading, !(sending = make()); lost = true) {
        if (!lost) tell("shell.unsaved");
        await new Promise((later) => setTimeout(later, again));
        loading = window.sopanBoot.load(script);
      }
      tell("");
      if (foot) sending.attach(...foot);
    },
    open: ({ lang, course }) => ({
      lines: (happened) => (session.looking ? [] : happened).map((happening): Line => {
        const now = Date.now();
        const { of, what } = happening;
        const h = of.type !== "course" ? happening
          : { milliseconds: since && what !== "progressed" ? now - since : undefined, ...happening, of: { ...of, id: module ?? of.id } };
        const made = statement({ site, learner, lang, course }, h, new Date(now), uuid4());
        const held = of.type === "course" && session.hold?.(what, made);
        return {
          key: () => held || outboxPrefix(line) + made.id,
          value(place) {
            const entry = { place, statement: made };
            if (!held) fresh.set(made.id, entry);
            return entry;
          },
        };
      }),
      kept: () => sending?.noticed(),
      send: async () => sending?.send(),
      attach(...given) {
        foot = given;
        sending?.attach(...given);
      },
    }),
    end: () => sending?.end(),
  };
}
