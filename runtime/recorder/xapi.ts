/**
 * The shell's script in an xAPI package: a launch as tincan.xml has it. The statements are those of a site, told of the
 * learner whom the launcher names. Without an enrolment, an id of the activity or an authorization it does without.
 */
import { extension } from "../statements";
import { uuid5 } from "../uuid5";
import { launched, post } from "./launch";
import { openNotebook, type RemoteNotebook } from "./launch_notebook";
import { partOf, openOutbox, size, type LaunchOutbox } from "./launch_outbox";
import { shell, type Session } from "./shell";

/** The namespace of learners without an enrolment: the one of URLs in RFC 9562. */
const urls = "6ba7b811-9dad-11d1-80b4-00c04fd430c8";

/** Browsers share 64 KiB among all requests that may outlive a page. */
const lastBreath = 56 * 1024;

void shell(async (data): Promise<Session> => {
  const query = new URLSearchParams(location.search);
  const launch = launched(query, query.get("activity_id") ?? data.course.id);
  launch.auth = query.get("auth") ?? "";
  const { registration, actor } = launch;
  const site = data.site.id;
  const learner = uuid5(registration || urls, `${launch.activity} ${JSON.stringify(actor)}`);
  let notebook: RemoteNotebook;
  let outbox: LaunchOutbox;
  const part = partOf(data);
  return {
    learner,
    ...part.session,
    async restore(keep) {
      outbox = openOutbox(keep, site, learner, {
        launch, ...part.platform,
        dress({ context, ...s }) {
          const own = context.registration;
          return !registration || own === registration ? { ...s, actor, context } : {
            ...s, actor, context: { ...context, registration, extensions: { ...context.extensions, [extension(site, "attempt")]: own } },
          };
        },
      });
      notebook = await openNotebook(launch, keep, site, learner);
      void outbox.sender.send(true);
    },
    open: (page) => outbox.open(page),
    end() {
      const rest = outbox.rest(lastBreath);
      if (size(rest.join() + notebook.due()) < lastBreath) void notebook.save(true);
      if (rest.length) post(launch, rest, true).catch(() => undefined);
    },
  };
});
