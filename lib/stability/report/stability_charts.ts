import type { CurveChart } from "../../report/mod.ts";
import type { SoakEvidence, SoakGeneration, SoakRow } from "../../soak/mod.ts";

type RowName =
  | "p50Ms"
  | "p95Ms"
  | "p99Ms"
  | "maxMs"
  | "megabytesPerSecond"
  | "faults"
  | "retries"
  | "failures"
  | "loopLagP99Ms";

/** Build the charts of a run. */
export function stabilityCharts({ generations, rows }: SoakEvidence): CurveChart[] {
  const memory = (name: Exclude<keyof SoakGeneration, "fromMs" | "untilMs">) =>
    generations.flatMap((one) => one[name].points);
  const of = (name: RowName) => ({
    name: name.replace(/Ms$/, ""),
    points: rows.flatMap((row: SoakRow) =>
      row[name] === null ? [] : [[row.startMs + row.lengthMs, row[name]] as const]
    ),
  });
  return [
    {
      title: "Memory after garbage was collected",
      unit: "bytes",
      lead: "Flat is healthy. What rises through the second half is a leak.",
      series: [{ name: "heap", points: memory("heapUsed") }, { name: "outside", points: memory("external") }],
    },
    {
      title: "Resident memory",
      unit: "bytes",
      series: [{ name: "resident", points: memory("rss") }],
      lead: "Advice only: it rises in healthy programs too.",
    },
    {
      title: "Open files, sockets and timers",
      lead: "",
      unit: "count",
      series: [{ name: "handles", points: memory("handles") }, { name: "timers", points: memory("timers") }],
    },
    {
      title: "Latency of jobs",
      lead: "Since the moment at which each was due.",
      unit: "ms",
      series: [of("p50Ms"), of("p99Ms"), of("maxMs")],
    },
    { title: "Throughput", lead: "", unit: "MB/s", series: [{ ...of("megabytesPerSecond"), name: "bytes" }] },
    {
      title: "Faults, retries, failures",
      lead: "",
      unit: "count",
      series: [of("faults"), of("retries"), of("failures")],
    },
    {
      title: "Lag of the loop",
      lead: "",
      unit: "ms",
      series: [{ ...of("loopLagP99Ms"), name: "p99" }],
    },
  ] as CurveChart[];
}
