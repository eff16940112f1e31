/** The frame of a page: the language switch, the print button. The menu is the boot script's. */
import { findAll } from "./dom";

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
    button.addEventListener("click", () => window.print());
  }
}
