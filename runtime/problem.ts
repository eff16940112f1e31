/** Why nothing goes out, said so that somebody can act on it. Pure. */
import type { Stop } from "./outbox";

/** The key of the words; null where there is no problem. The browser never tells offline, CORS and mixed content apart. */
export function problemKey(stop: Stop | undefined, here: { online: boolean; address: string; endpoint: string }): string | null {
  if (!stop) return null;
  if (stop !== "unreachable") return `records.${stop}`;
  if (!here.online) return "records.offline";
  if (here.address.startsWith("file:")) return "records.disk";
  if (here.address.startsWith("https:") && /^http:\/\/(?!localhost|127\.)/.test(here.endpoint)) return "records.mixed";
  return "records.unreachable";
}
