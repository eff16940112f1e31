/** The line in the foot that says what is kept: quiet, and red only when a person has to act. A recorder adds to it. */
import { el, find } from "./dom";
import type { Recorder } from "./happening";
import { count, say } from "./say";
import type { Keep } from "./store";

/** Returns what to call when a write begins (true) and when all are done (false). */
export function recordsLine(keep: Keep, recorder: Recorder | null): (saving: boolean) => void {
  // Seen, not announced: after each tick of a box, "saved" would talk over the question.
  const words = el("span", { "aria-live": "off" });
  const line = find(".records-line");
  line?.append(words);
  if (line) recorder?.attach(line, { say, count });
  const draw = (saving: boolean): void => {
    words.textContent = say(keep.fleeting ? "fleeting" : saving ? "saving" : "saved");
  };
  keep.onFleeting = () => {
    draw(false);
    // A banner, not only the foot: what is answered now is lost with the tab.
    (find("main") ?? document.body).prepend(el("p", { class: "banner banner-fleeting", role: "alert" }, say("fleeting.why")));
  };
  if (keep.fleeting) keep.onFleeting();
  draw(false);
  return draw;
}
