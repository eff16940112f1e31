/**
 * A lesson is done when its end was on the screen and some of its reading time has passed with the page in view, or
 * when the reader says so with the button at its end, which is there for those who do not scroll. A reader who comes back
 * finds the place where they stopped.
 */
import type { Desk } from "./desk";
import { button, el, find, findAll } from "./dom";
import type { Thing } from "./happening";
import { say } from "./say";

/** The least time in view, in seconds, before reaching the end counts as having read: 15 % of the reading time, 5 to 90 s. */
export function leastSeconds(minutes: number | undefined): number {
  return Math.max(5, Math.min(90, (minutes ?? 0) * 60 * 0.15));
}

export function followLesson(desk: Desk): void {
  const { item } = desk.page;
  const body = find("main .prose") ?? find("main");
  if (!item || !body) return;
  const of: Thing = { id: item.id, type: "lesson", name: item.title };
  let seen = 0;
  let since = document.hidden ? 0 : Date.now();
  let atEnd = false;
  const state = () => desk.book.item(item.key);

  if (!state()) void desk.keepItem(item.key, "lesson", { state: "started" }, [], [{ what: "initialized", of }]);
  else resume();

  const line = find(".lesson-end") ?? body.appendChild(el("p", { class: "lesson-end scripted" }));
  const done = button("", "button done-button", () => finish());
  const said = el("span", { class: "done-said", role: "status" });
  line.append(done, " ", said);
  draw(false);
  // It may have been read in another tab.
  desk.onRefresh.push(() => draw(false));

  function draw(fresh: boolean): void {
    const is = state()?.state === "done";
    // The button keeps its place and its focus: what changes are its words and its state.
    done.textContent = say(is ? "lesson.done" : "lesson.mark");
    done.setAttribute("aria-disabled", String(is));
    done.classList.toggle("is-done", is);
    if (fresh) said.textContent = say("lesson.saved");
  }

  function spent(): number {
    return seen + (since ? Math.max(0, Date.now() - since) : 0);
  }

  function finish(): void {
    if (state()?.state === "done") return;
    void desk.keepItem(item!.key, "lesson", { state: "done" }, [], [{ what: "completed", of, milliseconds: spent() }])
      .then(() => draw(true));
  }

  let again = state()?.state === "done";
  const due = (): void => {
    const left = leastSeconds(item.minutes) * 1000 - spent();
    if (!atEnd || (!again && state()?.state === "done")) return;
    if (left > 0) {
      if (since) window.setTimeout(due, left + 50);
    } else if (again) {
      // Read once more: that is told, too, and changes nothing.
      again = false;
      void desk.keep([], [{ what: "experienced", of, milliseconds: spent() }]);
    } else finish();
  };
  if ("IntersectionObserver" in window) {
    new IntersectionObserver((entries) => {
      atEnd = atEnd || entries.some((entry) => entry.isIntersecting);
      due();
    }).observe(line);
  }
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) {
      seen = spent();
      since = 0;
    } else {
      since = Date.now();
      due();
    }
  });

  // The place is an anchor and the pixels below it: it holds when text size, window or an edited text above change.
  let timer = 0;
  window.addEventListener("scroll", () => {
    window.clearTimeout(timer);
    timer = window.setTimeout(keepPlace, 800);
  }, { passive: true });

  function anchors(): HTMLElement[] {
    return findAll("h1[id],h2[id],h3[id]", body!);
  }

  function keepPlace(): void {
    const now = state();
    if (!now || !item) return;
    let anchor = "";
    let top = 0;
    for (const heading of anchors()) {
      const y = heading.getBoundingClientRect().top;
      if (y > 8) break;
      anchor = heading.id;
      top = y;
    }
    const place = { anchor, offset: anchor ? Math.round(-top) : Math.round(window.scrollY) };
    void desk.keep([desk.book.setItem(item.key, { ...now, place })]);
  }

  function resume(): void {
    const place = state()?.place;
    // An address with an anchor, and the browser's own restoring, come first.
    if (!place || state()?.state === "done" || location.hash || window.scrollY > 0) return;
    const heading = anchors().find((h) => h.id === place.anchor);
    const top = heading ? heading.getBoundingClientRect().top + window.scrollY : 0;
    window.scrollTo(0, top + place.offset);
  }
}
