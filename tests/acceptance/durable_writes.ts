/**
 * Removes each flush of the product in turn, in a copy of its last commit, and checks that a test fails.
 *
 * Bound: no flush can be removed without a test that fails, except for those that no promise rests on
 * (`tests/integration/durable_writes_test.ts` lists them with reasons).
 * Takes about five minutes: `deno run -q -P=acceptance tests/acceptance/durable_writes.ts [--only PATH]`.
 *
 * @module
 */
import { parseArgs } from "@std/cli";
import { walk } from "@std/fs";
import { join, relative } from "node:path";
import { reportFigures } from "../helpers/report_figures.ts";
import { tellProgress } from "./_flag.ts";
import { ProductCopy } from "./_product_copy.ts";

const TEST = "tests/integration/durable_writes_test.ts";
/** Flushes that no promise rests on. */
const NOT_PROVEN: readonly string[] = [
  "lib/app/pictures/_preview_index.ts",
  "lib/app/view/view_store.ts",
  "lib/health/checks/write.ts",
  "lib/transfer/part/_background_flush.ts",
];

/** How each form of a flush is voided, with the same types. */
const VOIDS: readonly (readonly [form: RegExp, put: string])[] = [
  [/(?<!function )\bsync(?:File|Dir)\((?=\w)/g, "((..._: unknown[]): Promise<boolean> => Promise.resolve(true))("],
  [/(?<!function )\bsync(?:File|Dir)Sync\((?=\w)/g, "((..._: unknown[]): boolean => true)("],
  [/(?<=\b(?:file|folder))\.sync(?:Data)?\(\)/g, ".toString()"],
  [/(?<=\b(?:file|folder)\??)\.sync(?:Data)?Sync\(\)/g, ".toString()"],
  [/(?<=\blog)\.sync\(\)/g, ".open()"],
  [/synchronous = NORMAL/g, "synchronous = OFF"],
];

/** A flush in the sources. */
interface Flush {
  readonly path: string;
  readonly line: number;
  /** The file without this flush. */
  readonly voided: string;
}

async function findFlushes(root: string): Promise<readonly Flush[]> {
  const found: Flush[] = [];
  for await (const { path } of walk(join(root, "lib"), { includeDirs: false, exts: [".ts"] })) {
    const text = await Deno.readTextFile(path);
    for (const [form, put] of VOIDS) {
      for (const { index, 0: call } of text.matchAll(form)) {
        const before = text.slice(0, index);
        const isComment = /^\s*\*/.test(before.slice(before.lastIndexOf("\n") + 1));
        if (isComment) continue;
        const voided = before + put + text.slice(index + call.length);
        found.push({ path: relative(root, path), line: before.split("\n").length, voided });
      }
    }
  }
  return found.filter(({ path }) => !NOT_PROVEN.includes(path));
}

async function testsFail(root: string, path: string): Promise<boolean> {
  const tests = path.startsWith("lib/base/files/sync_") ? [TEST, "tests/base/files"] : [TEST];
  const args = ["test", "-q", "-P", "--no-check", ...tests];
  const { success } = await new Deno.Command(Deno.execPath(), { args, cwd: root, stdout: "null", stderr: "null" })
    .output();
  return !success;
}

if (import.meta.main) {
  const { only } = parseArgs(Deno.args);
  await using copy = await ProductCopy.open();
  const isSound = !await testsFail(copy.root, "lib");
  const flushes = (await findFlushes(copy.root)).filter(({ path }) =>
    only === undefined || path.includes(String(only))
  );
  const missed: string[] = [];
  for (const { path, line, voided } of flushes) {
    const place = join(copy.root, path);
    const text = await Deno.readTextFile(place);
    await Deno.writeTextFile(place, voided);
    const isFound = await testsFail(copy.root, path);
    await Deno.writeTextFile(place, text);
    tellProgress(`${path}:${line}: ${isFound ? "found" : "missed"}`);
    if (!isFound) missed.push(`${path}:${line}`);
  }
  reportFigures({ flushes: flushes.length, missed }, [
    { name: "the tests pass with all flushes", isMet: isSound },
    { name: "there are flushes", isMet: flushes.length > 0 },
    { name: "each flush that is removed fails a test", isMet: missed.length === 0 },
  ]);
}
