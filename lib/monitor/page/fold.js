import { setText } from "./dom.js";

/** Show a folded section only if it has entries, with their number in its summary. */
export function fold(details, count, words) {
  details.hidden = count <= 0;
  if (count > 0) setText(details.querySelector("summary"), words.more(count));
}
