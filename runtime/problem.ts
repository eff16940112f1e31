/** Why nothing goes out, said so that somebody can act on it. Pure. */
import type { Stop } from "./outbox";

/** The key of the words. The browser never tells offline, CORS and mixed content apart; whoever knows of offline says that. */
export function problemKey(stop: Stop, here: { address: string; endpoint: string }): string {
  if (stop !== "unreachable") return `unsent.${stop}`;
  if (here.address.startsWith("file:")) return "unsent.disk";
  if (here.address.startsWith("https:") && /^http:\/\/(?!localhost|127\.)/.test(here.endpoint)) return "unsent.mixed";
  return "unsent.unreachable";
}
