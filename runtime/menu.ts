/**
 * The course's outline as a sheet on narrow screens. It listens at the document, so that it works as soon as the button can
 * be seen, before the page has arrived whole.
 */

export function menu(): void {
  const button = (): Element | null => document.querySelector(".menu-button");
  const sheet = (): Element | null => document.getElementById("outline");
  const isOpen = (): boolean => button()?.getAttribute("aria-expanded") === "true";
  const open = (now: boolean): void => {
    button()?.setAttribute("aria-expanded", String(now));
    sheet()?.classList.toggle("is-open", now);
    if (!now) return;
    const first = sheet()?.querySelector("[aria-current]") ?? sheet()?.querySelector("a");
    (first as HTMLElement | null | undefined)?.focus();
  };
  document.addEventListener("click", (event) => {
    if (button()?.contains(event.target as Node)) open(!isOpen());
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && isOpen()) {
      open(false);
      (button() as HTMLElement).focus();
    }
  });
  // A tap beside the sheet, or focus that has left it, closes it.
  for (const kind of ["click", "focusin"]) {
    document.addEventListener(kind, (event) => {
      const at = event.target as Node;
      if (isOpen() && !sheet()?.contains(at) && !button()?.contains(at)) open(false);
    });
  }
}
