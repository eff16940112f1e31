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

/** Types that the vocabulary calls otherwise. */
const types: { [type in Thing["type"]]?: string } = { quiz: "assessment", case: "simulation" };

/** No other name is part of one of these. */
const once = "initialized completed passed failed skipped";

export interface Scene {
  site: string;
  learner: string;
  lang: string;
  course?: Thing | undefined;
}

/** fresh is a new UUID, taken where the statement's id is not derived. */
export function statement(scene: Scene, h: Happening, at: Date, fresh: string): Statement {
  const { site, learner, lang, course } = scene;
  const { what, of, question: asked } = h;
  const registration = attemptId(learner, h.attempt ? of.id : course?.id ?? site, h.attempt || 1);
  const item = activity(of, lang);
  const object = asked ? question(within(of.id, asked.id), asked, lang) : item;
  const grouping = course && of.id !== course.id ? [activity(course, lang)] : undefined;
  return whole({
    id: once.includes(what) ? uuid5(registration, `${what} ${object.id}`) : fresh,
    timestamp: at.toISOString(),
    actor: { objectType: "Agent", account: { homePage: site, name: learner } },
    verb: { id: what === "skipped" ? "http://id.tincanapi.com/verb/skipped" : `${adl}verbs/${what}`, display: { en: what } },
    object,
    context: {
      registration, language: lang, platform: "Sopan",
      contextActivities: {
        category: [known(profile(site), "profile")],
        grouping, parent: asked ? [item] : grouping,
      },
      extensions: some({
        [extension(site, "competencies")]: h.tests?.length ? h.tests : undefined,
        [extension(site, "answered-as")]: h.as || undefined,
      }),
    },
    result: resultOf(h, site),
  });
}

type Parts = Record<string, unknown>;

/** Without what is undefined: a store of the browser would keep that, and a statement has none of it. */
function whole(statement: Parts): Statement {
  return JSON.parse(JSON.stringify(statement)) as Statement;
}

/** undefined where there is nothing in it. */
function some(parts: Parts): Parts | undefined {
  return Object.values(parts).some((part) => part !== undefined) ? parts : undefined;
}

function resultOf(h: Happening, site: string): Parts | undefined {
  const { what, raw, max, milliseconds: lasted } = h;
  const { response, certainty } = h.question?.interaction ?? {};
  const ended = what === "passed" || what === "failed";
  // A text that learners mark themselves is outside of the marks: a score out of none is no score, and stores refuse it.
  const marks = raw !== undefined && max ? score(raw, max)
    : h.scaled !== undefined && what !== "progressed" ? { scaled: rounded(h.scaled) } : undefined;
  return some({
    response,
    success: ended ? what === "passed" : h.success,
    // A course that was not passed is not completed; an attempt at a quiz that was not passed is over.
    completion: what === "completed" || (ended && (what === "passed" || h.of.type !== "course")) || undefined,
    // A clock that was set back since gives no duration.
    duration: lasted !== undefined && lasted >= 0 ? `PT${Math.round(lasted / 1000)}S` : undefined,
    score: marks,
    extensions: some({
      // Computed in the learner's browser: a report must be able to say so.
      [extension(site, "self-reported")]: marks && true,
      [extension(site, "certainty")]: certainty,
      [extension(site, "points")]: h.points,
      // As cmi5 has it.
      "https://w3id.org/xapi/cmi5/result/extensions/progress": h.percent,
    }),
  });
}

/** IRI of the profile that says which verbs, activities and extensions a site's records use. */
export function profile(site: string): string {
  return within(site, "profile");
}

export function extension(site: string, name: string): string {
  return within(profile(site), name);
}

/** An IRI below another, as its scheme's syntax wants: as builder/page/data.go joins the ids of activities. */
export function within(iri: string, name: string): string {
  return iri.replace(/\/$/, "") + (iri.startsWith("urn:") ? ":" : "/") + name;
}

function activity(thing: Thing, lang: string): Activity {
  return known(thing.id, types[thing.type] ?? thing.type, { name: { [lang]: thing.name } });
}

/** An activity of a type that ADL's vocabulary has. */
function known(id: string, type: string, more: Parts = {}): Activity {
  return { objectType: "Activity", id, definition: { type: `${adl}activities/${type}`, ...more } };
}

function question(id: string, q: NonNullable<Happening["question"]>, lang: string): Activity {
  const { interaction } = q;
  const { interactionType, correctResponsesPattern } = interaction;
  const parts: Parts = {};
  for (const part of ["choices", "scale", "source", "target", "steps"] as const) {
    parts[part] = interaction[part]?.map((e) => ({ id: e.id, description: { [lang]: e.text } }));
  }
  return known(id, "cmi.interaction", { interactionType, name: q.ask ? { [lang]: q.ask } : undefined, correctResponsesPattern, ...parts });
}

/** raw is below 0 only under a guess penalty; max is above it. */
export function score(raw: number, max: number): Score {
  const marks = rounded(raw);
  return { scaled: rounded(Math.max(-1, Math.min(1, raw / max))), raw: marks, min: Math.min(0, marks), max };
}

/** Four places: below that lies only the noise of binary fractions. */
function rounded(x: number): number {
  return Math.round(x * 1e4) / 1e4 || 0;
}

/** An attempt's id: the same in every tab of a learner, a new one for each number. */
export function attemptId(learner: string, activityId: string, number: number): string {
  return uuid5(learner, `${activityId} ${number}`);
}
