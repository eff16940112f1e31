/**
 * The script of records that stay: the whole sender, with pauses, batches and a look at what was refused; why nothing goes out;
 * and the file in which a learner takes records away. On most devices little of it is ever needed, so recorders ask for it
 * when it is (unsent_ask.ts).
 */
import { button } from "./dom";
import { download } from "./download";
import { exported } from "./exported";
import type { Stop } from "./outbox";
import { problemKey } from "./problem";
import { say } from "./say";
import { openSender } from "./sender";
import type { Store } from "./store";

export interface Unsent {
  openSender: typeof openSender;
  /** The key of the words that say why nothing goes out. */
  why(stop: Stop, endpoint: string): string;
  /** A button that saves all that is kept of a learner. */
  saver(store: Store, site: string, learner: string): HTMLElement;
}

window.sopanUnsent = {
  openSender,
  why: (stop, endpoint) => problemKey(stop, { address: location.href, endpoint }),
  saver: (store, site, id) => button(say("unsent.save"), "link-button", () => {
    void exported(store, site, { id }, new Date()).then((all) => download("my-learning.json", all));
  }),
};
