import type { ToxicRule } from "../../lib/sandbox/mod.ts";
import { type PeerBench, planLibrary, serveLibrary, startOwnedSandbox, userWords } from "../peers/mod.ts";
import type { Workload } from "./workload.ts";

/** The server's counts since the last `prepare()` or `take()`. */
export interface ServedCounts {
  readonly requests: number;
  readonly wireBytes: number;
}

/** A workload on a running server. */
export interface ServedWorkload extends AsyncDisposable {
  /** The server, for the report. */
  readonly server: "nginx" | "the built-in sandbox";
  readonly files: number;
  readonly bytes: number;
  /** Arguments for `download`. */
  readonly words: readonly string[];
  /** Additions to the environment. */
  readonly env: Readonly<Record<string, string>>;
  /** Prepare a folder for a run, and reset the server's counts. */
  readonly prepare: (folder: string) => Promise<void>;
  /** Return the server's counts since they were reset. */
  readonly take: () => Promise<ServedCounts>;
}

/** Serve a workload. Workloads with latency or faults need the sandbox; others use nginx if it is installed. */
export async function serveWorkload(bench: PeerBench, workload: Workload): Promise<ServedWorkload> {
  const isPlain = workload.latencyMs === undefined && workload.faultRate === undefined;
  return isPlain && bench.tools.has("nginx") ? await byNginx(bench, workload) : await bySandbox(bench, workload);
}

async function byNginx(bench: PeerBench, workload: Workload): Promise<ServedWorkload> {
  const { id, bytesPerSecond } = workload;
  const { count, max } = scaled(bench, workload);
  const library = await planLibrary(bench, { count, fileBytes: max, name: `${id}-` });
  const limit = bytesPerSecond === undefined ? {} : { limitRate: String(bytesPerSecond) };
  const servers = await serveLibrary(bench, library, limit);
  const takeRequests = async () => [...await servers.api.takeRequests(), ...await servers.storage.takeRequests()];
  return {
    server: "nginx",
    files: library.files.length,
    env: {},
    words: ["--base-url", servers.api.origin],
    bytes: library.files.reduce((sum, file) => sum + file.sizeBytes, 0),
    async prepare(folder) {
      await library.copyTo(folder);
      await takeRequests();
    },
    async take() {
      const requests = await takeRequests();
      return { requests: requests.length, wireBytes: requests.reduce((sum, one) => sum + one.sentBytes, 0) };
    },
    [Symbol.asyncDispose]: () => servers[Symbol.asyncDispose](),
  };
}

async function bySandbox(bench: PeerBench, workload: Workload): Promise<ServedWorkload> {
  const { count, min, max } = scaled(bench, workload);
  const { sandbox, facts, ...owned } = await startOwnedSandbox(count, { seed: 9, fileBytes: { min, max } });
  for (const fact of facts) await fact.sha256();
  sandbox.setToxics(toxicsOf(workload));
  return {
    server: "the built-in sandbox",
    files: facts.length,
    env: { CIVITAI_API_KEY: sandbox.token },
    bytes: facts.reduce((sum, fact) => sum + fact.sizeBytes, 0),
    words: ["--base-url", sandbox.apiOrigin, ...userWords(sandbox)],
    prepare() {
      sandbox.log.clear();
      return Promise.resolve();
    },
    take() {
      const requests = [...sandbox.log.counts.values()].reduce((sum, one) => sum + one, 0);
      return Promise.resolve({ requests, wireBytes: sandbox.log.storageBytes });
    },
    [Symbol.asyncDispose]: () => owned[Symbol.asyncDispose](),
  };
}

function scaled(
  { scale }: PeerBench,
  { files, bytes, scales }: Workload,
): { readonly count: number; readonly min: number; readonly max: number } {
  const size = (value: number) => scales === "bytes" ? Math.max(4096, Math.round(value * scale)) : value;
  const count = scales === "files" ? Math.max(4, Math.round(files * scale)) : files;
  return { count, min: size(bytes.min), max: size(bytes.max) };
}

function toxicsOf({ latencyMs, bytesPerSecond, faultRate }: Workload): readonly ToxicRule[] {
  const faults: readonly ToxicRule["type"][] = ["reset", "truncate", "corrupt", "serverError", "expiredUrl"];
  return [
    ...latencyMs === undefined ? [] : [{ type: "latency", ms: latencyMs } as const],
    ...bytesPerSecond === undefined ? [] : [{ type: "bandwidth", bytesPerSecond } as const],
    ...faultRate === undefined ? [] : faults.map((type) => ({ type, rate: faultRate / faults.length } as ToxicRule)),
  ];
}
