/** The line in the foot that says what is kept and what still waits: quiet, and red only when a person has to act. */
import type { Keep } from "./store";
import { button, el, find } from "./dom";
import type { Sender, SenderState } from "./sender";
import { count, say } from "./say";

/** Why nothing goes out, said so that somebody can act on it. Pure. */
export function problemKey(state: SenderState, here: { online: boolean; protocol: string; endpoint: string }): string | null {
  if (!state.problem) return null;
  if (state.problem !== "unreachable") return `records.${state.problem}`;
  if (!here.online) return "records.offline";
  if (here.protocol === "file:") return "records.disk";
  if (here.protocol === "https:" && /^http:\/\/(?!localhost|127\.)/.test(here.endpoint)) return "records.mixed";
  return "records.unreachable";
}

export interface RecordsLine { saving(now: boolean): void; draw(): void }

export function recordsLine(keep: Keep, sender: Sender | null, endpoint: string, saveFile: () => void): RecordsLine {
  const line = find(".records-line");
  const words = el("span");
  const send = button(say("records.send"), "link-button", () => void sender?.send(true));
  const save = button(say("records.save"), "link-button", saveFile);
  line?.append(words, " ", send, " ", save);
  let saving = false;

  function draw(): void {
    const parts: string[] = [];
    const state = sender?.state;
    parts.push(keep.fleeting ? say("records.fleeting") : say(saving ? "records.saving" : "records.saved"));
    let grave = keep.fleeting;
    if (state) {
      if (state.waiting) parts.push(count("records.waiting", state.waiting));
      if (state.aside) parts.push(count("records.aside", state.aside));
      if (state.sending) parts.push(say("records.sending"));
      const problem = state.waiting ? problemKey(state, { online: navigator.onLine, protocol: location.protocol, endpoint }) : null;
      if (problem) parts.push(say(problem));
      grave = grave || state.aside > 0 || state.problem === "refused";
    }
    const text = parts.join(" · ");
    // Setting the same words again would make a screen reader say them again.
    if (words.textContent !== text) words.textContent = text;
    send.hidden = !state?.waiting;
    save.hidden = !state?.waiting && !state?.aside;
    line?.classList.toggle("needs-you", grave);
  }

  keep.onFleeting = () => {
    draw();
    // A banner, not only the foot: what is answered now is lost with the tab.
    if (!find(".banner-fleeting")) {
      const banner = el("p", { class: "banner banner-fleeting", role: "alert" }, say("records.fleeting.banner"));
      (find("main") ?? document.body).prepend(banner);
    }
  };
  if (keep.fleeting) keep.onFleeting();
  draw();
  return {
    saving(now) {
      saving = now;
      draw();
    },
    draw,
  };
}
