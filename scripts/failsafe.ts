import { KitError } from "../lib/base/mod.ts";
import { type CommandContext, defineCommand, type Flag, type FlagsOf } from "../lib/cli/mod.ts";
import { Failsafe, type FailsafeOptions, type FailsafeStatus } from "../lib/failsafe/mod.ts";
import { readFailsafeRequest } from "./_failsafe/failsafe_request.ts";
import { runScript } from "./_frame/run_script.ts";
import { findStateFolder, LIBRARY_FLAG } from "./_frame/library_flag.ts";
import { renderFailsafe } from "./_failsafe/render_failsafe.ts";

const ACTIONS = ["status", "reset", "trip", "hold"] as const;

/** What the command did, and the status of the failsafe after it. */
export interface FailsafeResult extends FailsafeStatus {
  /** The change that was made, as a sentence; `null` for `status`. */
  readonly done: string | null;
}

const FLAGS = [
  LIBRARY_FLAG,
  { name: "for", type: "duration", summary: "How long: trip (else 10m), hold (else until released)", min: "1s" },
  { name: "force", type: "boolean", summary: "With trip: also a host that no run has asked yet" },
  { name: "release", type: "boolean", summary: "With hold: let the mode move again" },
] as const satisfies readonly Flag[];

/** Values of the flags. */
type Flags = FlagsOf<typeof FLAGS>;

/** The `failsafe` command: shows and controls the failsafe of a library. */
export const command = defineCommand({
  name: "failsafe",
  group: "Operation",
  summary: "Show why downloads go as they go, and steer breakers and mode by hand",
  description: [
    "status says which mode downloads use, why, since when, and what would change it; and how the breaker of each " +
    "host, of the API and of the disk stands.",
    "reset KEY closes a breaker; without KEY it closes all and puts the mode back to turbo. trip KEY opens one for a " +
    "while: nothing is asked of that host. A host that no run has asked yet needs --force, and reset takes it off the " +
    "list again. hold MODE fixes the mode for all runs on the library until the time is " +
    "over or hold --release; the configuration is never written. Running downloads notice within a moment.",
  ].join("\n\n"),
  args: [
    { name: "ACTION", summary: "status (when nothing is said), reset, trip or hold", choices: ACTIONS },
    {
      name: "NAME",
      summary: "A breaker for reset and trip; for hold one of turbo, parallel, resilient, stable, paused",
    },
  ],
  flags: FLAGS,
  excludes: [["for", "release"]],
  examples: [
    { command: "civitai-dl failsafe", summary: "Why is it slow, and when will it be fast again?" },
    { command: "civitai-dl failsafe hold stable --for 4h", summary: "One file after another this afternoon" },
    { command: "civitai-dl failsafe trip b2.civitai.com --for 30m", summary: "Leave this host alone" },
    { command: "civitai-dl failsafe reset", summary: "The trouble is over: begin anew" },
  ],
  exits: { 4: "Another process did not let go of the state, or it could not be written" },
  async run(context): Promise<FailsafeResult> {
    const { flags, display } = context;
    const folder = await findStateFolder(flags);
    const wish = readFailsafeRequest(context);
    let isKept = true;
    const onWarning = (message: string): void => {
      if (/^Cannot (lock|write) /.test(message)) isKept = false;
      display.notice(`warning: ${message}`);
    };
    await using failsafe = await Failsafe.open(folder, { ...forced(context), steers: false, onWarning });
    const done = wish(failsafe);
    // Runs read the change from the state file: without it, the change would end with this process.
    if (done !== null && !isKept) throw notKept();
    return { done, ...failsafe.status() };
  },
  render: (result: FailsafeResult, { width }) => renderFailsafe(result, { width }),
});

/** Return the mode that the environment forces upon every run, if any. */
function forced({ env }: Pick<CommandContext, "env">): Pick<FailsafeOptions, "force"> {
  if (env("CIVITAI_DL_DISABLE_EXPERIMENTAL") !== "1") return {};
  return { force: { mode: "stable", reason: "CIVITAI_DL_DISABLE_EXPERIMENTAL is 1" } };
}

function notKept(): KitError {
  return new KitError("unsafe", "Cannot do that: the state could not be written, so no run would learn of it", {
    hint: "Make room on the disk, or look who owns the library's folder",
  });
}

if (import.meta.main) await runScript(command);
