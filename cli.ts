/**
 * The program `civitai-dl`. `deno run jsr:@civitai-dl/civitai-dl/cli --help` runs it without an installation.
 *
 * @module
 */
import { CONFIG_FLAG, type Program } from "./lib/cli/mod.ts";
import { VERSION } from "./lib/base/mod.ts";
import { FOREIGN_WORDS } from "./scripts/_frame/foreign_words.ts";
import { runProgram } from "./scripts/_frame/run_script.ts";

/**
 * The whole program as data. The module of a command is imported on first use, so that `--help` starts fast.
 */
export const program: Program = {
  name: "civitai-dl",
  version: VERSION,
  summary: "Keep a local library of Civitai models and images: complete, verified, sorted",
  commands: [
    {
      name: "download",
      group: "Library",
      summary: "Fetch models and images into the library",
      load: async () => (await import("./scripts/download.ts")).command,
    },
    {
      name: "update",
      group: "Library",
      summary: "Fetch new versions of the models that are in the library",
      load: async () => (await import("./scripts/update.ts")).command,
    },
    {
      name: "list",
      group: "Library",
      summary: "Show what the catalog holds",
      load: async () => (await import("./scripts/list.ts")).command,
    },
    {
      name: "verify",
      group: "Library",
      summary: "Check the library against its catalog",
      load: async () => (await import("./scripts/verify.ts")).command,
    },
    {
      name: "status",
      group: "Library",
      summary: "Show on one screen how the library and its downloads are doing",
      load: async () => (await import("./scripts/status.ts")).command,
    },
    {
      name: "doctor",
      group: "Library",
      summary: "Say what is wrong and what to do next; explain a line, a code, a creator or a host",
      load: async () => (await import("./scripts/doctor.ts")).command,
    },
    {
      name: "search",
      group: "Library",
      summary: "Search models on Civitai",
      load: async () => (await import("./scripts/search.ts")).command,
    },
    {
      name: "repair",
      group: "Library",
      summary: "Fetch again only what is damaged or missing",
      load: async () => (await import("./scripts/repair.ts")).command,
    },
    {
      name: "demo",
      group: "Program",
      summary: "Download, kill, resume and verify in half a minute, without a network",
      load: async () => (await import("./scripts/demo.ts")).command,
    },
    {
      name: "config",
      group: "Program",
      summary: "Show the settings in force, or check the configuration file",
      load: async () => (await import("./scripts/config.ts")).configCommand(program),
    },
    {
      name: "completions",
      group: "Program",
      summary: "Print a completion script for a shell",
      load: async () => (await import("./scripts/completions.ts")).completionsCommand(program),
    },
    {
      name: "man",
      group: "Program",
      summary: "Print the manual page",
      load: async () => (await import("./scripts/man.ts")).manCommand(program),
    },
    {
      name: "self-test",
      group: "Program",
      summary: "Prove within seconds that this program works here, without a network",
      load: async () => (await import("./scripts/self_test.ts")).command,
    },
    {
      name: "sandbox",
      group: "Program",
      summary: "Serve a local Civitai with invented models, for trials and tests",
      load: async () => (await import("./scripts/sandbox.ts")).command,
    },
    {
      name: "monitor",
      group: "Operation",
      summary: "Monitor downloads: collect metrics, send alerts, follow the log, serve a live page",
      load: async () => (await import("./scripts/monitor.ts")).command,
    },
    {
      name: "check-alerts",
      group: "Operation",
      summary: "Evaluate the alert rules and notify the receivers",
      load: async () => (await import("./scripts/check_alerts.ts")).command,
    },
    {
      name: "alerts",
      group: "Operation",
      summary: "Show and silence alerts, and test the receivers",
      load: async () => (await import("./scripts/alerts.ts")).command,
    },
    {
      name: "collect-metrics",
      group: "Operation",
      summary: "Report the metrics of the last few minutes: error and timeout rate, memory, disk",
      load: async () => (await import("./scripts/collect_metrics.ts")).command,
    },
    {
      name: "heartbeat",
      group: "Operation",
      summary: "Ping a dead man's switch when an unattended run starts and ends",
      load: async () => (await import("./scripts/heartbeat.ts")).command,
    },
    {
      name: "failsafe",
      group: "Operation",
      summary: "Show the state of the failsafe, and control breakers and mode manually",
      load: async () => (await import("./scripts/failsafe.ts")).command,
    },
    {
      name: "canary",
      group: "Operation",
      summary: "Begin a rollout: give the new engine to a small share of the files",
      load: async () => (await import("./scripts/canary.ts")).command,
    },
    {
      name: "rollout",
      group: "Operation",
      summary: "Show the rollout of an engine in a library, and advance, pause or abort it",
      load: async () => (await import("./scripts/rollout.ts")).command,
    },
    {
      name: "deploy",
      group: "Operation",
      summary: "Complete a rollout: give the new engine to all files",
      load: async () => (await import("./scripts/deploy.ts")).command,
    },
    {
      name: "install",
      group: "Operation",
      summary: "Keep several versions of the program installed, and choose the one in use",
      load: async () => (await import("./scripts/install.ts")).command,
    },
    {
      name: "rollback",
      group: "Operation",
      summary: "Go back to the last version that is known to be good, and verify it",
      load: async () => (await import("./scripts/rollback.ts")).command,
    },
    {
      name: "health-check",
      group: "Operation",
      summary: "Check this installation and a library: doctor without an argument",
      load: async () => (await import("./scripts/health_check.ts")).command,
    },
    {
      name: "handle-issue",
      group: "Operation",
      summary: "Explain a line of the log and what to do: doctor LINE",
      load: async () => (await import("./scripts/handle_issue.ts")).command,
    },
    {
      name: "analyze-errors",
      group: "Operation",
      summary: "Group the problems in a log by message, and say what each means and what to do",
      load: async () => (await import("./scripts/analyze_errors.ts")).command,
    },
    {
      name: "analyze-metrics",
      group: "Operation",
      summary: "Show the metrics of the last hour, or another period, beside those of the time before",
      load: async () => (await import("./scripts/analyze_metrics.ts")).command,
    },
    {
      name: "tune-timeouts",
      group: "Operation",
      summary:
        "Propose a timeout for each host by how long its answers really take; --apply writes it to the configuration",
      load: async () => (await import("./scripts/tune_timeouts.ts")).command,
    },
    {
      name: "debug-info",
      group: "Operation",
      summary: "Collect logs, state, versions and the health check in one ZIP file, without secrets",
      load: async () => (await import("./scripts/debug_info.ts")).command,
    },
    {
      name: "emergency-test",
      group: "Operation",
      summary: "Try within a minute, without a network, what must never break",
      load: async () => (await import("./scripts/emergency_test.ts")).command,
    },
    {
      name: "memory-test",
      group: "Operation",
      summary: "Repeat work in one process, and judge whether it keeps memory",
      load: async () => (await import("./scripts/memory_test.ts")).memoryTestCommand(program),
    },
  ],
  defaultCommand: "download",
  flags: [CONFIG_FLAG],
  examples: [
    { command: "civitai-dl --user NAME", summary: "All of one creator" },
    { command: "civitai-dl download", summary: "Continue unfinished downloads" },
    { command: "civitai-dl demo", summary: "Try it without a network" },
  ],
  foreignWords: FOREIGN_WORDS,
  typoHint: (word) => `To fetch the creator of that name, use --user ${word}`,
};

if (import.meta.main) await runProgram(program);
