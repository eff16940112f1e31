/** The shell's script in a package for SCORM 1.2: lesson_status carries completion and verdict, answers are single characters. */
import type { Interaction } from "../contract";
import { plain, scorm } from "./scorm";

const signs = "abcdefghijklmnopqrstuvwxyz0123456789";
const ranks = ["incomplete", "failed", "completed", "passed"];

/** HHHH:MM:SS.SS */
function time(milliseconds: number): string {
  const s = Math.min(9999 * 3600, Math.max(0, milliseconds / 1000));
  const two = (n: number): string => String(Math.floor(n)).padStart(2, "0");
  return `${two(s / 3600).padStart(4, "0")}:${two((s / 60) % 60)}:${two(s % 60)}.${two((s * 100) % 100)}`;
}

/** By the place that a choice has among the choices: its id may be longer than the one character that there is. */
function response(of: Interaction & { response: string }): string | undefined {
  const said = of.response;
  const sign = (from: { id: string }[] = [], id = ""): string => signs[from.findIndex((one) => one.id === id)] ?? "";
  const parts = said.split("[,]");
  switch (of.interactionType) {
    case "true-false": return said.slice(0, 1);
    case "choice":
    case "sequencing": return parts.map((id) => sign(of.choices, id)).filter((s) => s).join() || undefined;
    case "likert": return sign(of.scale, said) || undefined;
    case "matching": return parts.map((pair) => pair.split("[.]")).map(([a, b]) => `${sign(of.source, a)}.${sign(of.target, b)}`).join();
    case "numeric": return /^-?\d+(\.\d+)?$/.test(said) ? said : undefined;
    default: return said.replace(/\[,\]/g, ", ").replace(/\[\.\]/g, ".").replace(/\s/g, " ").slice(0, 255);
  }
}

scorm({
  api: "API", calls: "LMS", finish: "Finish", core: "cmi.core.",
  learner: "cmi.core.student_id", lang: "cmi.student_preference.language", location: "cmi.core.lesson_location", mode: "cmi.core.lesson_mode",
  most: 4096,
  told(get) {
    const status = get("cmi.core.lesson_status");
    return { completed: ranks.indexOf(status) > 1, passed: status === "passed" };
  },
  judged(v, get) {
    const status = v.success !== "unknown" ? v.success : v.completed ? "completed" : "incomplete";
    return { "cmi.core.lesson_status": ranks.indexOf(status) > ranks.indexOf(get("cmi.core.lesson_status")) ? status : undefined };
  },
  time,
  answer(h, of) {
    const said = response(of);
    if (said === undefined) return undefined;
    const type = of.interactionType;
    return {
      id: plain(`${h.of.id.replace(/^.*?:\/*/, "")}_${h.question?.id ?? ""}`, /[^\w]/g),
      type: type === "long-fill-in" ? "fill-in" : type,
      time: new Date().toTimeString().slice(0, 8),
      weighting: h.max,
      student_response: said,
      result: h.success === undefined ? "neutral" : h.success ? "correct" : "wrong",
    };
  },
});
