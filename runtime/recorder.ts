/**
 * The script of pages whose site names a record endpoint: xAPI statements into the outbox, and out of it. A package for
 * an LMS brings another recorder in its place.
 */
import { button, el } from "./dom";
import { download } from "./download";
import { exported } from "./exported";
import type { OpenRecorder } from "./happening";
import { outboxPrefix } from "./notebook";
import { browser, openSender } from "./sender";
import { problemKey } from "./problem";
import { count, say } from "./say";
import { statement, type Scene } from "./statements";
import { uuid4 } from "./uuid";

const open: OpenRecorder = ({ id: site, lang, learner, endpoint, course, store }) => {
  const sender = openSender(store, site, endpoint, browser(), `${learner} `);
  const scene: Scene = { site, learner, lang };
  if (course) scene.course = course;
  window.addEventListener("online", () => void sender.online());
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
    attach(line) {
      const words = el("span");
      const send = button(say("records.send"), "link-button", () => void sender.send(true));
      const save = button(say("records.save"), "link-button", () => {
        void exported(store, site, { id: learner }, new Date()).then((all) => download("my-learning.json", all));
      });
      line.append(words, " ", send, " ", save);
      const draw = (): void => {
        const { waiting, aside, sending, problem } = sender.state;
        const why = waiting ? problemKey(problem, { online: navigator.onLine, address: location.href, endpoint }) : null;
        const text = [
          waiting ? count("records.waiting", waiting) : "",
          aside ? count("records.aside", aside) : "",
          sending ? say("records.sending") : why ? say(why) : "",
        ].filter((part) => part).map((part) => ` · ${part}`).join("");
        // Setting the same words again would make a screen reader say them again.
        if (words.textContent !== text) words.textContent = text;
        send.hidden = !waiting;
        save.hidden = !waiting && !aside;
        line.classList.toggle("needs-you", aside > 0 || problem === "refused");
      };
      sender.onChange = draw;
      window.addEventListener("offline", draw);
      draw();
    },
  };
};

window.sopanRecorder = open;
