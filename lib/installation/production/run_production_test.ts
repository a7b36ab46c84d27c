import { join } from "node:path";
import {
  type Clock,
  type EvidenceHeader,
  KitError,
  messageOf,
  shell,
  systemClock,
  thisMachine,
  thisProgram,
} from "../../base/mod.ts";
import { measureFile } from "../install/measure_file.ts";
import { ArtifactRunner } from "./_artifact_runner.ts";
import {
  checkLive,
  type CheckTools,
  FailedCheck,
  PRODUCTION_CHECKS,
  type ProductionCheck,
} from "./production_checks.ts";
import type { StartPlace } from "./production_place.ts";
import { PRODUCTION_SCHEMA } from "./production_test.ts";

/** The program under test. */
export interface ProductionArtifact {
  /** The tag that it was built from, such as `v1.1.0-rc.1`. */
  readonly tag: string;
  /** Full hash of the tag's commit. */
  readonly sha: string;
  /** Form of the program: `bundle` or `executable`. */
  readonly form: string;
  /** SHA-256 of the bundle or the executable when it was installed, in lower case. */
  readonly sha256: string;
  /** Path of the bundle or the executable. */
  readonly file: string;
  /** Path of the installed program. */
  readonly program: string;
}

/** The program that was tested: its file had the SHA-256 before the checks, and after them. */
export type TestedArtifact = Omit<ProductionArtifact, "file" | "program">;

/** Verdict on a check, a claim in the sense of the gate. */
export interface ProductionClaim {
  /** Name of the check, such as `resume`. */
  readonly id: string;
  /** `inconclusive` if the network did not allow the check. */
  readonly verdict: "pass" | "fail" | "inconclusive";
  /** Number of things that were tried. */
  readonly trials: number;
  /** What was found. */
  readonly note: string;
  /** Why it failed; absent if it did not. */
  readonly failure?: string | undefined;
  /** How long the check took, in milliseconds. */
  readonly durationMs: number;
  /** The figures behind it. */
  readonly figures: Readonly<Record<string, number>>;
}

/** Report of a production test. */
export interface ProductionReport extends EvidenceHeader {
  /** What was tested, without its paths on this machine. */
  readonly artifact: TestedArtifact;
  /** How it was tested. */
  readonly settings: {
    /** Whether the real site was part of it. */
    readonly live: boolean;
  };
  /** The verdicts, one for each check. */
  readonly claims: readonly ProductionClaim[];
}

/** Options of {@linkcode runProductionTest}. */
export interface ProductionTestOptions {
  /** Starts a local Civitai. */
  readonly startPlace: StartPlace;
  /**
   * Whether to make a handful of requests to the real site as well.
   *
   * @default {false}
   */
  readonly isLive?: boolean | undefined;
  /** Stops the test. */
  readonly signal: AbortSignal;
  /** Called after each check. */
  readonly onClaim?: ((claim: ProductionClaim) => void) | undefined;
  /**
   * Time source; tests pass a fake clock.
   *
   * @default {systemClock}
   */
  readonly clock?: Clock | undefined;
}

/**
 * Test an installed program from empty folders, as a stranger would use it: nothing of the source tree, of this user's
 * settings or of an earlier run reaches it. A check that fails does not end the test.
 *
 * @param artifact The program
 * @param options Place, real site, signal
 * @returns The report, to be written as JSON
 * @throws {KitError} `integrity` if the program is not, or does not stay, the one that was installed
 */
export async function runProductionTest(
  artifact: ProductionArtifact,
  options: ProductionTestOptions,
): Promise<ProductionReport> {
  const { startPlace, isLive = false, signal, onClaim, clock = systemClock } = options;
  const startedAt = new Date(clock.now()).toISOString();
  const start = clock.monotonic();
  await assertInstalled(artifact);
  const root = await Deno.makeTempDir({ prefix: "civitai-dl-production-" });
  const claims: ProductionClaim[] = [];
  try {
    const inEmptyFolder = async (name: string) => {
      const folder = join(root, name);
      await Deno.mkdir(folder);
      return new ArtifactRunner({ program: artifact.program, folder, signal });
    };
    const tools: CheckTools = {
      artifact: await inEmptyFolder("plain"),
      version: artifact.tag.replace(/^v/, ""),
      startPlace,
      inEmptyFolder,
    };
    const checks = { ...PRODUCTION_CHECKS, ...isLive ? { live: checkLive } : {} };
    for (const [id, check] of Object.entries(checks)) {
      const claim = await judge(id, check, { tools, signal });
      claims.push(claim);
      onClaim?.(claim);
    }
  } finally {
    await Deno.remove(root, { recursive: true });
  }
  await assertInstalled(artifact);
  const { tag, sha, form, sha256 } = artifact;
  return {
    schema: PRODUCTION_SCHEMA,
    version: 1,
    tool: thisProgram(),
    commit: { sha: artifact.sha, isDirty: false, ref: artifact.tag },
    machine: thisMachine(),
    seed: null,
    startedAt,
    endedAt: new Date(clock.now()).toISOString(),
    plannedMs: 0,
    actualMs: clock.monotonic() - start,
    artifact: { tag, sha, form, sha256 },
    settings: { live: isLive },
    claims,
  };
}

/** Read the file that is tested to its end: a record says only what was installed once. */
async function assertInstalled({ tag, sha256, file }: ProductionArtifact): Promise<void> {
  const found = await measureFile(file);
  if (found?.sha256 === sha256) return;
  const state = found === null ? "it is gone" : `its SHA-256 is ${found.sha256}, expected ${sha256}`;
  throw new KitError("integrity", `Cannot test ${tag}: "${file}" is not what was installed: ${state}`, {
    hint: shell`Set it aside and build the tag anew: civitai-dl install add ${tag}`,
  });
}

async function judge(
  id: string,
  check: ProductionCheck,
  { tools, signal }: { readonly tools: CheckTools; readonly signal: AbortSignal },
): Promise<ProductionClaim> {
  signal.throwIfAborted();
  const start = performance.now();
  try {
    const { detail, trials, figures } = await check(tools);
    return { id, verdict: "pass", trials, note: detail, durationMs: performance.now() - start, figures };
  } catch (error) {
    signal.throwIfAborted();
    const note = error instanceof FailedCheck ? error.reason : messageOf(error);
    const durationMs = performance.now() - start;
    // A network that is down says nothing about the program.
    const isUnknown = error instanceof KitError && error.code === "network";
    if (isUnknown) return { id, verdict: "inconclusive", trials: 0, note, durationMs, figures: {} };
    return { id, verdict: "fail", trials: 1, note, failure: note, durationMs, figures: {} };
  }
}
