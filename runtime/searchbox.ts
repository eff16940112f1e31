/**
 * The search box. Its index is fetched only when somebody turns to the box, as a classic script: that works from a disk,
 * where fetch does not. Results are links in a list; whatever stands in the index becomes text, never markup.
 */
import type { PageData } from "./contract";
import { el, fill, find as one, findAll } from "./dom";
import type { Hit } from "./desk";
import { count, say } from "./say";

export function searchBox(page: PageData): void {
  const form = one<HTMLFormElement>("form.search");
  const input = form && one<HTMLInputElement>("#q", form);
  const results = form && one(".search-results", form);
  const address = page.search;
  if (!form || !input || !results || !address) return;
  let find: ((query: string) => Hit[]) | null = null;
  let asked = false;
  let timer = 0;

  const load = (): void => {
    if (asked) return;
    asked = true;
    window.sopanFound = (found) => {
      find = found;
      search();
    };
    void window.sopanBoot.load(page.root + address).then((there) => {
      if (there) return;
      asked = false;
      if (input.value.trim()) fill(results, el("p", {}, say("search.failed")));
    });
  };

  const search = (): void => {
    if (!input.value.trim()) return fill(results);
    if (!find) return fill(results, el("p", {}, say("search.loading")));
    const hits = find(input.value);
    const said = el("p", { class: "search-count" }, hits.length ? count("search.found", hits.length) : say("search.none"));
    if (!hits.length) return fill(results, said);
    fill(results, said, el("ol", {}, ...hits.map((hit) => el("li", {}, el("a", { href: page.root + hit.href },
      el("strong", {}, hit.title), hit.heading ? ` · ${hit.heading}` : "",
      el("span", { class: "search-excerpt" }, ...hit.excerpt.map((part) => (part.on ? el("mark", {}, part.text) : part.text))))))));
  };

  input.addEventListener("focus", load);
  // Somebody was quicker than this script.
  if (document.activeElement === input || input.value) {
    load();
    search();
  }
  input.addEventListener("input", () => {
    load();
    window.clearTimeout(timer);
    timer = window.setTimeout(search, 150);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const first = one<HTMLAnchorElement>("a", results);
    if (first) first.click();
    else search();
  });
  form.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      fill(results);
      input.value = "";
      input.focus();
      return;
    }
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (!step) return;
    const stops: HTMLElement[] = [input, ...findAll("a", results)];
    const at = stops.indexOf(document.activeElement as HTMLElement);
    const next = stops[at + step];
    if (at < 0 || !next) return;
    event.preventDefault();
    next.focus();
  });
  document.addEventListener("click", (event) => {
    if (!form.contains(event.target as Node)) fill(results);
  });
}
