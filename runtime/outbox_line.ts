/**
 * The part of a page's foot that says how many records wait, and why. In go the sender and the page's words; what is said
 * only when records stay comes with the script that is asked for then (unsent.ts).
 */
import { button, el } from "./dom";
import type { Words } from "./happening";
import type { Sender } from "./sender";
import type { Unsent } from "./unsent";
import { askUnsent } from "./unsent_ask";

/** `save` makes the button for who wants to take the records away. */
export function outboxLine(
  line: HTMLElement, sender: Sender, { say, count }: Words, endpoint: string, script: string, save?: (unsent: Unsent) => HTMLElement,
): void {
  const words = el("span");
  const send = button(say("records.send"), "link-button", () => void sender.send(true));
  let saver: HTMLElement | undefined;
  line.append(words, " ", send);
  sender.onChange = () => {
    const { waiting, aside, sending, problem } = sender.state;
    const stuck = waiting ? problem : undefined;
    const unsent = window.sopanUnsent;
    if (!unsent && aside) askUnsent(script).then(sender.onChange, () => undefined);
    if (unsent && save && !saver) line.append(" ", (saver = save(unsent)));
    const text = [
      waiting && count("records.waiting", waiting),
      unsent && aside && count("unsent.aside", aside),
      sending ? say("records.sending")
        : stuck === "unreachable" && !navigator.onLine ? say("records.offline")
        : stuck && unsent && say(unsent.why(stuck, endpoint)),
    ].filter((part) => part).map((part) => ` · ${part}`).join("");
    // Setting the same words again would make a screen reader say them again.
    if (words.textContent !== text) words.textContent = text;
    send.hidden = !waiting;
    if (saver) saver.hidden = !waiting && !aside;
    line.classList.toggle("needs-you", aside > 0 || problem === "refused");
  };
  sender.onChange();
}
