/**
 * xAPI statements as values. In go a scene (site, learner, language, course), what happened, and the time; out comes a
 * statement that is never changed afterwards. Pure: no DOM, no clock, no storage.
 *
 * An id is derived where a thing can happen once an attempt (initialized, completed, passed, failed): two tabs, a double
 * click or a page out of the back-forward cache then make the same statement, and a record store keeps one.
 */
import type { Interaction, PageData } from "./contract";
import { uuid5 } from "./uuid";

export interface Activity {
  objectType: "Activity";
  id: string;
  definition?: { type?: string; name?: Record<string, string>; [more: string]: unknown };
}

export interface Score { scaled: number; raw: number; min: number; max: number }

export interface Result {
  score?: Score;
  success?: boolean;
  completion?: boolean;
  response?: string;
  duration?: string;
  extensions?: Record<string, unknown>;
}

export interface Statement {
  id: string;
  timestamp: string;
  actor: { objectType: "Agent"; account: { homePage: string; name: string } };
  verb: { id: string; display: Record<string, string> };
  object: Activity;
  result?: Result;
  context: {
    registration: string;
    language: string;
    platform: string;
    contextActivities: { parent?: Activity[]; grouping?: Activity[]; category: Activity[] };
    extensions?: Record<string, unknown>;
  };
}

const verbs = {
  initialized: "http://adlnet.gov/expapi/verbs/initialized",
  experienced: "http://adlnet.gov/expapi/verbs/experienced",
  answered: "http://adlnet.gov/expapi/verbs/answered",
  skipped: "http://id.tincanapi.com/verb/skipped",
  responded: "http://adlnet.gov/expapi/verbs/responded",
  progressed: "http://adlnet.gov/expapi/verbs/progressed",
  completed: "http://adlnet.gov/expapi/verbs/completed",
  passed: "http://adlnet.gov/expapi/verbs/passed",
  failed: "http://adlnet.gov/expapi/verbs/failed",
} as const;

export type Verb = keyof typeof verbs;

const types = {
  course: "http://adlnet.gov/expapi/activities/course",
  lesson: "http://adlnet.gov/expapi/activities/lesson",
  quiz: "http://adlnet.gov/expapi/activities/assessment",
  case: "http://adlnet.gov/expapi/activities/simulation",
  question: "http://adlnet.gov/expapi/activities/cmi.interaction",
} as const;

/** Once an attempt, whatever happens. */
const once: readonly Verb[] = ["initialized", "completed", "passed", "failed", "skipped"];

export interface Scene {
  site: string;
  learner: string;
  lang: string;
  course?: { id: string; title: string };
}

export function sceneOf(page: PageData, learner: string): Scene {
  const scene: Scene = { site: page.site.id, learner, lang: page.lang };
  if (page.course) scene.course = { id: page.course.id, title: page.course.title };
  return scene;
}

export interface Happening {
  verb: Verb;
  object: Activity;
  /** The attempt: of a quiz or a case, or of the course as a whole. */
  attempt: string;
  /** What the object is part of, when not the course itself. */
  parent?: Activity;
  result?: Result;
  /** Competencies, "people-first:2". */
  tests?: string[];
}

/** fresh is a new UUID, taken where the statement's id is not derived. */
export function statement(scene: Scene, what: Happening, at: Date, fresh: string): Statement {
  const course = scene.course && what.object.id !== scene.course.id
    ? activity(scene.course.id, "course", scene.course.title, scene.lang) : null;
  const around: Statement["context"]["contextActivities"] = {
    category: [{ objectType: "Activity", id: profile(scene.site), definition: { type: "http://adlnet.gov/expapi/activities/profile" } }],
  };
  const parent = what.parent ?? course;
  if (parent) around.parent = [parent];
  if (course) around.grouping = [course];
  const out: Statement = {
    id: once.includes(what.verb) ? uuid5(what.attempt, `${what.verb} ${what.object.id}`) : fresh,
    timestamp: at.toISOString(),
    actor: { objectType: "Agent", account: { homePage: scene.site, name: scene.learner } },
    verb: { id: verbs[what.verb], display: { en: what.verb } },
    object: what.object,
    context: { registration: what.attempt, language: scene.lang, platform: "Sopan", contextActivities: around },
  };
  if (what.result) out.result = what.result;
  if (what.tests?.length) out.context.extensions = { [extension(scene.site, "competencies")]: what.tests };
  return out;
}

/** The id of the profile that says which verbs, activities and extensions a site's records use. */
export function profile(site: string): string {
  return joined(site, "profile");
}

export function extension(site: string, name: string): string {
  return joined(site, "profile/" + name);
}

function joined(site: string, path: string): string {
  return /[/:#]$/.test(site) ? site + path : `${site}/${path}`;
}

export function activity(id: string, type: keyof typeof types, name: string, lang: string): Activity {
  return { objectType: "Activity", id, definition: { type: types[type], name: { [lang]: name } } };
}

/** A question as an interaction activity (assessment in the page to xAPI's cmi.interaction). */
export function question(id: string, ask: string, lang: string, interaction: Interaction): Activity {
  const definition: NonNullable<Activity["definition"]> = { type: types.question, interactionType: interaction.interactionType };
  if (ask) definition.name = { [lang]: ask };
  if (interaction.correctResponsesPattern) definition.correctResponsesPattern = interaction.correctResponsesPattern;
  for (const part of ["choices", "scale", "source", "target", "steps"] as const) {
    const entries = interaction[part];
    if (entries) definition[part] = entries.map((e) => ({ id: e.id, description: { [lang]: e.text } }));
  }
  return { objectType: "Activity", id, definition };
}

/** share of max marks. Below 0 only under a guess penalty. */
export function score(raw: number, max: number): Score {
  return { scaled: max > 0 ? rounded(Math.max(-1, Math.min(1, raw / max))) : 0, raw: rounded(raw), min: Math.min(0, rounded(raw)), max };
}

/** Four places: below that lies only the noise of binary fractions. */
function rounded(x: number): number {
  return Math.round(x * 1e4) / 1e4 || 0;
}

/** ISO 8601, in seconds. A clock that was set back gives none. */
export function duration(milliseconds: number): string | undefined {
  return milliseconds >= 0 ? `PT${Math.round(milliseconds / 1000)}S` : undefined;
}

/** An attempt's id: the same in every tab of a learner, a new one for each number. */
export function attemptId(learner: string, activityId: string, number: number): string {
  return uuid5(learner, `${activityId} ${number}`);
}
