/**
 * xAPI statements as values. In go a scene (site, learner, language, course), what happened, and the time; out comes a
 * statement that is never changed afterwards. Pure: no DOM, no clock, no storage.
 *
 * An id is derived where a thing can happen once an attempt (initialized, completed, passed, failed, skipped): two tabs, a
 * double click or a page out of the back-forward cache then make the same statement, and a record store keeps one.
 */
import type { Happening, Thing } from "./happening";
import { uuid5 } from "./uuid5";

export interface Activity {
  objectType: "Activity";
  id: string;
  definition?: { type?: string; name?: Record<string, string>; [more: string]: unknown };
}

/** A course's is a mean of shares: it has `scaled` alone. */
export interface Score { scaled: number; raw?: number; min?: number; max?: number }

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

const adl = "http://adlnet.gov/expapi/";

const types: Record<Thing["type"], string> = {
  course: "course", lesson: "lesson", quiz: "assessment", case: "simulation",
};

const once: readonly Happening["what"][] = ["initialized", "completed", "passed", "failed", "skipped"];

export interface Scene {
  site: string;
  learner: string;
  lang: string;
  course?: Thing;
}

/** fresh is a new UUID, taken where the statement's id is not derived. */
export function statement(scene: Scene, h: Happening, at: Date, fresh: string): Statement {
  const { site, learner, lang, course } = scene;
  const registration = h.attempt ? attemptId(learner, h.of.id, h.attempt) : attemptId(learner, course?.id ?? site, 1);
  const item = activity(h.of, lang);
  const object = h.question ? question(within(h.of.id, h.question.id), h.question, lang) : item;
  const around: Statement["context"]["contextActivities"] = {
    category: [{ objectType: "Activity", id: extension(site, ""), definition: { type: adl + "activities/profile" } }],
  };
  if (course && h.of.id !== course.id) around.grouping = [activity(course, lang)];
  const parent = h.question ? [item] : around.grouping;
  if (parent) around.parent = parent;
  const out: Statement = {
    id: once.includes(h.what) ? uuid5(registration, `${h.what} ${object.id}`) : fresh,
    timestamp: at.toISOString(),
    actor: { objectType: "Agent", account: { homePage: site, name: learner } },
    verb: { id: h.what === "skipped" ? "http://id.tincanapi.com/verb/skipped" : `${adl}verbs/${h.what}`, display: { en: h.what } },
    object,
    context: { registration, language: lang, platform: "Sopan", contextActivities: around },
  };
  const result = resultOf(h, site);
  if (Object.keys(result).length) out.result = result;
  if (h.tests?.length) out.context.extensions = { [extension(site, "competencies")]: h.tests };
  if (h.as) out.context.extensions = { ...out.context.extensions, [extension(site, "answered-as")]: h.as };
  return out;
}

function resultOf(h: Happening, site: string): Result {
  const result: Result = {};
  const more: Record<string, unknown> = {};
  const response = h.question?.interaction.response;
  if (response !== undefined) result.response = response;
  if (h.what === "passed" || h.what === "failed") result.success = h.what === "passed";
  else if (h.success !== undefined) result.success = h.success;
  // A course that was not passed is not completed; an attempt at a quiz that was not passed is over.
  if (h.what === "completed" || h.what === "passed" || (h.what === "failed" && h.of.type !== "course")) result.completion = true;
  // A clock that was set back since gives no duration.
  if (h.milliseconds !== undefined && h.milliseconds >= 0) result.duration = `PT${Math.round(h.milliseconds / 1000)}S`;
  if (h.raw !== undefined && h.max !== undefined) {
    result.score = score(h.raw, h.max);
  } else if (h.scaled !== undefined && h.what !== "progressed") {
    result.score = { scaled: rounded(h.scaled) };
  }
  if (result.score) {
    // Computed in the learner's browser: a report must be able to say so.
    more[extension(site, "self-reported")] = true;
  }
  const { certainty } = h.question?.interaction ?? {};
  if (certainty !== undefined) more[extension(site, "certainty")] = certainty;
  if (h.points !== undefined) more[extension(site, "points")] = h.points;
  // As cmi5 has it.
  if (h.percent !== undefined) more["https://w3id.org/xapi/cmi5/result/extensions/progress"] = h.percent;
  if (Object.keys(more).length) result.extensions = more;
  return result;
}

/** An IRI of the profile that says which verbs, activities and extensions a site's records use; "" names the profile. */
export function extension(site: string, name: string): string {
  const whole = within(site, "profile");
  return name ? within(whole, name) : whole;
}

/** An IRI below another, as its scheme's syntax wants: as builder/page/data.go joins the ids of activities. */
export function within(iri: string, name: string): string {
  return iri.replace(/\/$/, "") + (iri.startsWith("urn:") ? ":" : "/") + name;
}

function activity(thing: Thing, lang: string): Activity {
  return { objectType: "Activity", id: thing.id, definition: { type: `${adl}activities/${types[thing.type]}`, name: { [lang]: thing.name } } };
}

function question(id: string, q: NonNullable<Happening["question"]>, lang: string): Activity {
  const { interaction } = q;
  const definition: NonNullable<Activity["definition"]> = {
    type: adl + "activities/cmi.interaction", interactionType: interaction.interactionType,
  };
  if (q.ask) definition.name = { [lang]: q.ask };
  if (interaction.correctResponsesPattern) definition.correctResponsesPattern = interaction.correctResponsesPattern;
  for (const part of ["choices", "scale", "source", "target", "steps"] as const) {
    const entries = interaction[part];
    if (entries) definition[part] = entries.map((e) => ({ id: e.id, description: { [lang]: e.text } }));
  }
  return { objectType: "Activity", id, definition };
}

/** raw is below 0 only under a guess penalty. */
export function score(raw: number, max: number): Score {
  const marks = rounded(raw);
  return { scaled: max > 0 ? rounded(Math.max(-1, Math.min(1, raw / max))) : 0, raw: marks, min: Math.min(0, marks), max };
}

/** Four places: below that lies only the noise of binary fractions. */
function rounded(x: number): number {
  return Math.round(x * 1e4) / 1e4 || 0;
}

/** An attempt's id: the same in every tab of a learner, a new one for each number. */
export function attemptId(learner: string, activityId: string, number: number): string {
  return uuid5(learner, `${activityId} ${number}`);
}
