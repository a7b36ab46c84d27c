import { walk } from "@std/fs";
import { formatCount } from "../../lib/base/mod.ts";
import type { CheckResult } from "../../lib/gate/mod.ts";
import { checkTests } from "../check_tests.ts";
import type { HouseOptions } from "../house_options.ts";
import { ParameterReader } from "../parameter_reader.ts";
import { chooseTests, type ChosenTests } from "./choose_tests.ts";
import { findTouched, type Touched } from "./find_touched.ts";

/**
 * Most test files, unless what was touched has more: with them, the tests take two to three minutes on two processors, and
 * took ten where other programs kept these busy.
 */
const MOST_FILES = 150;

const CODE = /\.([cm]?[jt]sx?|sh|py)$/;

/**
 * Count the failed tests of the rooms that were touched since the branch left its target, and of rooms that import them.
 * What was chosen is in `measured`.
 *
 * @throws {Error} If nothing differs, only code without tests does, or there is nothing to compare with
 */
export async function checkTouched(
  parameters: Readonly<Record<string, unknown>>,
  { runs, target, signal }: HouseOptions,
): Promise<CheckResult> {
  const flags = new ParameterReader(parameters, ["flags"]).flags();
  const touched = await findTouched(target, signal);
  if (touched.paths.length === 0) throw new Error(`nothing differs from ${touched.base}`);
  const chosen = chooseTests({ touched: touched.paths, files: await readModules(), most: MOST_FILES });
  const paths = [...chosen.own, ...chosen.importers].flatMap(({ files }) => files);
  const about = describe(chosen, touched);
  if (paths.length === 0) {
    // Tests pass only if some ran; what is no code needs none.
    const code = chosen.untested.filter((path) => CODE.test(path));
    if (code.length > 0) throw new Error(`no tests belong to ${code.join(", ")}, touched since ${touched.base}`);
    return { value: 0, count: touched.paths.length, unit: "files", measured: about, problems: [] };
  }
  const result = await checkTests({ paths, flags }, { runs, signal });
  return { ...result, measured: `${result.measured}: ${about}` };
}

/** Say what was touched and tested, and what was not. */
function describe(chosen: ChosenTests, { base, paths }: Touched): string {
  const namesOf = (groups: ChosenTests["own"]) => groups.map(({ name }) => name).join(", ");
  const { own, importers, leftOut, untested } = chosen;
  return [
    own.length === 0
      ? `no code was touched in ${formatCount(paths.length, "file")}, so no test is needed`
      : namesOf(own),
    ...importers.length === 0 ? [] : [`${namesOf(importers)}, which import them`],
    ...leftOut.length === 0 ? [] : [`left out as too many: ${leftOut.join(", ")}`],
    ...untested.length === 0 ? [] : [`without tests of their own: ${untested.join(", ")}`],
    `since ${base}`,
  ].join("; ");
}

async function readModules(): Promise<ReadonlyMap<string, string>> {
  const files = new Map<string, string>();
  for (const folder of ["lib", "scripts", "tests"]) {
    if (!await Deno.stat(folder).then((stat) => stat.isDirectory, () => false)) continue;
    for await (const { path } of walk(folder, { includeDirs: false, exts: [".ts"] })) {
      files.set(path.replaceAll("\\", "/"), await Deno.readTextFile(path));
    }
  }
  return files;
}
