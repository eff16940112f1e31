/** The shell's script in a package for SCORM 2004, 4th edition: completion and success apart, answers by their ids. */
import { plain } from "./plain";
import { ascii, scorm } from "./scorm";

/** An answer's parts, each an id that the standard takes; texts and numbers stay as they are. */
function response(type: string, said: string): string | undefined {
  if (type === "numeric") return /^-?\d{1,10}(\.\d{1,7})?$/.test(said) ? said : undefined;
  if (type === "long-fill-in") return said.slice(0, 4000);
  if (type === "fill-in") return said.split("[,]").slice(0, 10).map((text) => text.slice(0, 250)).join("[,]");
  return said.split("[,]").map((pair) => pair.split("[.]").map((id) => ascii(id, /~/g)).join("[.]")).join("[,]");
}

scorm({
  api: "API_1484_11", calls: "", finish: "Terminate", core: "cmi.",
  learner: "cmi.learner_id", lang: "cmi.learner_preference.language", location: "cmi.location", mode: "cmi.mode",
  most: 64_000, notes: plain,
  told: (get) => ({ completed: get("cmi.completion_status") === "completed", passed: get("cmi.success_status") === "passed" }),
  judged: (v) => ({
    "cmi.score.scaled": v.scaled && Math.round(v.scaled * 1e4) / 1e4,
    "cmi.progress_measure": v.of ? Math.round((v.done / v.of) * 1e4) / 1e4 : undefined,
    "cmi.completion_status": v.completed ? "completed" : "incomplete",
    "cmi.success_status": v.success === "unknown" ? undefined : v.success,
  }),
  time: (milliseconds) => `PT${Math.max(0, Math.round(milliseconds / 1000))}S`,
  answer(h, of, lang) {
    const said = response(of.interactionType, of.response);
    const ask = h.question?.ask.slice(0, 200);
    return said === undefined ? undefined : {
      id: encodeURI(`${h.of.id}/${h.question?.id ?? ""}`).slice(0, 4000),
      type: of.interactionType,
      timestamp: new Date().toISOString().slice(0, 22) + "Z",
      weighting: h.max,
      learner_response: said,
      result: h.success === undefined ? "neutral" : h.success ? "correct" : "incorrect",
      description: ask && `{lang=${lang}}${ask}`,
    };
  },
});
