import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { parseTestCases } from "../parse_test_cases.ts";
import { lastLines, runDeno } from "../run_deno.ts";
import type { LoadedFile } from "./test_recorder.ts";
import type { TestSettings } from "./test_settings.ts";

const RECORDER = new URL("./test_recorder.ts", import.meta.url).href;

/** Options of {@linkcode loadTests}. */
export interface LoadTestsOptions {
  /** Folder of the project: that of its `deno.json`. */
  readonly folder: string;
  /** Its settings for tests. */
  readonly settings: TestSettings;
  /** Signal that stops Deno. */
  readonly signal: AbortSignal;
}

/**
 * Load test files as `deno test` does, and list the tests that they declare, without running one. All files share one
 * isolate, so that each module is loaded once: 700 files take about ten seconds.
 *
 * @param files Paths of the files, relative to the folder
 * @param options Folder, settings and signal
 * @returns The files in their order, each with its tests
 * @throws {Error} If one of them ends the process
 */
export async function loadTests(files: readonly string[], options: LoadTestsOptions): Promise<readonly LoadedFile[]> {
  const { folder, settings, signal } = options;
  const temporary = await Deno.makeTempDir({ prefix: "kept-tests-" });
  try {
    const module = join(temporary, "all_test.ts");
    const junit = join(temporary, "all.xml");
    await Deno.writeTextFile(module, renderModule(files, folder));
    const permissions = settings.test?.permissions === undefined ? [] : ["-P"];
    const args = ["test", "-q", "--no-check", ...permissions, `--junit-path=${junit}`, module];
    const ran = await runDeno(args, { signal, loadsModules: true, folder });
    const cases = parseTestCases(await Deno.readTextFile(junit).catch(() => ""));
    if (cases.length !== files.length) throw new Error(`the tests cannot be listed: ${lastLines(ran)}`);
    return cases.map(({ name }) => JSON.parse(name));
  } finally {
    await Deno.remove(temporary, { recursive: true });
  }
}

/** Render the module that loads all files. An import of a literal needs no permission. */
function renderModule(files: readonly string[], folder: string): string {
  const loads = files.map((file) => {
    const url = JSON.stringify(pathToFileURL(join(folder, file)).href);
    return `await recorder.load(${JSON.stringify(file)}, ${url}, () => import(${url}));\n`;
  });
  return [
    `import { TestRecorder } from ${JSON.stringify(RECORDER)};\n`,
    "const recorder = new TestRecorder();\n",
    ...loads,
  ].join("");
}
