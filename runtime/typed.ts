/** The kinds of questions that are answered in writing, for pages that need no others. It stands before the quiz script. */
import { kinds } from "sopan:more-kinds";

window.sopanKinds = kinds;
