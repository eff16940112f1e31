/** `.tabs` as a tablist (ARIA Authoring Practices, tabs with automatic activation). Without script they are sections. */
import { el, find, findAll } from "./dom";

export function tabs(): void {
  for (const box of findAll(".tabs")) {
    const panels = Array.from(box.children).filter((c): c is HTMLElement => c.classList.contains("tab"));
    if (panels.length < 2) continue;
    const bar = el("div", { role: "tablist", class: "tablist" });
    const handles = panels.map((panel, i) => {
      const title = find("h2,h3,h4", panel);
      panel.id ||= `tab-${findAll(".tab").indexOf(panel)}`;
      const tab = el("button", { type: "button", role: "tab", id: `${panel.id}-tab`, "aria-controls": panel.id }, title?.textContent ?? String(i + 1));
      if (title) title.hidden = true;
      panel.setAttribute("role", "tabpanel");
      panel.setAttribute("aria-labelledby", tab.id);
      panel.tabIndex = 0;
      tab.addEventListener("click", () => show(i));
      tab.addEventListener("keydown", (event) => {
        const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
        const forward = getComputedStyle(box).direction === "rtl" ? -step : step;
        const to = event.key === "Home" ? 0 : event.key === "End" ? panels.length - 1
          : step ? (i + forward + panels.length) % panels.length : -1;
        if (to < 0) return;
        event.preventDefault();
        show(to);
        handles[to]?.focus();
      });
      bar.append(tab);
      return tab;
    });
    const show = (chosen: number): void => {
      panels.forEach((panel, i) => (panel.hidden = i !== chosen));
      handles.forEach((tab, i) => {
        tab.setAttribute("aria-selected", String(i === chosen));
        tab.tabIndex = i === chosen ? 0 : -1;
      });
    };
    box.prepend(bar);
    // An address that points into a panel opens it.
    const open = (): void => {
      const target = location.hash.length > 1 ? document.getElementById(decodeURIComponent(location.hash.slice(1))) : null;
      const i = target ? panels.findIndex((panel) => panel.contains(target)) : -1;
      if (i >= 0) {
        show(i);
        target?.scrollIntoView();
      }
    };
    show(0);
    open();
    window.addEventListener("hashchange", open);
  }
}
