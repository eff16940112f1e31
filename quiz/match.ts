/** Questions where things are matched with others. See match.go. */

import { pairing } from "./pairing";

export const kind = pairing("match");
