/** The frame of a page: the search box, the language switch, the print button. The menu is the boot script's. */
import type { PageData } from "./contract";
import { el, fill, find, findAll } from "./dom";
import { say } from "./say";

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

/**
 * The search is fetched only when somebody turns to its box: its script and the index in one file. A classic script works
 * from a disk, where fetch does not.
 */
export function searchOnDemand(page: PageData): void {
  const input = find<HTMLInputElement>("#q");
  const results = find(".search-results");
  const address = page.search;
  if (!input || !results || !address) return;
  let asked = false;
  let there = false;
  const tell = (key: string): void => {
    if (!there && input.value.trim()) fill(results, el("p", {}, say(key)));
  };
  const turn = (): void => {
    tell("searching");
    if (asked) return;
    asked = true;
    void window.sopanBoot.load(page.root + address).then((came) => {
      asked = there = came;
      tell("searching.failed");
    });
  };
  input.addEventListener("focus", turn);
  input.addEventListener("input", turn);
  // Somebody was quicker than this script.
  if (document.activeElement === input || input.value) turn();
}
