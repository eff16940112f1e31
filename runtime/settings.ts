/**
 * How the learner likes to read: text size, contrast, colours. Kept in localStorage and not in the notebook, because it
 * must be on the page before anything else is read, and it is nobody's record.
 */
import { el, find } from "./dom";
import { say } from "./say";

const choices = {
  text: ["100", "125", "150", "175", "200"],
  contrast: ["", "high"],
  theme: ["", "light", "dark"],
} as const;

/** How the device or the page has it by itself, in the keys of words. */
const auto = "auto";

type Setting = keyof typeof choices;

const names = Object.keys(choices) as Setting[];

export function applySettings(): void {
  for (const name of names) apply(name, read(name));
}

/** Fills `.settings`, or makes it in the foot; a theme may bring controls of its own, named text, contrast and theme. */
export function settingsPanel(): void {
  const panel = find(".settings") ?? el("details", { class: "settings" }, el("summary", {}, say("set")));
  if (!panel.isConnected) find(".foot")?.append(panel);
  panel.hidden = false;
  for (const name of names) {
    let control = find<HTMLSelectElement>(`select[name=${name}]`, panel);
    if (!control) {
      control = el("select", { id: `set-${name}`, name },
        ...choices[name].map((value) => el("option", { value }, say(`set.${name}.${value || auto}`))));
      panel.append(el("p", { class: "setting" }, el("label", { for: `set-${name}` }, say(`set.${name}`)), " ", control));
    }
    const select = control;
    select.value = read(name);
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

function read(name: Setting): string {
  let value: string | null = null;
  try {
    value = localStorage.getItem(`sopan:${name}`);
  } catch {
    // Storage is shut off: the page as it comes.
  }
  const known: readonly string[] = choices[name];
  return value !== null && known.includes(value) ? value : choices[name][0];
}

function apply(name: Setting, value: string): void {
  const { dataset } = document.documentElement;
  if (value === "" || value === "100") delete dataset[name];
  else dataset[name] = value;
}
