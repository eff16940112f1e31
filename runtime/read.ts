/** The script of pages with running text: what stands in the text, how far a lesson was read, where to go on. */
import { goOn } from "./continue";
import { followLesson } from "./lesson";
import { tabs } from "./tabs";
import { terms } from "./terms";

tabs();
terms();
void window.sopan?.ready.then((desk) => {
  if (desk.page.kind === "lesson") followLesson(desk);
  else goOn(desk);
});
