import { linesOf, type WorkAnswer, type WorkFailure, type WorkOrder } from "./_work_message.ts";

/** The handlers of a process under test. Bodies and results are plain data. */
export interface WorkHandlers {
  /** Run a job. Its result or error is sent to the watcher. */
  work(
    body: unknown,
    context: { readonly signal: AbortSignal; readonly beat: (state?: string) => void },
  ): Promise<unknown>;
  /** Measure this process. The result is sent to the watcher. */
  probe(body: unknown): Promise<unknown>;
}

/** Minimum time between two heartbeats with the same state. */
const BEAT_MS = 200;
const STOP_MS = 2000;

/**
 * Serve a {@linkcode WatchedProcess} from the process under test: read orders from standard input and write answers to
 * standard output until the input ends, which also happens if the watcher has exited.
 *
 * @param handlers The functions that run jobs and probes
 */
export async function serveWork(handlers: WorkHandlers): Promise<void> {
  const stops = new Map<number, AbortController>();
  const send = (answer: WorkAnswer): void => writeOut(`${JSON.stringify(answer)}\n`);
  const running = new Set<Promise<void>>();
  send({ type: "ready" });
  for await (const line of linesOf(Deno.stdin.readable)) {
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
      beat: throttle((state) => send({ type: "beat", id, state: state ?? null })),
    })).then(
      (result) => send({ type: "done", id, body: result ?? null }),
      (error) => send({ type: "failed", id, error: failureOf(error) }),
    ).finally(() => {
      stops.delete(id);
      running.delete(done);
    });
    running.add(done);
  }
  for (const stop of stops.values()) stop.abort(new DOMException("The watcher is gone", "AbortError"));
  // The answers are no longer read, and a hung job must not keep the process alive.
  let timer: ReturnType<typeof setTimeout> | undefined;
  const timeout = new Promise<void>((resolve) => timer = setTimeout(resolve, STOP_MS));
  await Promise.race([Promise.all(running), timeout]);
  clearTimeout(timer);
}

/** Throttle heartbeats: a new state is sent immediately, an unchanged one at most every 200 ms. */
function throttle(send: (state?: string) => void): (state?: string) => void {
  let last = undefined as string | undefined;
  let sentAt = -Infinity;
  return (state = last) => {
    const now = performance.now();
    if (state === last && now - sentAt < BEAT_MS) return;
    last = state;
    sentAt = now;
    send(state);
  };
}

function failureOf(error: unknown): WorkFailure {
  if (!(error instanceof Error)) return { name: "Error", message: String(error), failure: null, details: "" };
  const { name, message, stack = "" } = error;
  const failure = "failure" in error && typeof error.failure === "string" ? error.failure : null;
  const isKnown = failure !== null || "code" in error;
  // The first lines of a stack repeat the message.
  const details = isKnown ? "" : stack.split("\n").filter((line) => line.startsWith("    at ")).join("\n");
  return { name, message, failure, details };
}

/** Write a line completely; a full pipe may accept only part of it at a time. */
function writeOut(line: string): void {
  const bytes = new TextEncoder().encode(line);
  for (let offset = 0; offset < bytes.length;) offset += Deno.stdout.writeSync(bytes.subarray(offset));
}
