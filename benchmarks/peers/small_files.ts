import { ensureDir } from "@std/fs";
import { join } from "node:path";
import type { BenchSide } from "../../lib/bench/mod.ts";
import { chartOf, ratioClaim } from "./_claims.ts";
import { GOALS, P4_SIDE, sharesOf } from "./_goals.ts";
import { ownFolder } from "./_own_folder.ts";
import { type LibraryServers, planLibrary, type PlannedLibrary, serveLibrary } from "./_planned_library.ts";
import { programEnv, programWords } from "./_program_words.ts";
import { runProgram } from "./_run_program.ts";
import { checkDone, QUIET_WORDS } from "./_sandbox_library.ts";
import { takeTurns } from "./_turns.ts";
import type { PeerBench, PeerTarget } from "./target.ts";

const FILES = 2000;
const FILE_BYTES = 200_000;

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
    const sides = [...await ourSides(bench, library, servers), ...await ariaSides(bench, library, servers)];
    const runs = await takeTurns(bench, { id: "P4", sides });
    return {
      runs,
      workload:
        `${library.files.length} files of ${FILE_BYTES} bytes from nginx on loopback. Ours is the program with ` +
        `profile ${bench.engine} going through a planned queue: it asks a download route, which redirects, verifies ` +
        "each SHA-256, writes the catalog and four sidecars a file. The peer is given the final URLs in a list.",
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
      ],
    };
  },
};

/**
 * Make a function that creates a new folder for each run. They are removed with the whole benchmark: ext4 takes long to
 * allocate new files within half a minute after thousands were removed.
 */
function freshFolders(folder: string, name: string): () => Promise<string> {
  let count = 0;
  return async () => {
    const place = join(folder, `${name.replaceAll(/\W+/g, "-")}-${++count}`);
    await ensureDir(place);
    return place;
  };
}

async function ourSides(
  bench: PeerBench,
  library: PlannedLibrary,
  { api }: LibraryServers,
): Promise<readonly BenchSide[]> {
  const folder = await ownFolder(bench, "p4");
  const { files } = library;
  const bytes = files.reduce((sum, file) => sum + file.sizeBytes, 0);
  const command = [
    ...programWords("scripts/download.ts"),
    "--base-url",
    api.origin,
    ...QUIET_WORDS,
    "--engine",
    bench.engine,
  ];
  const side = (name: string, more: readonly string[]): BenchSide => {
    const next = freshFolders(folder, name);
    let place = "";
    return {
      name,
      async prepare() {
        place = await next();
        await library.copyTo(place);
      },
      run: () => runProgram([...command, ...more], { cwd: place, env: programEnv(place), bytes, signal: bench.signal }),
      check: () => Promise.resolve(checkDone(place, files.length)),
    };
  };
  return [side(P4_SIDE.ours, ["--no-fsync"]), side(P4_SIDE.flushed, [])];
}

async function ariaSides(
  bench: PeerBench,
  library: PlannedLibrary,
  { storage }: LibraryServers,
): Promise<readonly BenchSide[]> {
  if (!bench.tools.has("aria2c")) return [];
  const folder = await ownFolder(bench, "p4-aria2");
  const { files } = library;
  const bytes = files.reduce((sum, file) => sum + file.sizeBytes, 0);
  const lists = { plain: join(folder, "list.txt"), checked: join(folder, "checked.txt") };
  const entry = (path: string, more: string) => `${storage.origin}${path}\n  out=${path.slice(1)}\n${more}`;
  await Deno.writeTextFile(lists.plain, files.map(({ path }) => entry(path, "")).join(""));
  const checked = files.map(({ path, sha256 }) => entry(path, `  checksum=sha-256=${sha256}\n`));
  await Deno.writeTextFile(lists.checked, checked.join(""));
  const side = (name: string, list: string): BenchSide => {
    const next = freshFolders(folder, name);
    return {
      name,
      run: async () =>
        runProgram([
          ...["aria2c", "--no-conf", "-q", "-j16", "--file-allocation=none", "--allow-overwrite=true"],
          ...["-i", list, "-d", await next()],
        ], { bytes, signal: bench.signal }),
    };
  };
  return [side(P4_SIDE.aria2, lists.plain), side(P4_SIDE.checked, lists.checked)];
}
