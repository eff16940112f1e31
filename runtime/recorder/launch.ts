/**
 * A launch over the network, as cmi5 and xAPI ("Tin Can") have it: the learning platform opens the package with an address
 * that says where records go, who learns and in which enrolment. In go the parameters; out come requests to the
 * experience API that are made with them. No DOM, no storage.
 */
import { isRow, type Row } from "../json";
import { request, version } from "../world";

export interface Launch {
  /** With a slash at its end. */
  endpoint: string;
  /** As the platform wrote it. */
  actor: Row;
  /** The id that the platform gave to what it launched. */
  activity: string;
  /** The learner's enrolment, a UUID; "" where the platform names none. */
  registration: string;
  /** What the Authorization header says; "" until it is known, and where there is none. */
  auth: string;
}

/** Reads the parameters; throws where the address is no launch. The names of the activity and the form of the actor differ between the two. */
export function launched(query: URLSearchParams, activity: string, actor: (value: unknown, what: string) => Row): Launch {
  const endpoint = query.get("endpoint");
  if (!endpoint) throw new Error("no launch");
  return {
    endpoint: endpoint.replace(/\/?$/, "/"), actor: actor(JSON.parse(query.get("actor")!), "actor"), activity,
    registration: query.get("registration") ?? "", auth: "",
  };
}

/** path is below the endpoint: "statements". */
export function ask({ auth, endpoint }: Launch, path: string, init: RequestInit = {}): Promise<Response> {
  return fetch(endpoint + path, {
    ...init, headers: { ...version, ...(auth ? { Authorization: auth } : {}), ...(init.headers as Record<string, string>) },
  });
}

/** Statements as JSON; with `last`, as the last thing that a page does. */
export function post(launch: Launch, statements: string[], last = false): Promise<Response> {
  return ask(launch, "statements", { ...request(`[${statements.join()}]`), keepalive: last });
}

/** A document of the State resource. */
export function stateDocument(launch: Launch, id: string, init?: RequestInit): Promise<Response> {
  const { activity, registration } = launch;
  return ask(launch, "activities/state?" + about(launch, { activityId: activity, stateId: id, ...(registration ? { registration } : {}) }), init);
}

/** Query parameters, the learner among them. */
export function about({ actor }: Launch, more: Record<string, string>): string {
  return String(new URLSearchParams({ agent: JSON.stringify(actor), ...more }));
}

/** Launchers of the first years write each property of an agent as a list, and the account's names otherwise. */
export function agent(value: unknown): Row {
  const out: Row = {};
  if (!isRow(value)) throw new Error("no actor");
  for (const [key, said] of Object.entries(value)) out[key] = Array.isArray(said) && key !== "member" ? said[0] : said;
  const { account } = out;
  if (isRow(account) && account.accountName) {
    out.account = { homePage: account.accountServiceHomePage, name: account.accountName };
  }
  return out;
}
