import type { VNode } from "preact";
import type { StatusView } from "../../../status/mod.ts";
import { Card } from "../frame/parts.tsx";
import { SPARK_BOX, sparkLabels, sparkPaths, type SparkPlace } from "./sparkline.ts";

/** The speed of all downloads together, and its history. */
export function ThroughputCard({ view: { status, words, format } }: { readonly view: StatusView }): VNode {
  const { bytesPerSecond, history, tickMs } = status.throughput;
  const { number, unit } = format.size(bytesPerSecond);
  const peak = Math.max(0, ...history);
  const { curve, area } = sparkPaths(history);
  const labels = sparkLabels(history);
  const isSpanKnown = tickMs !== undefined && labels.from !== null;
  const span = isSpanKnown ? words.ago(format.duration(tickMs * (history.length - 1))) : "";
  return (
    <Card id="throughput" title={words.throughput} class={peak === 0 && bytesPerSecond === 0 ? "empty" : ""}>
      <p class="figure">
        <span id="speed">
          <span class="number">{number}</span> <span class="unit">{unit}/s</span>
        </span>
      </p>
      <p class="spark-top soft">
        <Label id="spark-peak" text={peak > 0 ? words.peak(format.speed(peak)) : ""} place={labels.peak} />
      </p>
      <div id="spark" class="spark">
        <svg
          viewBox={SPARK_BOX}
          preserveAspectRatio="none"
          role="img"
          aria-label={words.spark(format.speed(bytesPerSecond), format.speed(peak))}
        >
          <path class="area" vector-effect="non-scaling-stroke" d={area} />
          <path class="curve" vector-effect="non-scaling-stroke" d={curve} />
        </svg>
      </div>
      <p class="spark-axis soft">
        <Label id="spark-from" text={span} place={labels.from ?? {}} />
        <Label id="spark-now" text={history.length > 1 ? words.now : ""} place={{ right: 0 }} />
      </p>
    </Card>
  );
}

function Label({ id, text, place }: { readonly id: string; readonly text: string; readonly place: SparkPlace }): VNode {
  const { left, right } = place;
  const style = {
    left: left === undefined ? "" : `${left * 100}%`,
    right: right === undefined ? "" : `${right * 100}%`,
  };
  return <span id={id} class="spark-label" data-side={left === undefined ? "right" : "left"} style={style}>{text}
  </span>;
}
