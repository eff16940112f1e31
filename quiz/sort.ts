/** Questions where things are sorted into groups. See sort.go. */

import { pairing } from "./pairing";

export const kind = pairing("sort");
