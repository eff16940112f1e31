/** The script of notebooks that do not fit as they are (plain.ts). It is asked for then. */
import { packed } from "./pack";

window.sopanPacker = packed;
