import { cp } from "node:fs/promises";
import { join } from "node:path";
import { KitError } from "../../lib/base/mod.ts";
import { startOwnedSandbox } from "./_owned_sandbox.ts";
import { ownFolder } from "./_own_folder.ts";
import { programEnv, programWords } from "./_program_words.ts";
import { runProgram } from "./_run_program.ts";
import { QUIET_WORDS, userWords } from "./_sandbox_library.ts";
import { startWebServer, type WebServer, type WebServerOptions } from "./_web_server.ts";
import type { PeerBench } from "./target.ts";

/** A library that is planned but not fetched, and the folder with its files. */
export interface PlannedLibrary {
  /** The folder for a web server, with the files at their storage paths. */
  readonly root: string;
  /** Directives by which nginx serves the download route: they map a file's id to its path. */
  readonly map: string;
  /** The planned files; `path` is relative to the root of the web server. */
  readonly files: readonly { readonly path: string; readonly sha256: string; readonly sizeBytes: number }[];
  /** Copy the planned library to a folder, ready for a run. */
  readonly copyTo: (folder: string) => Promise<void>;
}

/** Plan a library of files of equal size from a sandbox, and export the files. */
export async function planLibrary(
  bench: PeerBench,
  options: { readonly count: number; readonly fileBytes: number; readonly name?: string | undefined },
): Promise<PlannedLibrary> {
  const { count, fileBytes, name = "" } = options;
  await using owned = await startOwnedSandbox(count, { fileBytes: { min: fileBytes, max: fileBytes } });
  const { sandbox, facts } = owned;
  const root = await ownFolder(bench, `${name}exported`);
  await sandbox.exportFiles(root, facts.map((fact) => fact.fileId));
  const folder = await ownFolder(bench, `${name}planned`);
  // A time limit of 0 ends the run after planning, before the first file.
  const args = ["--base-url", sandbox.apiOrigin, ...QUIET_WORDS, "--max-time", "0", ...userWords(sandbox)];
  await runProgram([...programWords("scripts/download.ts"), ...args], {
    cwd: folder,
    env: { ...programEnv(folder), CIVITAI_API_KEY: sandbox.token },
    signal: bench.signal,
    codes: [3],
  });
  const files = await Promise.all(facts.map(async (fact) => ({
    id: fact.fileId,
    path: sandbox.catalog.file(fact.fileId)!.storagePath,
    sizeBytes: fact.sizeBytes,
    sha256: (await fact.sha256()).toLowerCase(),
  })));
  const invalid = files.find((file) => !/^[\w./-]+$/.test(file.path));
  if (invalid !== undefined) {
    throw new KitError("inconclusive", `Cannot serve "${invalid.path}": nginx would need it quoted`);
  }
  return {
    root,
    files,
    map: `map_hash_max_size 65536; map_hash_bucket_size 256;
  map $arg_fileId $stored { ${files.map((file) => `${file.id} ${file.path};`).join("\n  ")} }`,
    copyTo: (target) => cp(join(folder, "library"), join(target, "library"), { recursive: true }),
  };
}

/** The two servers of a planned library. */
export interface LibraryServers extends AsyncDisposable {
  /** Serves the download route. */
  readonly api: WebServer;
  /** Serves the files. */
  readonly storage: WebServer;
}

/**
 * Serve a planned library like Civitai, with API and storage on different origins. The client follows a redirect within
 * the API's own origin to see where it leads, so with one origin it would request each file twice.
 */
export async function serveLibrary(
  bench: PeerBench,
  { root, map }: Pick<PlannedLibrary, "root" | "map">,
  options: Pick<WebServerOptions, "limitRate"> = {},
): Promise<LibraryServers> {
  await using stack = new AsyncDisposableStack();
  const storage = stack.use(await startWebServer(bench, { ...options, root }));
  const route = `location /api/download/ { return 302 ${storage.origin}$stored; }`;
  const api = stack.use(await startWebServer(bench, { root, http: map, server: route }));
  const owned = stack.move();
  return { api, storage, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}
