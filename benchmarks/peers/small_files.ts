import { ensureDir } from "@std/fs";
import { join } from "node:path";
import type { BenchSide, Sample } from "../../lib/bench/mod.ts";
import { chartOf, ratioClaim } from "./_claims.ts";
import { GOALS, P4_SIDE, sharesOf } from "./_goals.ts";
import { memoryFolder } from "./_memory_folder.ts";
import { ownFolder } from "./_own_folder.ts";
import { type LibraryServers, planLibrary, type PlannedLibrary, serveLibrary } from "./_planned_library.ts";
import { programEnv, programWords } from "./_program_words.ts";
import { runProgram } from "./_run_program.ts";
import { checkDone, QUIET_WORDS } from "./_sandbox_library.ts";
import { takeTurns } from "./_turns.ts";
import type { PeerBench, PeerTarget } from "./target.ts";

const FILES = 2000;
const FILE_BYTES = 200_000;
/** Room that must be in memory, as a multiple of the files: sidecars and small files need more than their bytes. */
const MEMORY_FACTOR = 2;

/** Wall time for many small files. */
export const smallFiles: PeerTarget = {
  id: "P4",
  title: "Many small files, with catalog and sidecars",
  async measure(bench) {
    const library = await planLibrary(bench, {
      count: Math.max(10, Math.round(FILES * bench.scale)),
      fileBytes: FILE_BYTES,
    });
    await using servers = await serveLibrary(bench, library);
    const work: SmallFiles = { bench, library, servers };
    await using memory = await memoryFolder(MEMORY_FACTOR * library.files.length * FILE_BYTES);
    const sides = [...await diskSides(work), ...memory === null ? [] : await memorySides(work, memory.path)];
    const runs = await takeTurns(bench, { id: "P4", sides });
    return {
      runs,
      workload:
        `${library.files.length} files of ${FILE_BYTES} bytes from nginx on loopback. Ours is the program with ` +
        `profile ${bench.engine} going through a planned queue: it asks a download route, which redirects, verifies ` +
        "each SHA-256, writes the catalog and four sidecars a file. The peer is given the final URLs in a list. In memory, " +
        "both write to a file system of memory.",
      claims: GOALS.P4.map((goal) => ratioClaim(runs, goal)),
      charts: [
        chartOf(runs, {
          title: "Wall time",
          metric: "seconds",
          unit: "seconds",
          shares: sharesOf(GOALS.P4),
        }),
        chartOf(runs, { title: "Processor time", metric: "cpuSeconds", unit: "seconds" }),
        chartOf(runs, { title: "Peak memory", metric: "peakRssBytes", unit: "bytes" }),
      ],
      notes: [
        "The peer does not flush to disk, so the side that is compared with it does not either; the program does by default.",
        ...bench.tools.has("aria2c") ? [] : [bench.tools.missing("aria2c")],
        ...memory === null
          ? ["Nothing was measured in memory: TMPDIR names no file system of memory with enough room."]
          : [],
      ],
    };
  },
};

/** The servers, the files, and what a side of either downloader is made from. */
interface SmallFiles {
  readonly bench: PeerBench;
  readonly library: PlannedLibrary;
  readonly servers: LibraryServers;
}

/** Where the runs of a side write. */
interface RunPlace {
  /** The folder for a folder of each run. */
  readonly folder: string;
  /**
   * Whether the folder of a run stays until the end: ext4 takes long to allocate new files within half a minute after
   * thousands were removed.
   */
  readonly isKept: boolean;
}

/** Make a side whose runs have a new folder each. */
function sideIn(
  { folder, isKept }: RunPlace,
  name: string,
  of: {
    readonly prepare?: (place: string) => Promise<void>;
    readonly run: (place: string) => Promise<Sample>;
    readonly check?: (place: string) => void;
  },
): BenchSide {
  let count = 0;
  let place = "";
  return {
    name,
    async prepare() {
      place = join(folder, `${name.replaceAll(/\W+/g, "-")}-${++count}`);
      await ensureDir(place);
      await of.prepare?.(place);
    },
    run: () => of.run(place),
    async check() {
      of.check?.(place);
      if (!isKept) await Deno.remove(place, { recursive: true });
    },
  };
}

function ourSide(
  { bench, library, servers: { api } }: SmallFiles,
  place: RunPlace,
  { name, words }: { readonly name: string; readonly words: readonly string[] },
): BenchSide {
  const { files, copyTo } = library;
  const bytes = files.reduce((sum, file) => sum + file.sizeBytes, 0);
  const command = [
    ...programWords("scripts/download.ts"),
    "--base-url",
    api.origin,
    ...QUIET_WORDS,
    "--engine",
    bench.engine,
    ...words,
  ];
  return sideIn(place, name, {
    prepare: copyTo,
    run: (cwd) => runProgram(command, { cwd, env: programEnv(cwd), bytes, signal: bench.signal }),
    check: (cwd) => checkDone(cwd, files.length),
  });
}

async function ariaSide(
  { bench, library, servers: { storage } }: SmallFiles,
  place: RunPlace,
  { name, isChecked }: { readonly name: string; readonly isChecked: boolean },
): Promise<BenchSide> {
  const { files } = library;
  const bytes = files.reduce((sum, file) => sum + file.sizeBytes, 0);
  const list = join(await ownFolder(bench, "p4-lists"), isChecked ? "checked.txt" : "list.txt");
  const entries = files.map(({ path, sha256 }) => {
    const checksum = isChecked ? `  checksum=sha-256=${sha256}\n` : "";
    return `${storage.origin}${path}\n  out=${path.slice(1)}\n${checksum}`;
  });
  await Deno.writeTextFile(list, entries.join(""));
  const command = ["aria2c", "--no-conf", "-q", "-j16", "--file-allocation=none", "--allow-overwrite=true", "-i", list];
  return sideIn(place, name, {
    run: (folder) => runProgram([...command, "-d", folder], { bytes, signal: bench.signal }),
  });
}

/** Build the sides that write to the disk of the benchmark. */
async function diskSides(work: SmallFiles): Promise<readonly BenchSide[]> {
  const { bench } = work;
  const place: RunPlace = { folder: await ownFolder(bench, "p4"), isKept: true };
  const ours = [
    ourSide(work, place, { name: P4_SIDE.ours, words: ["--no-fsync"] }),
    ourSide(work, place, { name: P4_SIDE.flushed, words: [] }),
  ];
  if (!bench.tools.has("aria2c")) return ours;
  return [
    ...ours,
    await ariaSide(work, place, { name: P4_SIDE.aria2, isChecked: false }),
    await ariaSide(work, place, { name: P4_SIDE.checked, isChecked: true }),
  ];
}

/** Build the sides that write to memory, where no disk hides what a file costs. */
async function memorySides(work: SmallFiles, folder: string): Promise<readonly BenchSide[]> {
  const place: RunPlace = { folder, isKept: false };
  const ours = ourSide(work, place, { name: P4_SIDE.oursInMemory, words: ["--no-fsync"] });
  if (!work.bench.tools.has("aria2c")) return [ours];
  return [ours, await ariaSide(work, place, { name: P4_SIDE.checkedInMemory, isChecked: true })];
}
