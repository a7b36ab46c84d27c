import { assertEquals } from "@std/assert";
import { walk } from "@std/fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { callsIn, findMissingStep, parseDiskRecord, recordDisk } from "../helpers/disk_record.ts";
import { noFaults } from "../helpers/faulty_disk.ts";
import { inTempDir } from "../helpers/temp_dir.ts";
import { DURABLE_WRITES, type DurableSteps } from "./scenarios/durable_writes.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const WRITES = fileURLToPath(new URL("scenarios/durable_writes.ts", import.meta.url));
const missing = await noFaults();

/** Flushes that no promise rests on. */
const NOT_PROVEN: Readonly<Record<string, string>> = {
  "lib/transfer/part/_background_flush.ts": "it only makes the last flush of a large part short",
  "lib/health/checks/write.ts": "it measures how fast the disk is",
  "lib/app/pictures/_preview_index.ts": "a picture that it lost is fetched again",
  "lib/app/view/view_store.ts": "it is made again from the catalog",
};

/** Writes of a whole file that need not survive a power cut. */
const UNFLUSHED: Readonly<Record<string, string>> = {
  "lib/app/pictures/preview_cache.ts": "a picture that it lost is fetched again",
  "lib/base/files/state_file.ts": "its callers choose, and those that do not flush are in this list",
  "lib/downloader/quota/day_quota.ts": "counts under way are flushed at the end of the run",
  "lib/downloader/sidecars/relocate_sidecars.ts": "with --no-fsync only",
  "lib/downloader/watch/active_snapshot.ts": "it describes a run that a power cut ends",
  "lib/failsafe/state/store.ts": "transitions are flushed, counts are not",
  "lib/library/identity/known_libraries.ts": "a library that is not remembered is taken as it is",
  "lib/metrics/journal/write_metric_report.ts": "the next report replaces it",
  "lib/metrics/write_textfile.ts": "the next scrape replaces it",
  "lib/rollout/state/rollout_store.ts": "transitions are flushed, counts are not",
  "lib/transfer/part/part_journal.ts": "a part is checked against its journal, block by block",
};

/** A call that flushes a file or a folder, or a database that does. */
const FLUSH =
  /\b(?:syncFile(?:Sync)?|syncDir(?:Sync)?)\((?!path: string|file: Flushable)|\.sync(?:Data)?(?:Sync)?\(\)|synchronous = NORMAL/;

async function sourcesWith(pattern: RegExp): Promise<readonly string[]> {
  const found: string[] = [];
  for (const folder of ["lib", "scripts"]) {
    for await (const { path } of walk(join(ROOT, folder), { includeDirs: false, exts: [".ts"] })) {
      if (pattern.test(await Deno.readTextFile(path))) found.push(relative(ROOT, path));
    }
  }
  return found.toSorted();
}

Deno.test("each source file that flushes has a write that is recorded, or a reason", async () => {
  const primitives = ["lib/base/files/sync_dir.ts", "lib/base/files/sync_file.ts"];
  const proven = new Set([...DURABLE_WRITES.flatMap(({ sources }) => sources), ...Object.keys(NOT_PROVEN)]);
  assertEquals(await sourcesWith(FLUSH), [...proven, ...primitives].toSorted());
});

Deno.test("each write of a whole file is flushed, except for those with a reason", async () => {
  // A synchronous write is not flushed unless it is told to.
  const unflushed =
    /sync: (?:false|is\w+)|writeAtomicSync\((?![^;]*sync: true)|writeAtomic\([^;]*\{ (?:sync\b|\.\.\.options)/;
  const found = (await sourcesWith(unflushed)).filter((path) => path !== "lib/base/files/write_atomic.ts");
  assertEquals(found.filter((path) => path !== "lib/library/sidecars/write_sidecar.ts"), Object.keys(UNFLUSHED));
});

Deno.test("parseDiskRecord() joins a call that another thread interrupted, and leaves out one that failed", () => {
  const log = [
    "10 fsync(9</x/a.tmp> <unfinished ...>",
    '11 rename("/x/b.tmp", "/x/b") = 0',
    "10 <... fsync resumed>)                = 0",
    '10 rename("/x/a.tmp", "/x/a") = -1 EACCES (Permission denied)',
    '10 renameat2(AT_FDCWD</x>, "a.tmp", AT_FDCWD</x>, "a", RENAME_NOREPLACE) = 0',
    "10 fdatasync(9</x>)                        = 0",
    "12 +++ exited with 0 +++",
  ].join("\n");
  const calls = parseDiskRecord(log, "/");
  assertEquals(calls, [
    { step: "flush /x/a.tmp", start: 0, end: 2 },
    { step: "rename /x/b.tmp to /x/b", start: 1, end: 1 },
    { step: "rename /x/a.tmp to /x/a", start: 4, end: 4 },
    { step: "flush /x", start: 5, end: 5 },
  ]);
  const steps = ["flush a.tmp", "rename a.tmp to a", "flush ."];
  assertEquals(findMissingStep(calls, steps, "/x"), null);
  // The flush of b.tmp had not ended when its name changed.
  assertEquals(findMissingStep(calls, ["flush a.tmp", "rename b.tmp to b"], "/x"), "rename b.tmp to b");
  for (const lost of calls.filter(({ step }) => step.startsWith("flush"))) {
    const rest = calls.filter((call) => call !== lost);
    assertEquals(findMissingStep(rest, steps, "/x"), lost.step.replace("/x/", "").replace("/x", "."));
  }
});

Deno.test({
  name: `files are flushed, then get their names, then folders are flushed${
    missing === null ? "" : ` (skipped: ${missing})`
  }`,
  ignore: missing !== null,
  fn: () =>
    inTempDir(async (folder) => {
      const words = [Deno.execPath(), "run", "-q", "--no-prompt", "--allow-all", WRITES, folder];
      const { code, out, err, calls } = await recordDisk(words, ROOT);
      assertEquals(code, 0, err);
      const made = JSON.parse(out) as readonly (DurableSteps & { readonly name: string })[];
      const lost = made.flatMap(({ name, root, steps }) => {
        const step = findMissingStep(calls, steps, root);
        return step === null
          ? []
          : [`${name}: no "${step}" in ${callsIn(calls, root).map((call) => call.step).join("; ")}`];
      });
      assertEquals(lost, []);
    }),
});
