import { join } from "node:path";
import { parseSize } from "../../../lib/base/mod.ts";
import { armOf, bucketOf, parseRolloutPlan, RolloutStore, type SpeedRecord } from "../../../lib/rollout/mod.ts";
import { startSandbox } from "../../../lib/sandbox/mod.ts";
import { PLAIN } from "../../helpers/library/download_bench.ts";
import type { CanaryWork } from "./_canary_worker.ts";

/** A library that is downloaded with a rollout. */
export interface CanaryRun {
  /** Typical size of its files, such as `20M`; they have from 0.85 to 1.5 times as many bytes. */
  readonly size: string;
  readonly files: number;
  /** Number of processors that the download may use. */
  readonly cores: number;
  /** Share of the canary in percent. */
  readonly share: number;
  /** Bytes per second of each connection, such as `20M`; absent without a limit. */
  readonly line?: string | undefined;
  /** How many times as long the canary's engine takes over its bytes. */
  readonly slowness?: number;
}

/** What the rollout measured. */
export interface CanaryFigures {
  readonly canary: number;
  readonly baseline: number;
  readonly failures: number;
  readonly speed: SpeedRecord;
  readonly state: string;
}

const WORKER = new URL("_canary_worker.ts", import.meta.url).pathname;
const CONFIG = new URL("../../../deno.json", import.meta.url).pathname;
const SALT = "canaries";

/** Download a library in a process of its own, bound to so many processors, and return what its rollout measured. */
export async function runCanary(folder: string, run: CanaryRun): Promise<CanaryFigures> {
  const { size, files, cores, share, line, slowness = 1 } = run;
  const bytes = parseSize(size);
  await using sandbox = await startSandbox({
    ...PLAIN,
    size: { creators: 1, modelsPerCreator: files },
    fileBytes: { min: Math.round(bytes * 0.85), max: Math.round(bytes * 1.5) },
    toxics: line === undefined ? [] : [{ type: "bandwidth", bytesPerSecond: parseSize(line), on: ["storage"] }],
  });
  const root = join(folder, "library");
  const stateFolder = join(root, ".civitai-dl", "state");
  await Deno.mkdir(stateFolder, { recursive: true });
  const store = new RolloutStore(stateFolder, { command: "canaries" });
  const steps = `[{ setWeight: ${share} }, { analysis: {} }, { setWeight: 100 }]`;
  const head = `version: 1, name: ${SALT}, from: stable, to: turbo, thresholds: { minSamples: 10000 }`;
  const plan = parseRolloutPlan(`{ ${head}, steps: ${steps} }`);
  await store.request({ type: "start", plan });
  const canaries = [...sandbox.facts()].filter(({ versionId, fileId }) =>
    armOf(bucketOf(`${versionId}:${fileId}`, SALT), share) === "canary"
  );
  const settings: CanaryWork = {
    root,
    apiOrigin: sandbox.apiOrigin,
    token: sandbox.token,
    creators: [...sandbox.catalog.creators()].map(({ username }) => username),
    slowFiles: slowness === 1 ? [] : canaries.map(({ fileId }) => fileId),
    slowness,
  };
  const deno = [Deno.execPath(), "run", "-q", "--no-prompt", "--config", CONFIG, "-P=acceptance", WORKER];
  const bound = ["-c", Array.from({ length: cores }, (_, core) => core).join(","), ...deno, JSON.stringify(settings)];
  const { code, stderr } = await new Deno.Command("taskset", { args: bound, stdout: "null" }).output();
  if (code !== 0) throw new Error(`A download ended with ${code}: ${new TextDecoder().decode(stderr)}`);
  const { state, arms: { canary, baseline, speed } } = await store.read();
  await Deno.remove(root, { recursive: true });
  const failures = canary.errors + canary.timeouts + canary.integrity;
  return { canary: canary.ok + failures, baseline: baseline.ok, failures, speed, state };
}

/** What the rollout of a real download measured. */
export interface RecordedRun extends CanaryRun {
  /** Downloads of each engine that were counted. */
  readonly canary: number;
  readonly baseline: number;
  readonly failures: number;
  /** Results of the comparisons of the speed, in order. */
  readonly ratios: readonly number[];
}

const RECORDS = new URL("_canary_speeds.jsonl", import.meta.url);

/** Write the recorded runs, one on each line. */
export async function writeRecords(records: readonly RecordedRun[]): Promise<void> {
  await Deno.writeTextFile(RECORDS, records.map((record) => `${JSON.stringify(record)}\n`).join(""));
}

/** Read the recorded runs. */
export function readRecords(): readonly RecordedRun[] {
  return Deno.readTextFileSync(RECORDS).trim().split("\n").map((line) => JSON.parse(line));
}
