import { walk } from "@std/fs";
import type { CheckResult, GateCheckOptions, GateProblem } from "../lib/gate/mod.ts";
import { ParameterReader } from "./parameter_reader.ts";
import { pathFromRoot } from "./path_from_root.ts";
import { lastLines, runDeno } from "./run_deno.ts";

/** Count type errors. The files are counted because Deno succeeds silently if there are none. */
export async function checkTypes(
  parameters: Readonly<Record<string, unknown>>,
  { signal }: GateCheckOptions,
): Promise<CheckResult> {
  const paths = new ParameterReader(parameters, ["paths"]).strings("paths", ["."]);
  const run = await runDeno(["check", ...paths], { signal, loadsModules: true });
  const problems: GateProblem[] = run.code === 0 ? [] : findErrors(run.err);
  if (run.code !== 0 && problems.length === 0) problems.push({ message: lastLines(run) });
  const count = await countModules(paths);
  const value = problems.length;
  return { value, count, unit: "files", measured: `${value} in ${count} files`, problems };
}

function findErrors(text: string): GateProblem[] {
  return [...text.matchAll(/^(TS\d+) \[ERROR\]: ([\s\S]*?)^ {4}at (file:\S+):(\d+):(\d+)$/gm)].map(
    ([, rule, message, file, line, column]) => ({
      rule: rule!,
      message: message!.split("\n")[0]!,
      file: pathFromRoot(file!),
      line: Number(line),
      column: Number(column),
    }),
  );
}

async function countModules(paths: readonly string[]): Promise<number> {
  let count = 0;
  for (const path of paths) {
    const isFile = await Deno.stat(path).then((stat) => stat.isFile, () => false);
    if (isFile) count++;
    else {
      for await (const entry of walk(path, { includeDirs: false, exts: [".ts", ".tsx", ".mts"] })) {
        if (!/(^|[\\/])node_modules[\\/]/.test(entry.path)) count++;
      }
    }
  }
  return count;
}
