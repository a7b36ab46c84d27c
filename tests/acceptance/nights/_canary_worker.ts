/**
 * Downloads a library with a rollout, as `download` does, in a process of its own, so that it can be bound to some of
 * the processors. Reads its settings as JSON from its first argument.
 *
 * @module
 */
import { DEFAULT_CHOICE, download, openEngine, openLibrary, openLibraryRollout } from "../../../lib/downloader/mod.ts";
import { PROFILES, type Transport } from "../../../lib/transfer/mod.ts";

/** Settings of the worker. */
export interface CanaryWork {
  readonly root: string;
  readonly apiOrigin: string;
  readonly token: string;
  readonly creators: readonly string[];
  /** Ids of the files for which the engine takes `slowness` times as long. */
  readonly slowFiles: readonly number[];
  readonly slowness: number;
}

/** Take longer over the bytes of some files: after each read, wait for a part of the time since the last one. */
function slowDown(send: Transport, { slowFiles, slowness }: CanaryWork): Transport {
  const slow = new Set(slowFiles);
  return async (url, options) => {
    const response = await send(url, options);
    // The part of a storage path before the extension is the file's id, in base 36.
    if (!slow.has(Number.parseInt(new URL(url).pathname.split(".").at(-2) ?? "", 36))) return response;
    let since = performance.now();
    let owedMs = 0;
    return {
      status: response.status,
      headers: response.headers,
      async read(target) {
        const count = await response.read(target);
        owedMs += (performance.now() - since) * (slowness - 1);
        // A timer cannot wait for less than a few milliseconds.
        if (owedMs >= 5) {
          const beginMs = performance.now();
          await new Promise((resolve) => setTimeout(resolve, owedMs));
          owedMs -= performance.now() - beginMs;
        }
        since = performance.now();
        return count;
      },
      [Symbol.asyncDispose]: () => response[Symbol.asyncDispose](),
    };
  };
}

async function work(settings: CanaryWork): Promise<void> {
  const { root, apiOrigin, token, creators, slowFiles } = settings;
  using library = await openLibrary(root, { command: "download" });
  const onEvent = () => {};
  const onWarning = (message: string): void => {
    throw new Error(message);
  };
  await using rollout = await openLibraryRollout(library, { command: "download", onEvent, onWarning });
  using engine = openEngine({
    library,
    client: { baseUrl: apiOrigin, token, modelRate: Infinity, imageRate: Infinity, downloadRate: Infinity },
    rollout,
    profile: PROFILES.turbo,
    onEvent,
    wrapTransport: slowFiles.length === 0 ? undefined : (send) => slowDown(send, settings),
  });
  const { run } = await download({
    ...engine,
    targets: creators.map((username) => ({ type: "user", username }) as const),
    choice: { ...DEFAULT_CHOICE, previews: 0, gallery: 0, maxImages: 0 },
    command: "download",
    reserveBytes: 0,
    approve: () => Promise.resolve(true),
    signal: new AbortController().signal,
  });
  if (run === null || Object.keys(run.outcomes).join() !== "done") Deno.exitCode = 1;
}

if (import.meta.main) await work(JSON.parse(Deno.args[0]!));
