import { parseHostTimeout } from "../../lib/base/mod.ts";
import type { CommandContext } from "../../lib/cli/mod.ts";
import { type Engine, type EngineOptions, openEngine } from "../../lib/downloader/mod.ts";
import type { ClientFlags, EngineFlags } from "../_frame/flags.ts";
import type { NoteRun } from "../_frame/library/record_run.ts";
import { openAccess, readLimiter } from "../_frame/session.ts";
import type { RunWatch } from "./run_watch.ts";

/** What {@linkcode openRunEngine} joins: the parts of an engine that no flag says. */
export interface RunEngineOptions extends Pick<EngineOptions, "library" | "profile" | "quota" | "rollout" | "durable"> {
  /** What observes the run. */
  readonly run: RunWatch;
  readonly note: NoteRun;
  /** Whether files will be downloaded, so that a missing key causes a warning. */
  readonly needsKey: boolean;
}

/** An engine, and the access to the API that it needs. */
export interface RunEngine extends AsyncDisposable {
  readonly engine: Engine;
}

/** Open the engine of a command as its flags say. */
export async function openRunEngine(
  context: Pick<
    CommandContext<ClientFlags & Omit<EngineFlags, "maxTime" | "fsync">>,
    "flags" | "env" | "display" | "sourceOf"
  >,
  { run, note, needsKey, ...parts }: RunEngineOptions,
): Promise<RunEngine> {
  const { flags, env } = context;
  await using stack = new AsyncDisposableStack();
  const access = stack.use(await openAccess(context, { needsKey, library: parts.library.root }));
  const engine = stack.use(openEngine({
    ...parts,
    failsafe: run.failsafe,
    progress: run.progress,
    maxRetries: flags.maxRetries,
    patienceMs: flags.patience,
    limiter: readLimiter(flags),
    env,
    hostTimeouts: flags.hostTimeout.map(parseHostTimeout),
    onWait: run.recordWait,
    onEvent: run.record,
    client: { ...access.client, onRequest: run.recordRequest },
  }));
  run.setApi(engine.client.baseUrl);
  note({ keyOrigin: engine.client.tokenOrigin });
  const owned = stack.move();
  return { engine, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}
