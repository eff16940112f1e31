/** Numbers as people in India write them. The grammar stands in numeral.go. */

import { normalise } from "./normalise";

const numeral =
  /^(?:(?:₹|rs\.?|inr|रु\.?|रू|ரூ|\$|€|£) ?)?([+-]?)(?: ?(?:₹|rs\.?|\$|€|£) ?)?(\d{1,3}(?:,\d{3})+|\d{1,2}(?:,\d{2})+,\d{3}|\d{1,3}(?: \d{3})+|\d*)(\.\d*)?(e[+-]?\d{1,3})?$/;

/** The number, or null where there is none. */
export function parseNumber(text: string): number | null {
  const m = numeral.exec(normalise(text).replace(/٬/g, ",").replace(/٫/g, "."));
  if (!m) return null;
  const [sign = "", digits = "", fraction = "", exponent = ""] = m.slice(1).map((part) => part ?? "");
  if (!digits && fraction.length < 2) return null;
  // Number() takes "5." and ".5" as Go's ParseFloat does.
  const v = Number(sign + digits.replace(/[, ]/g, "") + fraction + exponent);
  return Number.isFinite(v) ? v : null;
}
