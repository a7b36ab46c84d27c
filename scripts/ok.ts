import { KitError } from "../lib/base/mod.ts";
import type { Command } from "../lib/cli/mod.ts";
import { checkCoverage } from "./_check_coverage.ts";
import { checkExports } from "./_check_exports.ts";
import { checkLinks } from "./_check_links.ts";
import { runScript } from "./_frame.ts";

/** Lines of all source files that tests must reach, in percent. */
const MIN_COVERAGE = 85;

const ROOMS = [
  "base",
  "stats",
  "bench",
  "git",
  "cli",
  "report",
  "failsafe",
  "metrics",
  "library",
  "civitai",
  "transfer",
  "alerts",
  "downloader",
  "monitor",
  "sandbox",
  "soak",
];

/** All that CI runs. */
export const command: Command = {
  name: "ok",
  summary: "Format, lint, types, docs, tests with coverage: all that CI runs",
  flags: [{ name: "skip-tests", type: "boolean", summary: "Everything but the tests" }],
  async run({ flags, display, signal }) {
    const steps: Record<string, () => Promise<unknown>> = {
      format: () => deno(["fmt", "-q", "--check"]),
      lint: () => deno(["lint", "-q"]),
      types: () => deno(["check", "-q", "mod.ts", "cli.ts", "lint.ts", "lib", "scripts", "benchmarks", "std", "tests"]),
      "doc lint": () => deno(["doc", "-q", "--lint", ...ROOMS.map((room) => `lib/${room}/mod.ts`)]),
      "exports": () => checkExports(ROOMS),
      "commands in docs": () => deno(["run", "-q", "-P=house", "scripts/docs.ts", "--check"]),
      "docs": () => checkLinks(["README.md", "README.ja.md", "CONTRIBUTING.md", "CHANGELOG.md"]),
    };
    if (!flags.boolean("skip-tests")) {
      steps.tests = () => deno(["test", "-q", "-P", "--coverage=coverage", "--clean", "--parallel"]);
      steps.coverage = () => checkCoverage("coverage", { roots: ["lib", "scripts", "std"], min: MIN_COVERAGE });
    }
    const results: Record<string, unknown> = {};
    for (const [name, step] of Object.entries(steps)) {
      signal.throwIfAborted();
      const start = performance.now();
      results[name] = await step() ?? "ok";
      display.log(`${name}: ${results[name]} (${((performance.now() - start) / 1000).toFixed(1)} s)`);
    }
    return results;
  },
};

async function deno(args: readonly string[]): Promise<void> {
  const child = new Deno.Command(Deno.execPath(), { args: [...args], stdout: "piped", stderr: "piped" });
  const { success, stdout, stderr } = await child.output();
  if (success) return;
  const text = new TextDecoder();
  const output = `${text.decode(stdout)}\n${text.decode(stderr)}`.trim().split("\n").slice(-60).join("\n");
  throw new KitError("failed", `Cannot pass "deno ${args.slice(0, 3).join(" ")}":\n${output}`);
}

if (import.meta.main) runScript(command);
