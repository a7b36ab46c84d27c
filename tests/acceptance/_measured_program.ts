/**
 * Runs the program in this process, and writes its resources to standard error as JSON lines that start with `@`: the
 * heap after a garbage collection, memory outside the heap, and open files. For runs of hours.
 *
 * @module
 */
import { Session } from "node:inspector";
import { program as lazyProgram } from "../../cli.ts";
import { execute, Interruption, loadProgram, systemIo } from "../../lib/cli/mod.ts";

/** The resources of a process. */
export interface Held {
  /** Milliseconds since the start. */
  readonly at: number;
  readonly heapUsed: number;
  readonly external: number;
  readonly rss: number;
  readonly openFiles: number;
}

/** Twice: what a finalizer releases becomes garbage only after the first. */
function collectGarbage(session: Session): Promise<void> {
  const once = () => new Promise<void>((resolve) => session.post("HeapProfiler.collectGarbage", () => resolve()));
  return once().then(once);
}

if (import.meta.main) {
  const [everyMs, ...argv] = Deno.args;
  const session = new Session();
  session.connect();
  const start = performance.now();
  const timer = setInterval(async () => {
    await collectGarbage(session);
    const { heapUsed, external, rss } = Deno.memoryUsage();
    const held: Held = {
      at: Math.round(performance.now() - start),
      heapUsed,
      external,
      rss,
      openFiles: (await Array.fromAsync(Deno.readDir("/proc/self/fd"))).length,
    };
    Deno.stderr.writeSync(new TextEncoder().encode(`@${JSON.stringify(held)}\n`));
  }, Number(everyMs));
  const stop = new AbortController();
  Deno.addSignalListener("SIGINT", () => stop.abort(new Interruption("SIGINT")));
  const program = await loadProgram(lazyProgram);
  Deno.exitCode = await execute(program, argv, {
    io: systemIo,
    env: (name) => Deno.env.get(name),
    signal: stop.signal,
    loadConfig: () => Promise.resolve(undefined),
  });
  clearInterval(timer);
  session.disconnect();
}
