import { walk } from "@std/fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { groupTests } from "../checks/mod.ts";

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

/** Run `deno test` with the streams of this process, and end it with this process. */
async function runDenoTest(args: readonly string[]): Promise<number> {
  const child = new Deno.Command(Deno.execPath(), { args: ["test", ...FLAGS, ...args], stdin: "inherit" }).spawn();
  const stop = () => {
    try {
      child.kill();
    } catch {
      // It has already ended: Ctrl-C reaches both.
    }
  };
  const signals: readonly Deno.Signal[] = Deno.build.os === "windows" ? ["SIGINT"] : ["SIGINT", "SIGTERM"];
  for (const signal of signals) Deno.addSignalListener(signal, stop);
  const { code } = await child.status;
  for (const signal of signals) Deno.removeSignalListener(signal, stop);
  return code;
}

if (import.meta.main) Deno.exitCode = await runTests(Deno.args);
