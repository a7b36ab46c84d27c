import { parseHostTimeout } from "../../lib/base/mod.ts";
import type { CommandContext } from "../../lib/cli/mod.ts";
import { type Library, type NoteRun, openRun, type Run, type SettledRun } from "../../lib/downloader/mod.ts";
import type { Profile } from "../../lib/transfer/mod.ts";
import type { ClientFlags, EngineFlags, RunLogsFlags } from "../_frame/flags.ts";
import { openAccess, readBandwidth, readDayLimits, readProfile, sessionRedactor } from "../_frame/session.ts";

/** Flags of a run that fetches, and their environment. */
type RunContext = Pick<
  CommandContext<ClientFlags & Omit<EngineFlags, "maxTime" | "fsync"> & RunLogsFlags>,
  "flags" | "env" | "display" | "sourceOf"
>;

/** Open a run as the flags of its command say. */
export async function openCommandRun(
  context: RunContext,
  library: Library,
  { note, throttle, ...rest }:
    & Pick<SettledRun, "command" | "isDryRun" | "hasRollout" | "durable" | "onEvent" | "onWarning">
    & Partial<Pick<SettledRun, "throttle">>
    & { readonly note: NoteRun },
): Promise<Run> {
  const { flags, env } = context;
  const profile = readProfile(flags, env);
  await using stack = new AsyncDisposableStack();
  const { client } = stack.use(await openAccess(context, { needsKey: !rest.isDryRun, library: library.root }));
  const run = stack.use(
    await openRun(library, {
      ...rest,
      logs: { folder: flags.logs, redact: sessionRedactor(flags, env) },
      profile,
      force: readForce(context, profile),
      limits: readDayLimits(flags),
      patienceMs: flags.patience,
      maxRetries: flags.maxRetries,
      bandwidth: readBandwidth(flags),
      throttle,
      hostTimeouts: flags.hostTimeout.map(parseHostTimeout),
      client: { ...client, timeoutMs: flags.timeout },
      env,
    }),
  );
  note({ keyOrigin: run.engine.client.tokenOrigin });
  const owned = stack.move();
  return { ...run, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

/** An explicit request for this run fixes the mode; a profile from the configuration is only the upper bound. */
function readForce({ flags, env, sourceOf }: RunContext, { name }: Profile): SettledRun["force"] {
  const reasons: readonly (readonly [boolean, string])[] = [
    [env("CIVITAI_DL_DISABLE_EXPERIMENTAL") === "1", "CIVITAI_DL_DISABLE_EXPERIMENTAL=1"],
    [flags.forceSyncMode, "--force-sync-mode"],
    [sourceOf("engine") === "flag", `--engine ${name}`],
  ];
  const reason = reasons.find(([isGiven]) => isGiven)?.[1];
  return reason === undefined ? undefined : { mode: name, reason };
}
