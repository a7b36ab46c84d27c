import { setText } from "./dom.js";

/** Show a folded part only if something is in it, and say how much. */
export function fold(details, count, words) {
  details.hidden = count <= 0;
  if (count > 0) setText(details.querySelector("summary"), words.more(count));
}
