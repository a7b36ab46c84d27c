import type { BenchmarkReport, ReportedEstimate, ReportedTarget } from "../../lib/report/mod.ts";

function estimate(value: number, low: number, high: number): ReportedEstimate {
  return { value, low, high, confidence: 0.9375, n: 5 };
}

/** A target of one file against a peer, a missed one, and one that could not be measured. */
const TARGETS: readonly ReportedTarget[] = [{
  id: "P1",
  title: "One large file over plain HTTP",
  workload: "2.00 GiB of random bytes from nginx on loopback; the clock stops when the SHA-256 is known and right.",
  status: "met",
  criteria: [{
    what: "ours / curl, then sha256sum",
    unit: "ratio",
    direction: "at most",
    limit: 0.6,
    estimate: estimate(0.512, 0.487, 0.61),
    isMet: true,
    isCertain: false,
  }],
  charts: [{
    title: "Wall time",
    unit: "seconds",
    limits: [{ label: "0.6 × curl, then sha256sum", value: 2.34 }],
    series: [
      {
        name: "ours",
        isOurs: true,
        values: [1.95, 2.1, 1.9, 2.4, 2],
        median: estimate(2, 1.9, 2.4),
        problem: null,
      },
      {
        name: "curl, then sha256sum",
        isOurs: false,
        values: [3.9, 4.2, 3.7, 3.9, 3.8],
        problem: null,
        median: estimate(3.9, 3.7, 4.2),
      },
      { name: "axel", isOurs: false, values: [], median: null, problem: "failed: <no> answer" },
    ],
  }],
  samples: [],
  notes: ["wget2 is not installed (Debian: apt-get install wget2)"],
}, {
  id: "P5",
  title: "Memory",
  workload: "A large file and a long queue.",
  status: "missed",
  notes: [],
  samples: [],
  criteria: [{
    what: "peak memory",
    unit: "bytes",
    direction: "at most",
    limit: 160e6,
    estimate: estimate(210e6, 200e6, 215e6),
    isMet: false,
    isCertain: true,
  }],
  charts: [{
    title: "Peak memory",
    unit: "bytes",
    limits: [{ label: "limit", value: 160e6 }],
    series: [{
      name: "ours",
      isOurs: true,
      values: [210e6, 200e6, 215e6, 212e6, 205e6],
      problem: null,
      median: estimate(210e6, 200e6, 215e6),
    }],
  }],
}, {
  id: "P9",
  title: "Whole library",
  workload: "300 files.",
  status: "not measured",
  charts: [],
  samples: [],
  notes: ["Only one profile exists"],
  criteria: [{
    what: "stable / parallel",
    unit: "ratio",
    direction: "at least",
    limit: 1.2,
    estimate: null,
    isMet: null,
    isCertain: false,
  }],
}];

/** A report with every optional part. */
export const SAMPLE_REPORT: BenchmarkReport = {
  schema: "civitai-dl/benchmark",
  version: 1,
  title: "Against its peers",
  startedAt: "2026-01-02T03:04:05.000Z",
  endedAt: "2026-01-02T03:30:00.000Z",
  commit: "0123456789abcdef0123456789abcdef01234567",
  isDirty: true,
  machine: { system: "Linux 6.1", processor: "Some <CPU>", cores: 2 },
  versions: { deno: "2.9.6", curl: "8.14.1" },
  settings: { runs: 5, warmup: 1, scale: 1 },
  reservation: null,
  targets: TARGETS,
};
