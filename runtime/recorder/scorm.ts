/**
 * A SCORM session. What stands in the notebook is what the LMS is told: after each change, a moment later, the whole state
 * is written down (pack.ts, plain.ts), the verdict worked out, and what has changed of it is set and committed. Nothing is told as an
 * event but single answers, so that nothing is lost with a call that failed: the next one says it all.
 *
 * The device keeps its own copy, as on a site. When the learner comes back, the newer of the two is taken, by a counter,
 * not by a clock; what was done stays done; and where the LMS began a new attempt, so does the device.
 *
 * The adapters that are out there differ from the standard and from each other: true for "true", the value for "true", ""
 * and an error for what was never set, an API that comes late or sits behind a frame of another site. What a call gives is
 * therefore read as kindly as can be; what is set keeps to the letter. The two versions differ in a Dialect.
 */
import type { CompleteRule, Interaction, ItemType } from "../contract";
import type { Happening } from "../happening";
import { isRow } from "../json";
import type { Change } from "../store";
import { uuid } from "../uuid";
import { verdict, type Stand, type Told, type Verdict } from "../verdict";
import { hash } from "./bits";
import type { OpenNotes } from "./notes";
import type { KnownData, State } from "./pack";
import { shell } from "./shell";

declare global {
  interface Window {
    /** Set by the script beside the course's own. */
    sopanKnown?: KnownData;
  }
}

type Api = Record<string, ((...given: string[]) => unknown) | undefined>;

export type Values = Record<string, string | number | undefined>;

/** What SCORM 1.2 and 2004 do not share. */
export interface Dialect {
  /** The object to find, what the names of its functions begin with, and the function that ends a session. */
  api: string;
  calls: string;
  finish: string;
  /** What the names of elements begin with, and those that are called otherwise. */
  core: string;
  learner: string;
  lang: string;
  location: string;
  mode: string;
  /** Characters of suspend_data, and what stands in them. */
  most: number;
  notes: OpenNotes;
  /** What the LMS has of the verdict. */
  told(get: (key: string) => string): Told;
  /** What to set for a verdict; undefined stays as it is. */
  judged(v: Verdict, get: (key: string) => string): Values;
  time(milliseconds: number): string;
  /** An answer; undefined where it cannot be said in the standard's forms. */
  answer(h: Happening, of: Interaction & { response: string }, lang: string): Values | undefined;
}

/** How long an API that is not there yet is waited for, in milliseconds. */
const patience = 5000;

/** A learner who ticks three boxes causes one call; a call that failed is made again. */
const [moment, again] = [1000, 15_000];

/** SCORM 2004 asks an LMS to keep so many interactions, and 1.2 leaves it to the LMS. */
const mostAnswers = 250;

