/** The controls for how the learner likes to read. A theme may bring its own, named text, contrast and theme. */
import { el, find } from "./dom";
import type { Setting } from "./preference";
import { say } from "./say";

const choices = {
  text: ["100", "125", "150", "175", "200"],
  contrast: ["", "high"],
  theme: ["", "light", "dark"],
} as const;

/** How the device or the page has it by itself, in the keys of words. */
const auto = "auto";

/** Fills `.settings`, or makes it in the foot. */
export function settingsPanel(): void {
  const panel = find(".settings") ?? el("details", { class: "settings" }, el("summary", {}, say("set")));
  if (!panel.isConnected) find(".foot")?.append(panel);
  const { preferred, apply } = window.sopanBoot;
  for (const name of Object.keys(choices) as Setting[]) {
    let control = find<HTMLSelectElement>(`select[name=${name}]`, panel);
    if (!control) {
      control = el("select", { id: `set-${name}`, name },
        ...choices[name].map((value) => el("option", { value }, say(`set.${name}.${value || auto}`))));
      panel.append(el("p", { class: "setting" }, el("label", { for: `set-${name}` }, say(`set.${name}`)), " ", control));
    }
    const select = control;
    const known: readonly string[] = choices[name];
    const value = preferred(name);
    select.value = known.includes(value) ? value : choices[name][0];
    select.addEventListener("change", () => {
      apply(name, select.value);
      try {
        localStorage.setItem(`sopan:${name}`, select.value);
      } catch {
        // Not kept, but in force on this page.
      }
    });
  }
}
