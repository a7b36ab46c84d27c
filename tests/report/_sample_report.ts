import type { Report } from "../../lib/report/mod.ts";

/** A report with sections: a target against a peer, one that failed, and one that could not be measured. */
export const SAMPLE_REPORT: Report = {
  title: "Against its peers",
  verdict: "fail",
  lead: "2026-01-02 · commit 0123456789ab with changes",
  notes: [],
  claims: [],
  charts: [],
  tables: [],
  sections: [{
    title: "P1 One large file over plain HTTP",
    verdict: "inconclusive",
    lead: "2.00 GiB of random bytes from nginx on loopback; the clock stops when the SHA-256 is known and right.",
    claims: [{
      id: "ours / curl, then sha256sum",
      title: "",
      required: "≤ 0.60 times",
      measured: "0.512, 0.487 to 0.610 times at 96.8 % (6 runs)",
      verdict: "inconclusive",
      note: "the interval contains the limit",
    }],
    distributions: [{
      title: "Wall time",
      unit: "seconds",
      limits: [{ label: "0.6 × curl, then sha256sum", value: 2.34 }],
      series: [
        { name: "ours", isOurs: true, values: [1.95, 2.1, 1.9, 2.4, 2], problem: null },
        { name: "curl, then sha256sum", isOurs: false, values: [3.9, 4.2, 3.7, 3.9, 3.8], problem: null },
        { name: "axel", isOurs: false, values: [], problem: "failed: <no> answer" },
      ],
    }],
    notes: ["wget2 is not installed (Debian: apt-get install wget2)"],
  }, {
    title: "P5 Memory",
    verdict: "fail",
    lead: "A large file and a long queue.",
    claims: [{
      id: "peak memory",
      title: "",
      required: "≤ 152.5 MiB",
      measured: "205.0 MiB in 5 runs",
      verdict: "fail",
      note: "",
    }],
    distributions: [{
      title: "Peak memory",
      unit: "bytes",
      limits: [{ label: "limit", value: 160e6 }],
      series: [{ name: "ours", isOurs: true, values: [210e6, 200e6, 215e6, 212e6, 205e6], problem: null }],
    }],
    notes: [],
  }, {
    title: "P9 Whole library",
    verdict: "not evaluated",
    label: "not measured",
    lead: "300 files.",
    claims: [],
    distributions: [],
    notes: ["Only one profile exists"],
  }],
  facts: [
    ["Date", "2026-01-02T03:04:05.000Z to 2026-01-02T03:30:00.000Z"],
    ["Machine", "system Linux 6.1, processor Some <CPU>, cores 2"],
  ],
  explanation: "Each dot is one run.",
};