export function scorm(d: Dialect): void {
  void shell(async (data, tell) => {
    const api = await waitedFor(d.api);
    const call = (name: string, ...given: string[]): string => {
      try {
        return String(api[d.calls + name]?.(...given) ?? "");
      } catch {
        return "false";
      }
    };
    const get = (key: string): string => call("GetValue", key);
    const has: Values = {};
    /** False where the LMS said so. What it has is not said again. */
    const set = (values: Values): boolean => {
      let well = true;
      for (const [key, value] of Object.entries(values)) {
        if (value === undefined || has[key] === value) continue;
        if (call("SetValue", key, String(value)) === "false") well = false;
        else has[key] = value;
      }
      return well;
    };

    const began = Date.now();
    const open = call("Initialize", "");
    let id = get(d.learner);
    // Some say false when the page was loaded again within their session. With others that has ended it: what is learnt now is
    // kept on the device for the same learner, and told when the LMS opens the course again.
    const over = open === "false" && !id;
    if (over) {
      id = reloaded();
      if (!id) throw new Error("no session");
      tell("shell.over");
    }
    const site = data.site.id;
    // Without an id two learners of one device must not meet; what the LMS kept is found all the same.
    const name = id || String(Math.random());
    const learner = uuid(Array.from({ length: 16 }, (_, i) => hash(`${i} ${site} ${name}`) & 255), 8);
    const whose = `${site} ${learner} ${data.course.key} `;
    const prefix = `state ${whose}`; // as notebook.ts has it
    const memory = `lms ${whose}${data.module ?? ""} `;
    // Whoever looks back at a finished attempt, or only looks, changes nothing.
    const passing = /^(browse|review)$/.test(get(d.mode));
    if (!over) remember(passing ? "" : id);
    const notes = d.notes(window.sopanKnown as KnownData, data.items, data.packer, () => {
      if (synced < state.revision) save();
    });
    const course = window.sopanCourse as { items: [string, ItemType][]; complete: CompleteRule };
    const items = course.items.map(([key, type]) => ({ key, type })).filter(({ key }) => data.items?.includes(key) ?? true);

    const state: State = { attempt: 0, revision: 0, rows: new Map() };
    /** The last revision that the LMS took. */
    let synced = 0;
    let timer = 0;
    /** What was kept is laid out, and the session is not over: the LMS may be told. */
    let laid = false;
    let place: string | undefined;
    let answers: Values[] = [];
    let count = Number(get("cmi.interactions._count")) || 0;

    const later = (wait: number): void => {
      window.clearTimeout(timer);
      timer = window.setTimeout(save, wait);
    };

    const save = (): void => {
      window.clearTimeout(timer);
      // What could not be read is not to be told as nothing; and a browser says that a page is hidden after it said that it goes.
      if (!laid) return;
      const { revision } = state;
      let well = true;
      if (synced < revision) {
        const written = notes.write(state, d.most);
        well = !!written && set({ "cmi.suspend_data": written.text });
        tell(written?.left.length ? "shell.left" : "");
      }
      const v = verdict(course.complete, items, (key) => (state.rows.get(`item ${key}`) ?? null) as Stand | null, d.told(get));
      const raw = v.scaled === undefined ? undefined : Math.round(v.scaled * 1e4) / 100;
      const score = `${d.core}score.`;
      well = set({
        ...(raw === undefined ? {} : { [score + "min"]: 0, [score + "max"]: 100, [score + "raw"]: raw }), ...d.judged(v, get),
        [d.location]: place, [d.core + "session_time"]: d.time(Date.now() - began),
      }) && well;
      // An answer that an LMS does not take must not hold up the rest.
      for (const values of answers) {
        for (const [field, value] of Object.entries(values)) set({ [`cmi.interactions.${count}.${field}`]: value });
        count++;
      }
      answers = [];
      if (call("Commit", "") !== "false" && well) {
        synced = revision;
        try {
          // At once, for the page may be on its way out; the database takes it over when it is opened next.
          localStorage.setItem(`sopan:row:${memory}synced`, JSON.stringify([state.attempt, synced]));
        } catch {
          // Then it is told again what it has.
        }
      } else {
        tell("shell.unsaved");
        later(again);
      }
    };

    addEventListener("visibilitychange", () => {
      if (document.hidden && synced < state.revision) save();
    });

    return {
      learner, wanted: [get(d.lang)], passing,
      async restore(keep) {
        const kept = get("cmi.suspend_data");
        const there = await notes.read(kept);
        const local = new Map((await keep.read(prefix)).map(([key, value]) => [key.slice(prefix.length), value] as const));
        const noted = new Map(await keep.read(memory));
        // Both are ours: an attempt and a revision.
        const pair = (end: string): [number, number] => (noted.get(memory + end) ?? [0, 0]) as [number, number];
        const [attempt, revision] = pair("state");
        const [of, last] = pair("synced");
        const taken = of === attempt ? last : 0;
        // What the device has is of an earlier attempt: the LMS began another, or has one that began elsewhere.
        const past = there ? taken > 0 && there.attempt !== attempt : !kept && revision > 0 && taken >= revision && get(d.core + "entry") === "ab-initio";
        const drop = [...local.keys()].filter((key) => past && notes.knows(key));
        for (const key of drop) local.delete(key);
        const here = past ? 0 : revision;
        const newer = there && there.revision > here;
        const [older, rows] = newer ? [local, there.rows] : [there?.rows ?? local, local];
        const merged = new Map([...older, ...rows]);
        for (const [key, row] of older) {
          const now = merged.get(key);
          if (isRow(row) && row.state === "done" && isRow(now) && now.state === "started") merged.set(key, { ...now, state: "done" });
        }
        for (const [key, value] of merged) if (notes.knows(key)) state.rows.set(key, value);
        state.attempt = there?.attempt ?? ((!past && attempt) || 1 + Math.floor(Math.random() * 65535));
        synced = there?.revision ?? 0;
        // What both had a part in is told again.
        state.revision = Math.max(here, synced) + Number(!!newer && here > taken);
        const remembered = (): [string, unknown] => [memory + "state", [state.attempt, state.revision]];
        const put = [...state.rows].filter(([key, value]) => local.get(key) !== value).map(([key, value]): [string, unknown] => [prefix + key, value]);
        await keep.write({ drop: drop.map((key) => prefix + key), put: [...put, remembered()] });
        if (passing) return;
        const write = keep.write.bind(keep);
        keep.write = (change: Change) => {
          const { revision } = state;
          for (const [key, value] of change.put ?? []) {
            const end = key.slice(prefix.length);
            if (!key.startsWith(prefix)) continue;
            state.rows.set(end, value);
            state.revision = revision + 1;
            // ASCII, as SCORM 1.2 wants it: an id may be of any script.
            if (end.startsWith("item ")) place = escape(end.slice(5)).slice(0, 255);
          }
          for (const key of change.drop ?? []) if (state.rows.delete(key.slice(prefix.length))) state.revision = revision + 1;
          if (state.revision === revision) return write(change);
          later(moment);
          return write({ ...change, put: [...(change.put ?? []), remembered()] });
        };
        if (over) return;
        laid = true;
        later(0);
      },
      open: ({ lang }) => ({
        lines(happened) {
          for (const h of passing ? [] : happened) {
            const of = h.question?.interaction;
            const response = of?.response;
            const values = of && response !== undefined && d.answer(h, { ...of, response }, lang);
            if (values && count + answers.length < mostAnswers) answers.push(values);
          }
          return [];
        },
        kept: () => undefined,
        attach: () => undefined,
        send: async () => save(),
      }),
      end() {
        window.clearTimeout(timer);
        if (over) return;
        if (!passing) {
          set({ [d.core + "exit"]: "suspend" });
          save();
          laid = false;
          window.clearTimeout(timer);
        }
        call(d.finish, "");
      },
    };
  });
}

