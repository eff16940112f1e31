/** The script of pages with questions. It works at the desk that the base script has laid. */
import { find } from "./dom";
import { json, parseQuiz } from "./parse";
import { sheets } from "./sheet";

void window.sopan?.ready.then((desk) => sheets(desk, (form) => parseQuiz(json(find(".quiz-data", form)))));
