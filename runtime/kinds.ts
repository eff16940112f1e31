/** The kinds of questions that most pages do without. It stands before the quiz script. */
import { kinds } from "sopan:more-kinds";

window.sopanKinds = kinds;
