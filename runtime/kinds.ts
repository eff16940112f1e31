/** All the kinds of questions that the quiz script does not hold. It stands before the quiz script. */
import { kinds } from "sopan:more-kinds";

window.sopanKinds = kinds;
