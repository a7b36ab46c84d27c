// Made from the scripts by `deno task docs`; do not edit.
import type { LazyCommand } from "../lib/cli/mod.ts";
/** The commands of a checkout. The module of a command is imported on first use, so that help starts fast. */
export const CHECKOUT_COMMANDS: readonly LazyCommand[] = [
  {
    name: "analyze-profile",
    group: "Maintenance",
    summary: "List the functions of a CPU profile by their own time",
    load: async () => (await import("./analyze_profile.ts")).command,
  },
  {
    name: "benchmark",
    group: "Maintenance",
    summary: "Measure a phase against phase 1, or the engine against other downloaders",
    load: async () => (await import("./benchmark.ts")).command,
  },
  {
    name: "benchmark-compare",
    group: "Maintenance",
    summary: "Compare the speed of two commits",
    load: async () => (await import("./benchmark_compare.ts")).command,
  },
  {
    name: "benchmark-report",
    group: "Maintenance",
    summary: "Show a benchmark report, or the history of several",
    load: async () => (await import("./benchmark_report.ts")).command,
  },
  {
    name: "branch",
    group: "Maintenance",
    summary: "Start, merge and tag branches by the branch strategy, and take it back",
    load: async () => (await import("./branch.ts")).command,
  },
  {
    name: "check-regression",
    group: "Maintenance",
    summary: "Fail if the code became slower by more than a threshold",
    load: async () => (await import("./check_regression.ts")).command,
  },
  {
    name: "checks",
    group: "Maintenance",
    summary: "Check format, lint, types, documents, workflows, tests and coverage",
    load: async () => (await import("./checks.ts")).command,
  },
  {
    name: "concurrency-test",
    group: "Maintenance",
    summary: "Do the same work with 1, 2, 4, 8 workers and two processes, and count what only fails together",
    load: async () => (await import("./concurrency_test.ts")).command,
  },
  {
    name: "dev-setup",
    group: "Maintenance",
    summary: "Prepare a checkout for work on the program: versions, settings, git hooks",
    load: async () => (await import("./dev_setup.ts")).command,
  },
  {
    name: "gate",
    group: "Maintenance",
    summary: "Judge each condition of a phase",
    load: async () => (await import("./gate.ts")).command,
  },
  {
    name: "paired-stability",
    group: "Maintenance",
    summary: "Let two profiles do the same under the same faults, and judge whether one is as stable as the other",
    load: async () => (await import("./paired_stability.ts")).command,
  },
  {
    name: "production-test",
    group: "Maintenance",
    summary: "Test the installed program of a tag from an empty folder, and write the report",
    load: async () => (await import("./production_test.ts")).command,
  },
  {
    name: "profile",
    group: "Maintenance",
    summary: "Run a command under the CPU profiler, and show what it spent its time on",
    load: async () => (await import("./profile.ts")).command,
  },
  {
    name: "release",
    group: "Maintenance",
    summary: "Prepare a version, tag its stages, and show what is released",
    load: async () => (await import("./release.ts")).command,
  },
  {
    name: "stability",
    group: "Maintenance",
    summary: "Repeat real work under faults for minutes or weeks, and report what was proven",
    load: async () => (await import("./stability.ts")).command,
  },
];
