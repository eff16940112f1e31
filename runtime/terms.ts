/**
 * The meaning of a glossary term where it stands: on focus, hover or tap. It can be closed with Escape, stays while the
 * pointer is on it, and does not vanish by itself (WCAG 1.4.13). A second tap follows the link to the glossary.
 */
import { el, find, findAll } from "./dom";

export function terms(): void {
  let shown: HTMLElement | null = null;
  let timer = 0;
  const bubble = el("span", { class: "term-meaning", role: "tooltip", id: "term-meaning", hidden: true });

  const show = (term: HTMLElement): void => {
    window.clearTimeout(timer);
    if (shown === term) return;
    hide();
    shown = term;
    bubble.textContent = term.dataset.meaning ?? "";
    bubble.hidden = false;
    term.after(bubble);
    term.setAttribute("aria-describedby", bubble.id);
    place();
  };
  const hide = (): void => {
    window.clearTimeout(timer);
    shown?.removeAttribute("aria-describedby");
    shown = null;
    bubble.hidden = true;
  };
  const hideSoon = (): void => {
    window.clearTimeout(timer);
    timer = window.setTimeout(hide, 250);
  };
  // Kept within the text's width, by the CSSOM: the policy forbids style attributes in markup, not this.
  const place = (): void => {
    const within = (find("main") ?? document.body).getBoundingClientRect();
    bubble.style.removeProperty("transform");
    const box = bubble.getBoundingClientRect();
    const over = box.right - within.right;
    const under = within.left - box.left;
    if (over > 0) bubble.style.setProperty("transform", `translateX(${-over}px)`);
    else if (under > 0) bubble.style.setProperty("transform", `translateX(${under}px)`);
  };

  bubble.addEventListener("pointerenter", () => window.clearTimeout(timer));
  bubble.addEventListener("pointerleave", hideSoon);
  for (const term of findAll("a.term[data-meaning]")) {
    let touched = false;
    term.addEventListener("pointerenter", (event) => {
      if (event.pointerType === "mouse") show(term);
    });
    term.addEventListener("pointerleave", (event) => {
      if (event.pointerType === "mouse") hideSoon();
    });
    term.addEventListener("pointerdown", (event) => (touched = event.pointerType !== "mouse" && shown !== term));
    term.addEventListener("click", (event) => {
      if (!touched) return;
      touched = false;
      event.preventDefault();
      show(term);
    });
    term.addEventListener("focus", () => {
      if (!touched) show(term);
    });
    term.addEventListener("blur", hideSoon);
  }
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && shown) hide();
  });
  document.addEventListener("click", (event) => {
    if (shown && !shown.contains(event.target as Node) && !bubble.contains(event.target as Node)) hide();
  });
}
