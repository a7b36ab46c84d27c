import { parseHostTimeout } from "../../lib/base/mod.ts";
import type { CommandContext } from "../../lib/cli/mod.ts";
import { type DownloadEvent, type Library, openLibraryFailsafe } from "../../lib/downloader/mod.ts";
import type { Failsafe, FailsafeOptions } from "../../lib/failsafe/mod.ts";
import type { Profile } from "../../lib/transfer/mod.ts";
import type { ClientFlags, EngineFlags } from "../_frame/flags.ts";

/** Flags and environment that configure the failsafe of a run. */
export type FailsafeContext = Pick<
  CommandContext<Pick<ClientFlags, "timeout" | "hostTimeout"> & EngineFlags>,
  "flags" | "env" | "sourceOf"
>;

/** Options of {@linkcode openRunFailsafe}. */
export interface RunFailsafeOptions {
  /** Profile selected by flags and environment. */
  readonly profile: Profile;
  /** Hosts of the API; see `LibraryFailsafeOptions.apiHosts`. */
  readonly apiHosts: ReadonlySet<string>;
  /** Returns the time since the last byte in which files waited for one, in milliseconds. */
  readonly silentMs: () => number;
  /** Called with each transition. */
  readonly onEvent: (event: DownloadEvent) => void;
  /** Called when the state cannot be read or written. */
  readonly onWarning: (message: string) => void;
}

/** Open a library's failsafe as configured by the flags. */
export async function openRunFailsafe(
  context: FailsafeContext,
  library: Pick<Library, "root">,
  options: RunFailsafeOptions,
): Promise<Failsafe> {
  const { timeout, hostTimeout } = context.flags;
  return await openLibraryFailsafe(library, {
    ...options,
    force: readForce(context, options.profile),
    // A probe of a breaker may take as long as the longest timeout.
    timeoutMs: Math.max(timeout, ...hostTimeout.map((text) => parseHostTimeout(text).ms)),
    patienceMs: context.flags.patience,
  });
}

/** An explicit request for this run fixes the mode; a profile from the configuration is only the upper bound. */
export function readForce(
  { flags, env, sourceOf }: FailsafeContext,
  { name }: Profile,
): FailsafeOptions["force"] {
  const reasons: readonly (readonly [boolean, string])[] = [
    [env("CIVITAI_DL_DISABLE_EXPERIMENTAL") === "1", "CIVITAI_DL_DISABLE_EXPERIMENTAL=1"],
    [flags.forceSyncMode, "--force-sync-mode"],
    [sourceOf("engine") === "flag", `--engine ${name}`],
  ];
  const reason = reasons.find(([isGiven]) => isGiven)?.[1];
  return reason === undefined ? undefined : { mode: name, reason };
}
