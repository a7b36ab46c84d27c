import { join } from "node:path";
import type { CommandContext } from "../lib/cli/mod.ts";
import { type DownloadEvent, type Library, STATE_FOLDER } from "../lib/downloader/mod.ts";
import { Failsafe, type FailsafeOptions } from "../lib/failsafe/mod.ts";
import type { Profile } from "../lib/transfer/mod.ts";

/** Options of {@linkcode openRunFailsafe}. */
export interface RunFailsafeOptions {
  /** The engine that flags and environment choose. */
  readonly profile: Profile;
  /** Hosts of the API: without them nothing goes on, but they say nothing about how storages bear the engine. */
  readonly apiHosts: ReadonlySet<string>;
  /** Told of transitions. */
  readonly onEvent: (event: DownloadEvent) => void;
  /** Told when the state cannot be read or written. */
  readonly onWarning: (message: string) => void;
}

/** Open the failsafe that all runs on a library share. */
export async function openRunFailsafe(
  context: Pick<CommandContext, "flags" | "env" | "given">,
  library: Pick<Library, "root">,
  options: RunFailsafeOptions,
): Promise<Failsafe> {
  const { profile, apiHosts, onEvent, onWarning } = options;
  return await Failsafe.open(join(library.root, STATE_FOLDER, "state"), {
    ceiling: profile.name,
    force: readForce(context, profile),
    // A trial may take as long as any other request.
    rulesFor: () => ({
      probeTimeoutMs: 10_000 + Math.max(context.flags.requiredNumber("timeout"), profile.headerTimeoutMs),
    }),
    modes: { goneMs: context.flags.requiredNumber("patience") },
    groupOf: (key) => apiHosts.has(key) ? "the API" : "every storage",
    movesMode: (key) => !apiHosts.has(key),
    onEvent: ({ id: _, time: __, ...event }) => onEvent(event),
    onWarning,
  });
}

/** What a person asks for this run counts for more than the ladder; what the configuration says is a bound. */
function readForce(
  { flags, env, given }: Pick<CommandContext, "flags" | "env" | "given">,
  { name }: Profile,
): FailsafeOptions["force"] {
  const reasons: readonly (readonly [boolean, string])[] = [
    [env("CIVITAI_DL_DISABLE_EXPERIMENTAL") === "1", "CIVITAI_DL_DISABLE_EXPERIMENTAL=1"],
    [flags.boolean("force-sync-mode"), "--force-sync-mode"],
    [given("engine") === "flag", `--engine ${name}`],
  ];
  const reason = reasons.find(([isGiven]) => isGiven)?.[1];
  return reason === undefined ? undefined : { mode: name, reason };
}
