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

/** The switch leads to the same paragraph: heading ids are the same in every language where the text was translated. */
export function languages(): void {
  for (const link of findAll<HTMLAnchorElement>(".languages a[href]")) {
    link.addEventListener("click", () => {
      let anchor = location.hash.slice(1);
      for (const heading of findAll("main h2[id], main h3[id]")) {
        if (heading.getBoundingClientRect().top > 80) break;
        anchor = heading.id;
      }
      if (anchor && !link.hash) link.hash = anchor;
    });
  }
}

export function printButton(): void {
  for (const button of findAll(".print")) {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  }
}
