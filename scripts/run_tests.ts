import { walk } from "@std/fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { groupTests, runDenoTest as runTestProcess } from "../checks/mod.ts";
import { takeCallersFolder } from "./_frame/callers_folder.ts";

/** Flags of `deno test` for every run: `ok` checks the types. */
const FLAGS = ["-q", "-P", "--parallel", "--no-check"];

/**
 * The `test` task: runs all tests, or those of the paths in its arguments. All tests run in groups that share an
 * isolate (see `groupTests`), and flags of `deno test` apply to them, except that `--ignore` removes files of groups.
 *
 * @param args Arguments of the task
 * @returns The exit code of `deno test`
 */
async function runTests(args: readonly string[]): Promise<number> {
  // A path, or the value of a flag, which only Deno can tell from one.
  if (args.some((arg) => !arg.startsWith("-"))) return await runDenoTest(args);
  const folder = await Deno.makeTempDir({ prefix: "tests-" });
  try {
    const files = await findTests(args.filter(isIgnore).flatMap((arg) => arg.slice(IGNORE.length).split(",")));
    const groups = groupTests(files).map(({ name, files }, index) => ({
      // Deno runs them in alphabetical order.
      path: join(folder, `${String(index + 1).padStart(3, "0")}_${name}_test.ts`),
      text: files.map((file) => `import ${JSON.stringify(pathToFileURL(file).href)};\n`).join(""),
    }));
    for (const { path, text } of groups) await Deno.writeTextFile(path, text);
    return await runDenoTest([...args.filter((arg) => !isIgnore(arg)), ...groups.map(({ path }) => path)]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const IGNORE = "--ignore=";

function isIgnore(arg: string): boolean {
  return arg.startsWith(IGNORE);
}

/** Find the test files of this repository, except those in ignored files and folders. */
async function findTests(ignored: readonly string[]): Promise<readonly string[]> {
  const files: string[] = [];
  for await (const { path } of walk("tests", { includeDirs: false })) {
    const file = path.replaceAll("\\", "/");
    if (!file.endsWith("_test.ts")) continue;
    if (!ignored.some((one) => `${file}/`.startsWith(`${one.replace(/^\.\//, "").replace(/\/$/, "")}/`))) {
      files.push(file);
    }
  }
  return files;
}

/**
 * Run `deno test`, show its output, and name at the end what failed and what was left behind: the report above is
 * thousands of lines, and other output may follow.
 */
async function runDenoTest(args: readonly string[]): Promise<number> {
  const controller = new AbortController();
  const stop = () => controller.abort(STOPPED);
  const signals: readonly Deno.Signal[] = Deno.build.os === "windows" ? ["SIGINT"] : ["SIGINT", "SIGTERM"];
  for (const signal of signals) Deno.addSignalListener(signal, stop);
  try {
    const { code, cases, left } = await runTestProcess([...FLAGS, ...args], {
      signal: controller.signal,
      onOutput: (bytes, stream) => writeAll(Deno[stream], bytes),
    });
    const failed = cases.filter(({ failure }) => failure !== null);
    const lines = [
      ...failed.map(({ file, line, column, name }) => `failed: ${file}:${line}:${column} ${name}`),
      ...left.map((path) => `left behind: ${path}`),
    ];
    await writeAll(Deno.stdout, new TextEncoder().encode(lines.map((line) => `${line}\n`).join("")));
    return code === 0 && left.length > 0 ? 1 : code;
  } catch (error) {
    if (error === STOPPED) return 130;
    throw error;
  } finally {
    for (const signal of signals) Deno.removeSignalListener(signal, stop);
  }
}

/** Reason of the abort by Ctrl-C or SIGTERM. */
const STOPPED = new DOMException("The tests were stopped", "AbortError");

async function writeAll(output: typeof Deno.stdout, bytes: Uint8Array): Promise<void> {
  for (let done = 0; done < bytes.length;) done += await output.write(bytes.subarray(done));
}

if (import.meta.main) {
  takeCallersFolder();
  Deno.exitCode = await runTests(Deno.args);
}
