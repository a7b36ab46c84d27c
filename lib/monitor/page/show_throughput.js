import { byId, make, setText } from "./dom.js";
import { drawSparkline } from "./sparkline.js";

/** The speed of all downloads together, and how it was. */
export function showThroughput({ status, words, format }) {
  const { bytesPerSecond, history, tickMs } = status.throughput;
  const { number, unit } = format.size(bytesPerSecond);
  const figure = byId("speed");
  if (figure.children.length === 0) figure.replaceChildren(make("span", "number"), make("span", "unit"));
  setText(figure.children[0], number);
  setText(figure.children[1], `${unit}/s`);
  const peak = format.speed(Math.max(0, ...history));
  drawSparkline(byId("spark"), history, words.spark(format.speed(bytesPerSecond), peak));
  const line = byId("spark-words");
  if (line.children.length === 0) line.replaceChildren(make("span"), make("span"));
  const isSpanKnown = tickMs !== undefined && history.length > 1;
  setText(line.children[0], isSpanKnown ? words.span(format.duration(tickMs * history.length)) : "");
  setText(line.children[1], history.length === 0 ? "" : words.peak(peak));
}
