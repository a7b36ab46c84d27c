import { join } from "node:path";
import { defineCommand, describeError, withExit } from "../lib/cli/mod.ts";
import { formatDuration, VERSION } from "../lib/base/mod.ts";
import { compareWithSandbox } from "./_frame/compare_with_sandbox.ts";
import { bypassProxy } from "./_frame/bypass_proxy.ts";
import { runScript } from "./_frame/run_script.ts";
import type { Sandbox } from "../lib/sandbox/mod.ts";

/** One step of the self-test. */
interface SelfTestStep {
  /** What was tried. */
  readonly name: string;
  readonly isOk: boolean;
  /** What was found, or why it failed. */
  readonly detail: string;
  readonly durationMs: number;
}

interface SelfTestResult {
  /** Version of the program. */
  readonly programVersion: string;
  /** Version of the catalogs that it writes. */
  readonly catalogVersion: number;
  readonly isOk: boolean;
  readonly steps: readonly SelfTestStep[];
  readonly durationMs: number;
}

/** One file is large enough for the hash worker and for several connections; the others are small. */
const FILE_SIZES = [9_000_000];

/** The `self-test` command: proves that this program works on this machine, without a network. */
export const command = defineCommand({
  name: "self-test",
  group: "Program",
  summary: "Prove within seconds that this program works here, without a network",
  description:
    "Starts the built-in Civitai, downloads from it into a temporary folder, compares the SHA-256 of every file with its " +
    "source, reads the catalog back, and removes the folder. Your library, your settings and your API " +
    "key are not used. Run it after an installation, an update or a rollback.",
  examples: [
    { command: "civitai-dl self-test", summary: "Does this installation work?" },
    { command: "civitai-dl self-test --json", summary: "The same for a program to read" },
    { command: "civitai-dl self-test --quiet && civitai-dl", summary: "Download only if it works" },
  ],
  exits: { 1: "A step failed; the output names it" },
  async run({ signal }) {
    const start = performance.now();
    const { CATALOG_VERSION } = await import("../lib/library/mod.ts");
    const steps: SelfTestStep[] = [];
    bypassProxy();
    const folder = await Deno.makeTempDir({ prefix: "civitai-dl-self-test-" });
    try {
      for await (const step of tryAll(folder, signal)) steps.push(step);
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

function lineOf({ isOk, name, detail }: SelfTestStep): string {
  return `${isOk ? "ok    " : "FAILED"}  ${name}: ${detail}`;
}

/** Try one step after another. The first failure ends the test, because later steps need the earlier ones. */
async function* tryAll(folder: string, signal: AbortSignal): AsyncGenerator<SelfTestStep> {
  const library = join(folder, "library");
  await using stack = new AsyncDisposableStack();
  let sandbox: Sandbox;
  let creators: readonly string[] = [];
  const stages: Readonly<Record<string, () => Promise<string>>> = {
    async sandbox() {
      const { startSandbox } = await import("../lib/sandbox/mod.ts");
      sandbox = stack.use(
        await startSandbox({
          size: { creators: 1, modelsPerCreator: 3 },
          outcomes: {},
          fileSizes: FILE_SIZES,
          fileBytes: { min: 1024, max: 200_000 },
        }),
      );
      creators = [...sandbox.catalog.creators()].map(({ username }) => username);
      return "a local Civitai runs";
    },
    async download() {
      const { fetchModels } = await import("../lib/downloader/mod.ts");
      const { outcomes, problems } = await fetchModels(library, creators.map((name) => `user:${name}`), {
        baseUrl: sandbox.apiOrigin,
        token: sandbox.token,
        reserveBytes: 0,
        signal,
      });
      const [problem] = problems;
      if (problem !== undefined) throw new Error(`${problem.target}: ${problem.message}`);
      return Object.entries(outcomes).map(([name, count]) => `${count} ${name}`).join(", ");
    },
    async hashes() {
      const { files, wrong } = await compareWithSandbox(sandbox, library, { creators });
      if (files === 0) throw new Error("no file was planned");
      if (wrong > 0) throw new Error(`${wrong} of ${files} files differ from their source`);
      return `SHA-256 of ${files} files is right`;
    },
    async catalog() {
      const { openCatalog } = await import("../lib/library/mod.ts");
      using catalog = openCatalog(join(library, ".civitai-dl", "catalog.db"), { check: true });
      const rows = [...catalog.items({ states: ["done"] })];
      if (rows.length === 0) throw new Error("it has no finished file");
      const missing = rows.filter(({ path }) => Deno.statSync(join(library, path)).isFile === false);
      if (missing.length > 0) throw new Error(`${missing.length} of its files are not on disk`);
      return `${rows.length} rows were written, and read back`;
    },
  };
  for (const [name, stage] of Object.entries(stages)) {
    signal.throwIfAborted();
    const start = performance.now();
    const { isOk, detail } = await attempt(stage, signal);
    yield { name, isOk, detail, durationMs: performance.now() - start };
    if (!isOk) return;
  }
}

async function attempt(
  stage: () => Promise<string>,
  signal: AbortSignal,
): Promise<Pick<SelfTestStep, "isOk" | "detail">> {
  try {
    return { isOk: true, detail: await stage() };
  } catch (error) {
    signal.throwIfAborted();
    return { isOk: false, detail: describeError(error).message };
  }
}

if (import.meta.main) await runScript(command);
