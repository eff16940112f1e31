/** The search script: fetched when somebody turns to the search box, with the index behind it in the same file. */
import { find, parseIndex, prepare } from "./find";

window.sopanSearch = (index) => {
  const docs = prepare(parseIndex(index));
  window.sopanFound?.((query) => find(docs, query));
};
