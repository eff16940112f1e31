/** The script of the page "What is kept about me". */
import { find } from "./dom";
import { readLearners } from "./learner";
import { myData } from "./mydata";

void window.sopan?.ready.then(async (desk) => {
  const section = find(".my-records");
  const { store, site } = desk.book;
  if (section) myData(desk, await readLearners(store, site), section);
});
