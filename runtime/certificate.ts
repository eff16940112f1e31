/**
 * The script of a course's certificate. It is shown once the course's rule is met, to the learner of this device, and is
 * theirs to print. It claims no more than it knows: nothing on it is signed. The name stays on the device.
 */
import type { Desk } from "./desk";
import { el, fill, find } from "./dom";
import { readLearners, writeLearners } from "./learner";
import type { Thing } from "./happening";
import type { ItemState } from "./notebook";
import { count } from "./say";
import { statement } from "./statements";
import { verdict } from "./verdict";

void window.sopan?.ready.then((desk) => certificate(desk));

function certificate(desk: Desk): void {
  const { page, book } = desk;
  const { course } = page;
  const { store, site } = book;
  const sheet = find("section.certificate");
  const form = find<HTMLFormElement>(".certificate-form");
  const open = find(".certificate-open");
  if (!course || !sheet || !form || !open) return;
  const stateOf = (key: string): ItemState | null => book.item(key);
  const state = book.courseState();
  const { completed: done, scaled } = verdict(course.complete, course.items, stateOf, state);
  open.hidden = done;
  sheet.hidden = form.hidden = !done;
  if (!done) return;

  const put = (part: string, ...words: (Node | string)[]): void => {
    const place = find(`[data-part=${part}]`, sheet);
    if (place) fill(place, ...words);
  };
  const items = course.items.map((item) => ({ type: item.type, state: stateOf(item.key) }));
  // Before the day itself was kept: the day of the last thing done.
  const last = state.at ?? items.map((item) => item.state?.at ?? "").sort().pop() ?? "";
  const day = new Date(last);
  if (!isNaN(day.getTime())) {
    put("date", el("time", { datetime: last.slice(0, 10) }, new Intl.DateTimeFormat(page.lang === "en" ? "en-IN" : page.lang, { day: "numeric", month: "long", year: "numeric" }).format(day)));
  }
  const scores = items.flatMap((item) => (item.type === "quiz" && item.state?.scaled !== undefined ? [item.state.scaled] : []));
  const row = find("[data-row=score]", sheet);
  if (row) row.hidden = !scores.length;
  if (scaled !== undefined) {
    put("score", count("certificate.score", scores.length, { percent: `${Math.floor(scaled * 100 + 1e-6)}%` }));
  }
  const of: Thing = { id: course.id, type: "course", name: course.title };
  // The same id as the record has that was kept when the course was completed, whether records are sent or not.
  put("record", statement({ site, learner: book.learner, lang: page.lang, course: of }, { what: "completed", of }, isNaN(day.getTime()) ? new Date() : day, "").id);

  const name = find<HTMLInputElement>("input", form);
  const show = (): void => put("name", name?.value.trim() || "\u00a0");
  void readLearners(store, site).then(({ current }) => {
    if (name) name.value ||= current.name ?? "";
    show();
  });
  name?.addEventListener("input", show);
  name?.addEventListener("change", () => {
    const value = name.value.trim();
    void readLearners(store, site).then((learners) => {
      if (learners.current.id !== book.learner) return;
      return writeLearners(store, site, { ...learners, current: value ? { id: book.learner, name: value } : { id: book.learner } });
    });
  });
  find(".certificate-print", form)?.addEventListener("click", () => window.print());
}
