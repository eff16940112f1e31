/** The search script: fetched when somebody turns to the search box, with the index behind it in the same file. */
import { find, parseIndex, prepare } from "./find";
import { searchBox } from "./searchbox";

window.sopanSearch = (index) => {
  const docs = prepare(parseIndex(index));
  searchBox((query) => find(docs, query), window.sopan?.page.root ?? "");
};
