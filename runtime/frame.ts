/** The frame of a page: the menu on narrow screens, the language switch, the print button. */
import { find, findAll } from "./dom";

export function menu(): void {
  const button = find<HTMLButtonElement>(".menu-button");
  const sheet = button && document.getElementById(button.getAttribute("aria-controls") ?? "outline");
  if (!button || !sheet) return;
  button.hidden = false;
  document.documentElement.classList.add("has-menu");
  const open = (now: boolean): void => {
    button.setAttribute("aria-expanded", String(now));
    sheet.classList.toggle("is-open", now);
    if (now) (find("[aria-current]", sheet) ?? find("a", sheet))?.focus();
  };
  const isOpen = (): boolean => button.getAttribute("aria-expanded") === "true";
  button.addEventListener("click", () => open(!isOpen()));
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && isOpen()) {
      open(false);
      button.focus();
    }
  });
  // A tap beside the sheet, or focus that has left it, closes it.
  for (const kind of ["click", "focusin"]) {
    document.addEventListener(kind, (event) => {
      const at = event.target as Node;
      if (isOpen() && !sheet.contains(at) && !button.contains(at)) open(false);
    });
  }
}

const placeKey = "sopan:place";

/**
 * The switch leads to the same paragraph. Headings are translated and their ids with them, so the place is their number
 * on the page; where the two pages have not the same number of headings, the page begins at its top.
 */
export function languages(item: string): void {
  const stops = findAll("main h2[id],main h3[id],main fieldset[id]");
  try {
    const [key, count, at] = (sessionStorage.getItem(placeKey) ?? "").split(" ");
    sessionStorage.removeItem(placeKey);
    if (key === item && Number(count) === stops.length && !location.hash) stops[Number(at)]?.scrollIntoView();
    for (const link of findAll(".languages a[href]")) {
      link.addEventListener("click", () => {
        const below = stops.findIndex((stop) => stop.getBoundingClientRect().top > 80);
        const here = (below < 0 ? stops.length : below) - 1;
        if (here >= 0) sessionStorage.setItem(placeKey, `${item} ${stops.length} ${here}`);
      });
    }
  } catch {
    // Storage is shut off: the page begins at its top.
  }
}

export function printButton(): void {
  for (const button of findAll(".print")) {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  }
}
