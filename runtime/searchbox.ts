/** The search box, once its index is there. Results are links in a list; what stands in the index becomes text, never markup. */
import { el, fill, find as one, findAll } from "./dom";
import type { Hit } from "./desk";
import { count, say } from "./say";

export function searchBox(find: (query: string) => Hit[], root: string): void {
  const form = one<HTMLFormElement>("form.search");
  const input = form && one<HTMLInputElement>("#q", form);
  const results = form && one(".search-results", form);
  if (!form || !input || !results) return;
  let timer = 0;

  const search = (): void => {
    if (!input.value.trim()) return fill(results);
    const hits = find(input.value);
    const said = el("p", { class: "search-count" }, hits.length ? count("search.found", hits.length) : say("search.none"));
    if (!hits.length) return fill(results, said);
    fill(results, said, el("ol", {}, ...hits.map((hit) => el("li", {}, el("a", { href: root + hit.href },
      el("strong", {}, hit.title), hit.heading ? ` · ${hit.heading}` : "",
      el("span", { class: "search-excerpt" }, ...hit.excerpt.map((part) => (part.on ? el("mark", {}, part.text) : part.text))))))));
  };

  search();
  input.addEventListener("input", () => {
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
