/** Work that every phase of the engine is measured by. */
export interface Workload {
  /** In the names of its benchmarks. */
  readonly id: "large" | "capped" | "small" | "mixed" | "faults";
  /** One line. */
  readonly title: string;
  /** Files, before scaling. */
  readonly files: number;
  /** Sizes, spread evenly over their magnitudes. */
  readonly bytes: { readonly min: number; readonly max: number };
  /** What is scaled: the size of the files or how many there are. */
  readonly scales: "files" | "bytes";
  /** On each connection. */
  readonly bytesPerSecond?: number | undefined;
  /** Before each answer. */
  readonly latencyMs?: number | undefined;
  /** Share of requests that go wrong in one of several ways. */
  readonly faultRate?: number | undefined;
}

/** All of them. `mixed` is what people do, and what the speed-up of a phase is promised for. */
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
    title: "The same library, and one request of twenty goes wrong",
    files: 60,
    scales: "files",
    bytes: { min: 1024, max: 2e7 },
    bytesPerSecond: 2e7,
    latencyMs: 80,
    faultRate: 0.05,
  },
];
