/**
 * A statement as cmi5 wants it. In go a statement as a site records it and what the launch said; out comes the same one
 * for the platform's eyes: its learner, its enrolment, all of its context template; and where it is the verdict on the
 * course, a "cmi5 defined" statement about the launched activity. Pure.
 *
 * It is dressed anew each time it is sent: what a lost session left behind goes out under the id of the next one.
 */
import { isRow, list, type Row } from "../json";
import type { Launch } from "./launch";
import { extension, type Activity, type Statement } from "../statements";

const cmi5 = "https://w3id.org/xapi/cmi5/context/";
const verbs = "http://adlnet.gov/expapi/verbs/";

/** The parts of LMS.LaunchData that are used. */
export interface LaunchData {
  contextTemplate: Row;
  launchMode: string;
  masteryScore?: number;
  returnURL?: string;
}

export interface Ticket { launch: Launch; data: LaunchData }

/**
 * Whether "passed" or "failed" is what the platform says too. It may ask for another share than the course does: a verdict
 * that disagrees with it is told as the course's own, never as the platform's.
 */
export function agreed(what: string, { result }: Statement, mastery = NaN): boolean {
  const scaled = result?.score?.scaled ?? NaN;
  // Where one of the two is not there, both comparisons say no.
  return !(what === "passed" ? scaled < mastery : scaled >= mastery);
}

/** The verdict on what was launched, as its verb; undefined for what cmi5 leaves open. */
export function verdict(s: Statement, mastery?: number): "completed" | "passed" | "failed" | undefined {
  const verb = s.verb.id.slice(verbs.length);
  if (!s.object.definition?.type?.endsWith("/course") || (verb !== "completed" && verb !== "passed" && verb !== "failed")) return;
  return verb === "completed" || agreed(verb, s, mastery) ? verb : undefined;
}

/** `since` is when the session began: the duration where the statement has none. */
export function dressed(s: Statement, { launch: { actor, activity, registration }, data }: Ticket, since: number): Row {
  const what = verdict(s, data.masteryScore);
  const own = s.context.registration;
  const out: Row = { ...s, actor, context: within(s.context, data.contextTemplate, registration, what && "moveon") };
  const context = out.context as { extensions: Row };
  // The attempt at a quiz, which a site's records have as their registration.
  if (own !== registration) context.extensions[extension(s.actor.account.homePage, "attempt")] = own;
  if (!what) return out;
  const result: Row = { duration: s.result?.duration ?? duration(Date.parse(s.timestamp) - since) };
  if (what === "completed") result.completion = true;
  else {
    result.success = what === "passed";
    if (s.result?.score) {
      result.score = s.result.score;
      if (data.masteryScore !== undefined) context.extensions[cmi5 + "extensions/masteryscore"] = data.masteryScore;
    }
  }
  return { ...out, object: { objectType: "Activity", id: activity }, result };
}

/** initialized and terminated: they belong to the session, not to the course. */
export function framing(verb: "initialized" | "terminated", id: string, at: number, ticket: Ticket, since: number): Row {
  return {
    id, timestamp: new Date(at).toISOString(), actor: ticket.launch.actor, verb: { id: verbs + verb, display: { en: verb } },
    object: { objectType: "Activity", id: ticket.launch.activity },
    context: within({}, ticket.data.contextTemplate, ticket.launch.registration, ""),
    ...(verb === "terminated" ? { result: { duration: duration(at - since) } } : {}),
  };
}

/** A context with all of the template in it. `defined`: undefined where cmi5 does not define the statement; else its further category. */
function within(ours: Row, template: Row, registration: string, defined?: string): Row {
  const copy = JSON.parse(JSON.stringify(template)) as Row;
  const around: Row = isRow(copy.contextActivities) ? copy.contextActivities : {};
  const categories = defined === undefined ? [] : ["cmi5", defined].filter((c) => c).map((c) => ({ objectType: "Activity", id: `${cmi5}categories/${c}` }));
  const add = (to: string, more: unknown): void => {
    const there = isRow(around[to]) ? [around[to]] : list(around[to]);
    const fresh = list(more).filter((a) => !there.some((b) => (b as Activity).id === (a as Activity).id));
    if (fresh.length) around[to] = [...there, ...fresh];
  };
  for (const [to, more] of Object.entries(isRow(ours.contextActivities) ? ours.contextActivities : {})) add(to, more);
  add("category", categories);
  return {
    ...ours, ...copy, registration, contextActivities: around,
    extensions: { ...(isRow(ours.extensions) ? ours.extensions : {}), ...(isRow(copy.extensions) ? copy.extensions : {}) },
  };
}

/** Hundredths of a second, as cmi5 asks; a clock that was set back gives 0. */
function duration(milliseconds: number): string {
  return `PT${Math.max(0, Math.round(milliseconds / 10) / 100)}S`;
}
