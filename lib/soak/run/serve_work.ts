import { linesOf, type WorkAnswer, type WorkOrder } from "./_work_message.ts";

/** What a process under test can do; bodies are plain data. */
export interface WorkHandlers {
  /** Do a job. */
  work(
    body: unknown,
    context: { readonly signal: AbortSignal; readonly beat: (state?: string) => void },
  ): Promise<unknown>;
  /** Look at itself. */
  probe(body: unknown): Promise<unknown>;
}

/** Options of {@linkcode serveWork}. */
export interface ServeWorkOptions {
  /**
   * Orders, one a line.
   *
   * @default {Deno.stdin.readable}
   */
  readonly input?: ReadableStream<Uint8Array> | undefined;
  /**
   * Answers, one a line.
   *
   * @default {writes to Deno.stdout}
   */
  readonly write?: ((line: string) => void) | undefined;
}

/** More signs of life than that tell nothing. */
const BEAT_MS = 200;
const STOP_MS = 2000;

/**
 * The other end of {@linkcode WatchedProcess}: take orders from standard input and answer on standard output until the
 * input ends, as it does when the watcher is gone.
 *
 * @param handlers What can be ordered
 * @param options Seams
 */
export async function serveWork(handlers: WorkHandlers, options: ServeWorkOptions = {}): Promise<void> {
  const { input = Deno.stdin.readable, write = writeOut } = options;
  const stops = new Map<number, AbortController>();
  const tell = (answer: WorkAnswer): void => write(`${JSON.stringify(answer)}\n`);
  const running = new Set<Promise<void>>();
  tell({ type: "ready" });
  for await (const line of linesOf(input)) {
    const order = JSON.parse(line) as WorkOrder;
    if (order.type === "cancel") {
      stops.get(order.id)?.abort(new DOMException("The job was stopped", "AbortError"));
      continue;
    }
    const { id, body } = order;
    const stop = new AbortController();
    stops.set(id, stop);
    const done = (order.type === "probe" ? handlers.probe(body) : handlers.work(body, {
      signal: stop.signal,
      beat: sparsely((state) => tell({ type: "beat", id, state: state ?? null })),
    })).then(
      (result) => tell({ type: "done", id, body: result ?? null }),
      (error) => tell({ type: "failed", id, error: failureOf(error) }),
    ).finally(() => {
      stops.delete(id);
      running.delete(done);
    });
    running.add(done);
  }
  for (const stop of stops.values()) stop.abort(new DOMException("The watcher is gone", "AbortError"));
  // Nobody hears the answers any more, and what hangs must not keep the process alive.
  let timer: ReturnType<typeof setTimeout> | undefined;
  const patience = new Promise<void>((resolve) => timer = setTimeout(resolve, STOP_MS));
  await Promise.race([Promise.all(running), patience]);
  clearTimeout(timer);
}

/** A new state is told at once, the same one now and then. */
function sparsely(tell: (state?: string) => void): (state?: string) => void {
  let last = undefined as string | undefined;
  let at = -Infinity;
  return (state = last) => {
    const now = performance.now();
    if (state === last && now - at < BEAT_MS) return;
    last = state;
    at = now;
    tell(state);
  };
}

function failureOf(error: unknown): { name: string; message: string; failure: string | null } {
  if (!(error instanceof Error)) return { name: "Error", message: String(error), failure: null };
  const failure = "failure" in error && typeof error.failure === "string" ? error.failure : null;
  return { name: error.name, message: error.message, failure };
}

/** A pipe takes part of a line when it is full. */
function writeOut(line: string): void {
  const bytes = new TextEncoder().encode(line);
  for (let offset = 0; offset < bytes.length;) offset += Deno.stdout.writeSync(bytes.subarray(offset));
}
