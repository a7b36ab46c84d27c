import { defineCommand, withExit } from "../lib/cli/mod.ts";
import { formatDuration, VERSION } from "../lib/base/mod.ts";
import { bypassProxy } from "./_frame/bypass_proxy.ts";
import { runScript } from "./_frame/run_script.ts";
import { runSelfTest } from "./_self_test/run_self_test.ts";
import type { TestStep } from "./_self_test/run_stages.ts";

interface SelfTestResult {
  /** Version of the program. */
  readonly programVersion: string;
  /** Version of the catalogs that it writes. */
  readonly catalogVersion: number;
  readonly isOk: boolean;
  readonly steps: readonly TestStep[];
  readonly durationMs: number;
}

/** The `self-test` command: proves that this program works on this machine, without a network. */
export const command = defineCommand({
  name: "self-test",
  group: "Program",
  permissions: "selfTest",
  summary: "Prove within seconds that this program works here, without a network",
  description:
    "Starts the built-in Civitai, downloads from it into a temporary folder, compares the SHA-256 of every file with its " +
    "source, reads the catalog back, and removes the folder. Your library, your settings and your API " +
    "key are not used. Run it after an installation, an update or a rollback.",
  examples: [
    { command: "civitai-dl self-test", summary: "Does this installation work?" },
    { command: "civitai-dl self-test --json", summary: "The same for a program to read" },
    { command: "civitai-dl self-test --quiet && civitai-dl download", summary: "Download only if it works" },
  ],
  exits: { 1: "A step failed; the output names it" },
  async run({ signal }) {
    const start = performance.now();
    const { CATALOG_VERSION } = await import("../lib/library/mod.ts");
    const steps: TestStep[] = [];
    bypassProxy();
    const folder = await Deno.makeTempDir({ prefix: "civitai-dl-self-test-" });
    try {
      for await (const step of runSelfTest(folder, signal)) steps.push(step);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
    const isOk = steps.every((step) => step.isOk);
    const durationMs = performance.now() - start;
    const result: SelfTestResult = {
      programVersion: VERSION,
      catalogVersion: CATALOG_VERSION,
      isOk,
      steps,
      durationMs,
    };
    return withExit(result, isOk ? 0 : 1);
  },
  render: ({ programVersion, isOk, steps, durationMs }: SelfTestResult) =>
    `${steps.map((step) => `${lineOf(step)}\n`).join("")}civitai-dl ${programVersion} ${
      isOk ? "works" : "DOES NOT WORK"
    } here; tested in ${formatDuration(durationMs)}\n`,
});

function lineOf({ isOk, name, detail }: TestStep): string {
  return `${isOk ? "ok    " : "FAILED"}  ${name}: ${detail}`;
}

if (import.meta.main) await runScript(command);
