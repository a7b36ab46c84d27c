import { describeError } from "../../lib/cli/mod.ts";

/** One step of a test of this program. */
export interface TestStep {
  /** What was tried. */
  readonly name: string;
  readonly isOk: boolean;
  /** What was found, or why it failed. */
  readonly detail: string;
  readonly durationMs: number;
}

/** Work to try; returns what was found, and throws if it fails. */
export type Stage = () => Promise<string>;

/** Options of {@linkcode runStages}. */
export interface RunStagesOptions {
  readonly signal: AbortSignal;
  /**
   * Whether the first failure ends the test, because later stages need the earlier ones.
   *
   * @default {false}
   */
  readonly stopsAtFailure?: boolean | undefined;
}

/**
 * Try one stage after another.
 *
 * @param stages The stages by name, in order
 */
export async function* runStages(
  stages: Readonly<Record<string, Stage>>,
  options: RunStagesOptions,
): AsyncGenerator<TestStep> {
  const { signal, stopsAtFailure = false } = options;
  for (const [name, stage] of Object.entries(stages)) {
    signal.throwIfAborted();
    const start = performance.now();
    const { isOk, detail } = await attempt(stage, signal);
    yield { name, isOk, detail, durationMs: performance.now() - start };
    if (!isOk && stopsAtFailure) return;
  }
}

async function attempt(stage: Stage, signal: AbortSignal): Promise<Pick<TestStep, "isOk" | "detail">> {
  try {
    return { isOk: true, detail: await stage() };
  } catch (error) {
    signal.throwIfAborted();
    return { isOk: false, detail: describeError(error).message };
  }
}
