/** A workload on which every phase of the engine is measured. */
export interface Workload {
  /** Id of the workload, used in the names of its benchmarks. */
  readonly id: "large" | "capped" | "small" | "mixed" | "faults";
  /** The workload in one line. */
  readonly title: string;
  /** Number of files, before scaling. */
  readonly files: number;
  /** Range of sizes in bytes, before scaling; sizes are distributed evenly over their magnitudes. */
  readonly bytes: { readonly min: number; readonly max: number };
  /** What the scale changes: the number of files or their sizes. */
  readonly scales: "files" | "bytes";
  /** Bandwidth of each connection; unlimited if absent. */
  readonly bytesPerSecond?: number | undefined;
  /** Delay before each answer; none if absent. */
  readonly latencyMs?: number | undefined;
  /** Share of requests that fail, divided equally among five kinds of faults; none if absent. */
  readonly faultRate?: number | undefined;
}

/** All workloads. `mixed` resembles real use, and the required speedups apply to it. */
export const WORKLOADS: readonly Workload[] = [
  { id: "large", title: "One large file", files: 1, bytes: { min: 2 ** 28, max: 2 ** 28 }, scales: "bytes" },
  {
    id: "capped",
    title: "One file from a server that limits each connection",
    files: 1,
    scales: "bytes",
    bytes: { min: 2 ** 26, max: 2 ** 26 },
    bytesPerSecond: 20 * 2 ** 20,
  },
  { id: "small", title: "Many small files", files: 300, bytes: { min: 2 ** 16, max: 2 ** 16 }, scales: "files" },
  {
    id: "mixed",
    title: "A library of files of all sizes, with latency",
    files: 60,
    scales: "files",
    bytes: { min: 1024, max: 2e7 },
    bytesPerSecond: 2e7,
    latencyMs: 80,
  },
  {
    id: "faults",
    title: "The same library, with one request in twenty failing",
    files: 60,
    scales: "files",
    bytes: { min: 1024, max: 2e7 },
    bytesPerSecond: 2e7,
    latencyMs: 80,
    faultRate: 0.05,
  },
];
