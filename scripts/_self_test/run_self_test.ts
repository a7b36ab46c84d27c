import { join } from "node:path";
import type { Sandbox } from "../../lib/sandbox/mod.ts";
import { compareWithSandbox } from "../_frame/library/compare_with_sandbox.ts";
import { runStages, type Stage, type TestStep } from "./run_stages.ts";

/** One file is large enough for the hash worker and for several connections; the others are small. */
const FILE_SIZES = [9_000_000];

/**
 * Download from the sandbox in this process, and compare what arrived. The first failure ends the test.
 *
 * @param folder An empty folder
 */
export async function* runSelfTest(folder: string, signal: AbortSignal): AsyncGenerator<TestStep> {
  const library = join(folder, "library");
  await using stack = new AsyncDisposableStack();
  let sandbox: Sandbox;
  let creators: readonly string[] = [];
  const stages: Readonly<Record<string, Stage>> = {
    async sandbox() {
      const { startSandbox } = await import("../../lib/sandbox/mod.ts");
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
      const { fetchModels } = await import("../../lib/downloader/mod.ts");
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
      const { files, wrong } = await compareWithSandbox(sandbox, library, creators);
      if (files === 0) throw new Error("no file was planned");
      if (wrong > 0) throw new Error(`${wrong} of ${files} files differ from their source`);
      return `SHA-256 of ${files} files is right`;
    },
    async catalog() {
      const { catalogFile, openCatalog } = await import("../../lib/library/mod.ts");
      using catalog = openCatalog(catalogFile(library), { check: true });
      const rows = [...catalog.items({ states: ["done"] })];
      if (rows.length === 0) throw new Error("it has no finished file");
      const missing = rows.filter(({ path }) => Deno.statSync(join(library, path)).isFile === false);
      if (missing.length > 0) throw new Error(`${missing.length} of its files are not on disk`);
      return `${rows.length} rows were written, and read back`;
    },
  };
  yield* runStages(stages, { signal, stopsAtFailure: true });
}
