import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { openEvidence } from "../../../lib/base/mod.ts";
import type { SoakEvidence } from "../../../lib/soak/mod.ts";

const SCRIPT = fileURLToPath(new URL("../../../scripts/stability.ts", import.meta.url));

/** Options of {@linkcode runStabilityAcceptance}. */
export interface StabilityAcceptance {
  readonly seconds: number;
  readonly interval: number;
  readonly toxics: string;
  /** How long the watcher is stopped in the middle; 0 for not at all. */
  readonly pauseSeconds: number;
}

/** The result of the run. */
export interface StabilityFigures {
  readonly report: SoakEvidence;
  /** The totals, and one line per claim. */
  readonly figures: Readonly<Record<string, unknown>>;
  readonly wallSeconds: number;
}

/** Run the real program, and stop it for a while. */
export async function runStabilityAcceptance(options: StabilityAcceptance): Promise<StabilityFigures> {
  const { seconds, interval, toxics, pauseSeconds } = options;
  const folder = await Deno.makeTempDir({ prefix: "civitai-dl-acceptance-" });
  try {
    const path = join(folder, "stability.json");
    const words = ["--duration", String(seconds), "--report-interval", String(interval), "--toxics", toxics];
    const start = performance.now();
    const child = new Deno.Command(Deno.execPath(), {
      args: ["run", "-q", "--no-prompt", "--allow-all", SCRIPT, "-o", path, ...words],
      stdin: "null",
      stdout: "null",
      stderr: "inherit",
    }).spawn();
    await pause(child, { afterMs: seconds * 400, lengthMs: pauseSeconds * 1000 });
    await child.status;
    const wallSeconds = (performance.now() - start) / 1000;
    const text = await Deno.readTextFile(path);
    const report = openEvidence(text, { schema: "civitai-dl/stability" }) as unknown as SoakEvidence;
    const claims = report.claims.map(({ id, verdict, estimate, events, trials, low, high }) =>
      `${id} ${verdict}: ${estimate} (${events} of ${trials}), ${low} to ${high}`
    );
    return { report, wallSeconds, figures: { ...report.totals, claims } };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function pause(
  child: Deno.ChildProcess,
  { afterMs, lengthMs }: { readonly afterMs: number; readonly lengthMs: number },
): Promise<void> {
  if (lengthMs === 0) return;
  await new Promise((wake) => setTimeout(wake, afterMs));
  child.kill("SIGSTOP");
  await new Promise((wake) => setTimeout(wake, lengthMs));
  child.kill("SIGCONT");
}
