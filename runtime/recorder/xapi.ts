/**
 * The shell's script in an xAPI package: a launch as tincan.xml has it. The statements are those of a site, told of the
 * learner whom the launcher names. Without an enrolment, an id of the activity or an authorization it does without.
 */
import type { Keep } from "../store";
import { uuid5 } from "../uuid5";
import { agent, launched } from "./launch";
import { openNotebook } from "./launch_notebook";
import { openOutbox, type LaunchSession, type Sending } from "./launch_outbox";
import { shell, type Session } from "./shell";

declare global {
  interface Window {
    /** What sends, from its script (xapi_sending.ts). */
    sopanXapi?: (keep: Keep, session: LaunchSession) => Sending;
  }
}

/** The namespace of learners without an enrolment: the one of URLs in RFC 9562. */
const urls = "6ba7b811-9dad-11d1-80b4-00c04fd430c8";

void shell(async (data, tell): Promise<Session> => {
  const query = new URLSearchParams(location.search);
  const launch = launched(query, query.get("activity_id") ?? data.course.id, agent);
  launch.auth = query.get("auth") ?? "";
  const site = data.site.id;
  const learner = uuid5(launch.registration || urls, `${launch.activity} ${JSON.stringify(launch.actor)}`);
  const session: LaunchSession = { data, launch, site, learner, line: `${site} ${learner}`, fresh: new Map() };
  const { open, begin, end } = openOutbox(session, tell);
  return {
    learner, open, end, items: data.items,
    async restore(keep) {
      session.notebook = await openNotebook(keep, session);
      void begin(() => window.sopanXapi?.(keep, session));
    },
  };
});
