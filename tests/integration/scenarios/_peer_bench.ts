import { findTools } from "../../../benchmarks/peers/_tools.ts";
import type { PeerBench } from "../../../benchmarks/peers/target.ts";

/** A bench that is removed with its folder. */
export interface OwnPeerBench extends PeerBench, AsyncDisposable {}

/** Options of {@linkcode makePeerBench}. */
export interface PeerBenchOptions {
  /**
   * Measured rounds.
   *
   * @default {1}
   */
  readonly runs?: number | undefined;
  /** Called with progress. */
  readonly onProgress?: ((text: string) => void) | undefined;
}

/** Create what the peer benchmarks need, in a temporary folder. */
export async function makePeerBench(options: PeerBenchOptions = {}): Promise<OwnPeerBench> {
  const { runs = 1, onProgress = () => {} } = options;
  const folder = await Deno.realPath(await Deno.makeTempDir({ prefix: "peers-" }));
  const made = new Map<string, Promise<unknown>>();
  return {
    runs,
    folder,
    scale: 1,
    engine: "turbo",
    tools: await findTools(),
    onProgress,
    signal: new AbortController().signal,
    once<T>(name: string, make: () => Promise<T>): Promise<T> {
      if (!made.has(name)) made.set(name, make());
      return made.get(name) as Promise<T>;
    },
    [Symbol.asyncDispose]: () => Deno.remove(folder, { recursive: true }),
  };
}
