/** The script of pages with running text: what stands in the text, and how far a lesson was read. */
import { followLesson } from "./lesson";
import { tabs } from "./tabs";
import { terms } from "./terms";

tabs();
terms();
void window.sopan?.ready.then((desk) => {
  if (desk.page.kind === "lesson") followLesson(desk);
});
