/**
 * The one number that a host may ask for, below its notice, which stands in the page. What is given goes into one record,
 * which ties it to this device's number; every other record stays pseudonymous. Taking it back removes it here, takes the
 * record out of the line if it still waits, and declares it void.
 */
import type { Desk } from "./desk";
import { find } from "./dom";
import { outboxPrefix, statePrefix } from "./notebook";
import { isRow } from "./parse";
import { extension, profile, type Statement } from "./statements";
import type { Line } from "./store";
import { uuid4 } from "./uuid";

const shape = /^[\p{L}\p{N}][\p{L}\p{N}./-]{0,39}$/u;

export async function ask(desk: Desk, changed: () => void): Promise<void> {
  const section = find("#ask");
  const form = section && find(".ask-form", section);
  if (!form) return;
  const { page, book } = desk;
  const { store, learner } = book;
  const site = page.site.id;
  const field = section.dataset.field ?? "";
  // Of no course: where a course's key stands is nothing.
  const key = `${statePrefix(site, learner)} given`;
  const part = (name: string): HTMLElement => find(`.ask-${name}`, section) ?? form;
  const lineKey = (id: string): string => `${outboxPrefix(site)}${learner} ${id}`;
  /** A statement of this learner, who did this with that. */
  const line = (id: string, verb: string, object: unknown, extensions: Record<string, unknown>): Line => {
    const statement = {
      id, timestamp: new Date().toISOString(),
      actor: { objectType: "Agent", account: { homePage: site, name: learner } },
      verb: { id: `http://adlnet.gov/expapi/verbs/${verb}`, display: { en: verb } },
      object,
      context: {
        language: page.lang, extensions,
        contextActivities: { category: [{ objectType: "Activity", id: profile(site), definition: { type: "http://adlnet.gov/expapi/activities/profile" } }] },
      },
    } as unknown as Statement;
    return { key: () => lineKey(id), value: (place) => ({ place, statement }) };
  };
  const draw = async (): Promise<void> => {
    const given = (await store.read(key))[0]?.[1];
    const is = isRow(given);
    form.hidden = is;
    part("given").hidden = !is;
    const value = find("strong", part("given"));
    if (value) value.textContent = is ? String(given.value) : "";
    changed();
  };

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const value = (find<HTMLInputElement>("input", form)?.value ?? "").trim();
    const right = shape.test(value);
    part("wrong").hidden = right;
    if (!right) return;
    const record = uuid4();
    const basis = section.dataset.basis ?? "";
    const given = line(record, "registered", { objectType: "Activity", id: site, definition: { name: { [page.lang]: page.site.title } } },
      { [extension(site, field)]: value, [extension(site, "basis")]: basis });
    void store.write({ put: [[key, { field, value, basis, record, at: new Date().toISOString() }]], append: [given] }).then(async () => {
      await draw();
      part("given").focus();
      desk.recorder?.kept();
    });
  });
  part("withdraw").addEventListener("click", () => void (async () => {
    const given = (await store.read(key))[0]?.[1];
    const record = isRow(given) ? String(given.record) : "";
    await store.write({ drop: [key, lineKey(record)], append: [line(uuid4(), "voided", { objectType: "StatementRef", id: record }, {})] });
    await draw();
    find("h2", section)?.focus();
    desk.recorder?.kept();
  })());
  await draw();
}
