import { ensureDir } from "@std/fs";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { catalogFile, openCatalog } from "../../lib/library/mod.ts";
import type { BenchSide, SideRuns } from "../../lib/bench/mod.ts";
import { ownFolder } from "./_own_folder.ts";
import { programEnv, programWords } from "./_program_words.ts";
import { runProgram } from "./_run_program.ts";
import { checkDone, QUIET_WORDS } from "./_sandbox_library.ts";
import { takeTurns } from "./_turns.ts";
import { startWebServer } from "./_web_server.ts";
import type { PeerBench } from "./target.ts";

const TINY_BYTES = 1024;

/** Measure one run of the program through a queue of tiny files. */
export async function queueRuns(
  bench: PeerBench,
  options: { readonly name: string; readonly rows: number },
): Promise<readonly SideRuns[]> {
  const { name, rows } = options;
  const root = await ownFolder(bench, "p5-tiny");
  const content = new Uint8Array(TINY_BYTES).map((_, index) => index % 251);
  await Deno.writeFile(join(root, "tiny.bin"), content);
  // Two origins, as Civitai has them: see serveLibrary().
  await using storage = await startWebServer(bench, { root });
  const route = `location /api/download/ { return 302 ${storage.origin}/tiny.bin; }`;
  await using server = await startWebServer(bench, { root, server: route });
  const folder = await ownFolder(bench, "p5-queue");
  await planRows(join(folder, "library"), rows, createHash("sha256").update(content).digest("hex"));
  const args = ["--base-url", server.origin, ...QUIET_WORDS, "--no-fsync", "--engine", bench.engine];
  const side: BenchSide = {
    name,
    run: () =>
      runProgram([...programWords("scripts/download.ts"), ...args], {
        cwd: folder,
        env: programEnv(folder),
        signal: bench.signal,
      }),
    check: () => Promise.resolve(checkDone(folder, rows)),
  };
  try {
    return await takeTurns(bench, { id: "P5", sides: [side], runs: 1, warmup: 0 });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Write the rows of the queue to the catalog, as planning does. */
async function planRows(library: string, rows: number, sha256: string): Promise<void> {
  await ensureDir(join(library, ".civitai-dl"));
  using catalog = openCatalog(catalogFile(library));
  const runId = catalog.startRun({ command: "download", engine: "stable", targets: [] });
  catalog.transaction(() => {
    for (let id = 1; id <= rows; id++) {
      catalog.plan({
        key: `file:${id}:${id}`,
        kind: "file",
        modelId: id,
        versionId: id,
        fileId: id,
        imageId: null,
        creator: "somebody",
        path: `${id % 1000}/${id}.bin`,
        sizeBytes: TINY_BYTES,
        hashes: { SHA256: sha256 },
        source: JSON.stringify({ type: "Model", format: "Other", linkedQuery: null }),
      }, runId);
    }
  });
}
