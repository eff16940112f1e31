/** The shell's script in a package for SCORM 1.2: lesson_status carries completion and verdict, answers are single characters. */
import type { Interaction } from "../contract";
import { plain } from "./plain";
import { ascii, scorm } from "./scorm";

const signs = "abcdefghijklmnopqrstuvwxyz0123456789";
const ranks = ["incomplete", "failed", "completed", "passed"];

/** By the place that a choice has among the choices: its id may be longer than the one character that there is. */
function response(of: Interaction & { response: string }): string | undefined {
  const said = of.response;
  const { interactionType: type, source, target, choices = of.scale } = of;
  if (type === "true-false") return said.slice(0, 1);
  if (type === "numeric") return /^-?\d+(\.\d+)?$/.test(said) ? said : undefined;
  const signed = (part: string): string => part.split("[.]")
    .map((id, i) => signs[((i ? target : source) ?? choices ?? []).findIndex((one) => one.id === id)] ?? "").join(".");
  if (source || choices) return said.split("[,]").map(signed).join();
  return said.replace(/\[,\]/g, ", ").replace(/\[\.\]/g, ".").replace(/\s/g, " ").slice(0, 255);
}

scorm({
  api: "API", calls: "LMS", finish: "Finish", core: "cmi.core.",
  learner: "cmi.core.student_id", lang: "cmi.student_preference.language", location: "cmi.core.lesson_location", mode: "cmi.core.lesson_mode",
  most: 4096, notes: plain,
  told(get) {
    const status = get("cmi.core.lesson_status");
    return { completed: ranks.indexOf(status) > 1, passed: status === "passed" };
  },
  judged(v, get) {
    const status = v.success !== "unknown" ? v.success : v.completed ? "completed" : "incomplete";
    return { "cmi.core.lesson_status": ranks.indexOf(status) > ranks.indexOf(get("cmi.core.lesson_status")) ? status : undefined };
  },
  // HHHH:MM:SS.SS; nobody sits there for a day.
  time: (milliseconds) => "00" + new Date(Math.min(86_399_999, Math.max(0, milliseconds))).toISOString().slice(11, 22),
  answer(h, of) {
    const said = response(of);
    if (said === undefined) return undefined;
    const type = of.interactionType;
    return {
      id: ascii(`${h.of.id.replace(/^.*?:\/*/, "")}_${h.question?.id ?? ""}`, /[^\w]/g),
      type: type === "long-fill-in" ? "fill-in" : type,
      time: new Date().toTimeString().slice(0, 8),
      weighting: h.max,
      student_response: said,
      result: h.success === undefined ? "neutral" : h.success ? "correct" : "wrong",
    };
  },
});
