import { setText } from "./dom.js";

/** Show a collapsed section only if it contains entries, with their number in its summary. */
export function fold(details, count, words) {
  details.hidden = count <= 0;
  if (count > 0) setText(details.querySelector("summary"), words.more(count));
}
