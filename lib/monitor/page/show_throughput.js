import { byId, make, setAttribute, setText } from "./dom.js";
import { drawSparkline, sparkLabels } from "./sparkline.js";

/** Render the speed of all downloads together, and its history. */
export function showThroughput({ status, words, format }) {
  const { bytesPerSecond, history, tickMs } = status.throughput;
  const { number, unit } = format.size(bytesPerSecond);
  const figure = byId("speed");
  if (figure.children.length === 0) figure.replaceChildren(make("span", "number"), make("span", "unit"));
  setText(figure.children[0], number);
  setText(figure.children[1], `${unit}/s`);
  const peak = Math.max(0, ...history);
  drawSparkline(byId("spark"), history, words.spark(format.speed(bytesPerSecond), format.speed(peak)));
  const labels = sparkLabels(history);
  const isSpanKnown = tickMs !== undefined && labels.from !== null;
  const span = isSpanKnown ? words.ago(format.duration(tickMs * (history.length - 1))) : "";
  place(byId("spark-from"), span, labels.from ?? {});
  place(byId("spark-now"), history.length > 1 ? words.now : "", { right: 0 });
  place(byId("spark-peak"), peak > 0 ? words.peak(format.speed(peak)) : "", labels.peak);
  byId("throughput").classList.toggle("empty", peak === 0 && bytesPerSecond === 0);
}

/** Place a label at its point: `left` and `right` are fractions of the chart's width. */
function place(label, text, { left, right }) {
  setText(label, text);
  setAttribute(label, "data-side", left === undefined ? "right" : "left");
  label.style.left = left === undefined ? "" : `${left * 100}%`;
  label.style.right = right === undefined ? "" : `${right * 100}%`;
}
