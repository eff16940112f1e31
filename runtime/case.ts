/** The script of pages with a case study. It works at the desk that the base script has laid. */
import { find, findAll } from "./dom";
import { json, parseCase } from "./parse";
import { Player } from "./player";

void window.sopan?.ready.then((desk) => {
  for (const box of findAll(".case")) new Player(box, parseCase(json(find(".case-data", box))), desk);
});
