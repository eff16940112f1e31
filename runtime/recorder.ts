/**
 * The script of pages whose site names a record endpoint: xAPI statements into the outbox, and out of it. A package for
 * an LMS brings another recorder in its place.
 */
import type { OpenRecorder } from "./happening";
import { openMessenger } from "./messenger";
import { outboxPrefix } from "./notebook";
import { outboxLine } from "./outbox_line";
import { statement, type Scene } from "./statements";
import { askUnsent } from "./unsent_ask";
import { uuid4 } from "./uuid";
import { browser } from "./world";

const open: OpenRecorder = ({ id: site, lang, learner, endpoint, course, store }) => {
  const { root, records } = window.sopan!.page;
  const unsent = root + records!.unsent;
  const sender = openMessenger(store, site, endpoint, browser(), async () => (await askUnsent(unsent)).openSender, `${learner} `);
  const scene: Scene = { site, learner, lang };
  if (course) scene.course = course;
  window.addEventListener("online", () => void sender.online());
  window.addEventListener("offline", () => sender.onChange());
  window.addEventListener("pagehide", () => sender.farewell());
  void sender.noticed(1000);
  return {
    lines: (happened) => happened.map((h) => {
      const made = statement(scene, h, new Date(), uuid4());
      return {
        // By its id: what two tabs both tell of an attempt stands here once.
        key: () => `${outboxPrefix(site)}${learner} ${made.id}`,
        value: (place) => ({ place, statement: made }),
      };
    }),
    kept: () => void sender.noticed(),
    send: () => sender.send(true),
    attach(line, words) {
      outboxLine(line, sender, words, endpoint, unsent, (more) => more.saver(store, site, learner));
      // What is not kept is offered as a file from the beginning.
      if (store.fleeting) askUnsent(unsent).then(sender.onChange, console.warn);
    },
  };
};

window.sopanRecorder = open;
