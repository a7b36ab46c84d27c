import { cp } from "node:fs/promises";
import { join } from "node:path";
import { KitError } from "../../lib/base/mod.ts";
import { startOwnedSandbox } from "./_owned_sandbox.ts";
import { ownFolder } from "./_own_folder.ts";
import { programEnv, programWords } from "./_program_words.ts";
import { runWords } from "./_run_words.ts";
import { QUIET_WORDS, userWords } from "./_sandbox_library.ts";
import { startWebServer, type WebServer, type WebServerOptions } from "./_web_server.ts";
import type { PeerBench } from "./target.ts";

/** A library that is planned and not fetched, and a folder that holds its files. */
export interface PlannedLibrary {
  /** What a web server must serve: the files by their paths. */
  readonly root: string;
  /** Directives that make nginx the API's download route: a file's number leads to its path. */
  readonly map: string;
  /** The files. */
  readonly files: readonly { readonly path: string; readonly sha256: string; readonly sizeBytes: number }[];
  /** Put a fresh copy of the planned library into a folder. */
  readonly copyTo: (folder: string) => Promise<void>;
}

/** Plan a library of equally large files from the sandbox, and export them. */
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
  // The time is over when the plan stands, before the first file.
  const words = ["--base-url", sandbox.apiOrigin, ...QUIET_WORDS, "--max-time", "0", ...userWords(sandbox)];
  await runWords([...programWords("scripts/download.ts"), ...words], {
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
  const odd = files.find((file) => !/^[\w./-]+$/.test(file.path));
  if (odd !== undefined) throw new KitError("inconclusive", `Cannot serve "${odd.path}": nginx would need it quoted`);
  return {
    root,
    files,
    map: `map_hash_max_size 65536; map_hash_bucket_size 256;
  map $arg_fileId $stored { ${files.map((file) => `${file.id} ${file.path};`).join("\n  ")} }`,
    copyTo: (target) => cp(join(folder, "library"), join(target, "library"), { recursive: true }),
  };
}

/** The servers of a planned library. */
export interface LibraryServers extends AsyncDisposable {
  /** Answers the download route. */
  readonly api: WebServer;
  /** Has the files. */
  readonly storage: WebServer;
}

/**
 * Serve a planned library as Civitai does, the API and the storage from different origins: a redirect that stays with the
 * API's own is one that the client follows to see where it leads, so each file would be asked for twice.
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
