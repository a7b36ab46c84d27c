import { INTERRUPT_CODES } from "../../base/mod.ts";
import { execute, type ExecuteOptions, reportFailure } from "./execute.ts";
import { Interruption, stopSignals } from "./interruption.ts";
import type { Program } from "../command/command.ts";

/** Options of {@linkcode runMain}. */
export type RunMainOptions = Omit<ExecuteOptions, "signal" | "halt">;

/** Signals within this time count as one press of Ctrl-C: the terminal and a launcher may both send one. */
const SAME_PRESS_MS = 1000;

/**
 * Run a program, then exit the process with its exit code. The first signal asks the run to stop
 * cleanly; another one, a second or more later, exits immediately. This is the only function that installs signal
 * handlers and exits.
 */
export async function runMain(program: Program, options: RunMainOptions = {}): Promise<never> {
  const stop = new AbortController();
  const halt = new AbortController();
  let stoppedAt = Infinity;
  for (const name of stopSignals(Deno.build.os)) {
    Deno.addSignalListener(name, () => {
      if (!stop.signal.aborted) {
        stoppedAt = performance.now();
        return stop.abort(new Interruption(name));
      }
      if (performance.now() - stoppedAt < SAME_PRESS_MS) return;
      halt.abort(new Interruption(name));
      Deno.exit(INTERRUPT_CODES[name]);
    });
  }
  // Report unhandled errors like any other error, after the progress lines are cleared.
  const crash = (error: unknown): never => {
    halt.abort(error);
    Deno.exit(reportFailure(error, Deno.args, options));
  };
  globalThis.addEventListener("unhandledrejection", (event) => {
    event.preventDefault();
    crash(event.reason);
  });
  globalThis.addEventListener("error", (event) => {
    event.preventDefault();
    crash(event.error);
  });
  Deno.exit(await execute(program, Deno.args, { ...options, signal: stop.signal, halt: halt.signal }));
}
