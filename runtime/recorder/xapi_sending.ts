/** The script that sends in an xAPI package: the statements of a site, of the learner and in the enrolment that the launcher names. */
import { extension } from "../statements";
import { post } from "./launch";
import { followed } from "./launch_notebook_saving";
import { lastBreath, openSending, size } from "./launch_sending";

window.sopanXapi = (keep, session) => {
  const { launch, site } = session;
  const notebook = session.notebook && followed(session.notebook, launch, keep);
  const { registration, actor } = launch;
  const sending = openSending(keep, session, {
    dress({ context, ...s }) {
      const own = context.registration;
      return !registration || own === registration ? { ...s, actor, context } : {
        ...s, actor, context: { ...context, registration, extensions: { ...context.extensions, [extension(site, "attempt")]: own } },
      };
    },
  });
  void sending.send();
  return {
    ...sending,
    end() {
      const rest = sending.rest(lastBreath);
      if (notebook && size(rest.join() + notebook.due()) < lastBreath) void notebook.save(true);
      if (rest.length) post(launch, rest, true).catch(() => undefined);
    },
  };
};
