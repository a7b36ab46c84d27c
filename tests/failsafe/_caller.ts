/**
 * A process that opens a state folder: calls a URL a number of times, with its clock ahead by some milliseconds, and
 * reports the outcomes. Reads one JSON argument and writes one JSON line.
 */
import { fileURLToPath } from "node:url";
import { type Clock, systemClock } from "../../lib/base/mod.ts";
import { Failsafe, outcomeOfError } from "../../lib/failsafe/mod.ts";

/** The task of the process. */
export interface CallerTask {
  readonly folder: string;
  readonly url: string;
  readonly calls: number;
  /** Milliseconds by which its clock is ahead. */
  readonly aheadMs: number;
  /** Milliseconds by which its clock advances before each call. */
  readonly stepMs: number;
}

/** Its outcomes. */
export interface CallerReport {
  readonly admissions: readonly string[];
  readonly retryInMs: number;
  readonly events: readonly string[];
  readonly warnings: readonly string[];
}

async function main(task: CallerTask): Promise<CallerReport> {
  const { folder, url, calls, aheadMs, stepMs } = task;
  let stepsMs = 0;
  const clock: Clock = { ...systemClock, now: () => Date.now() + aheadMs + stepsMs };
  const admissions: string[] = [];
  const events: string[] = [];
  const warnings: string[] = [];
  let retryInMs = 0;
  await using failsafe = await Failsafe.open(folder, {
    clock,
    onEvent: ({ from, to }) => events.push(`${from} ${to}`),
    onWarning: (message) => warnings.push(message),
  });
  for (let i = 0; i < calls; i++) {
    stepsMs += stepMs;
    using admission = failsafe.admit("host");
    admissions.push(admission.type);
    retryInMs = admission.retryInMs;
    if (admission.type === "refused") continue;
    try {
      const response = await fetch(url);
      await response.body?.cancel();
      admission.finish(response.ok ? { type: "ok", durationMs: 1 } : { type: "failed", failure: "server" });
    } catch (error) {
      admission.finish(outcomeOfError(error));
    }
  }
  return { admissions, retryInMs, events, warnings };
}

if (import.meta.main) {
  const report = await main(JSON.parse(Deno.args[0]!));
  await Deno.stdout.write(new TextEncoder().encode(`${JSON.stringify(report)}\n`));
}

/** No byte more: an error instead of a signal, and no coverage, which would be an empty file. */
const FULL = 'trap "" XFSZ; ulimit -f 0; unset DENO_COVERAGE_DIR; exec "$@"';

/** Run a caller to its end, on a full disk if requested. */
export async function runCaller(
  task: CallerTask,
  options: { readonly isDiskFull?: boolean } = {},
): Promise<CallerReport> {
  const script = fileURLToPath(import.meta.url);
  const permissions = ["--allow-read", `--allow-write=${task.folder}`, "--allow-net=127.0.0.1"];
  const words = ["run", "-q", "--no-prompt", ...permissions, script, JSON.stringify(task)];
  const command = options.isDiskFull
    ? new Deno.Command("sh", { args: ["-c", FULL, "sh", Deno.execPath(), ...words] })
    : new Deno.Command(Deno.execPath(), { args: words });
  const { success, stdout, stderr } = await command.output();
  const text = new TextDecoder();
  if (!success) throw new Error(`The caller failed: ${text.decode(stderr).slice(-800)}`);
  return JSON.parse(text.decode(stdout));
}