const learnerKey = `sopan ${location.pathname}`;

/** Who learns on this page, for as long as its tab is open. */
function remember(id: string): void {
  try {
    sessionStorage.setItem(learnerKey, id);
  } catch {
    // Storage is shut off: nothing outlives a reload.
  }
}

/** Who learned on this page before it was loaded anew; "" where it was not. */
function reloaded(): string {
  const [how] = performance.getEntriesByType("navigation") as PerformanceNavigationTiming[];
  try {
    return (how?.type === "reload" && sessionStorage.getItem(learnerKey)) || "";
  } catch {
    return "";
  }
}

async function waitedFor(name: string): Promise<Api> {
  for (const end = Date.now() + patience; ; ) {
    const api = find(name);
    if (api) return api;
    if ((window.parent === window && !window.opener) || Date.now() > end) throw new Error(`no ${name}`);
    await new Promise((later) => setTimeout(later, 100));
  }
}

/** In the windows around this one, in the one that opened it or them, and around that. */
function find(name: string): Api | undefined {
  const opener = (of: Window | null): Window | null => of && (of.opener as Window | null);
  for (let at of [window, opener(window), opener(window.top)]) {
    for (let i = 0; at && i < 40; i++) {
      try {
        const api = (at as unknown as Record<string, Api | undefined>)[name];
        if (api) return api;
      } catch {
        // Another site's window cannot be looked into; what is around it can.
      }
      at = at.parent === at ? null : at.parent;
    }
  }
  return undefined;
}

/** A text that SCORM takes for an id: ASCII, without spaces. */
export function ascii(id: string, wild: RegExp): string {
  return encodeURIComponent(id).replace(wild, "_").slice(0, 250);
}
