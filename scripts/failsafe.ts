import type { Bilingual } from "../lib/base/mod.ts";
import { type CommandContext, defineCommand, type Flag, type FlagsOf } from "../lib/cli/mod.ts";
import { Failsafe, type FailsafeOptions, type FailsafeStatus, RUNGS } from "../lib/failsafe/mod.ts";
import type { ActiveHost } from "../lib/library/mod.ts";
import { readFailsafeChange } from "./_failsafe/failsafe_change.ts";
import { runScript } from "./_frame/run_script.ts";
import { LIBRARY_FLAG } from "./_frame/flags.ts";
import { chooseLanguage, type InLanguage, LANGUAGE, LANGUAGE_FLAG } from "./_frame/language.ts";
import { findStateFolder } from "./_frame/library/find_library.ts";
import { readHosts } from "./_failsafe/read_hosts.ts";
import { renderFailsafe } from "./_failsafe/render_failsafe.ts";

const ACTIONS = ["status", "reset", "trip", "hold"] as const;

/** The change that the command made, and the status of the failsafe after it. */
export interface FailsafeResult extends FailsafeStatus {
  /** The change that was made, as a sentence; `null` for `status`. */
  readonly done: string | null;
  /** The hosts that running downloads use, compared with their usual speed. */
  readonly hosts: readonly ActiveHost[];
  /** The hosts from which files are on their way. */
  readonly inUse: readonly string[];
}

/** The change in each language; it is no part of the document. */
const DONE = Symbol("done");

interface Said {
  readonly [DONE]: Bilingual | null;
}

const FLAGS = [
  LANGUAGE_FLAG,
  LIBRARY_FLAG,
  {
    name: "for",
    type: "duration",
    summary: "Duration of trip (10m by default) or hold (until released by default)",
    min: "1s",
  },
  { name: "force", setting: "none", type: "boolean", summary: "With trip: allow a host that no run has used yet" },
  { name: "release", setting: "none", type: "boolean", summary: "With hold: let the mode change automatically again" },
] as const satisfies readonly Flag[];

/** Values of the flags. */
type Flags = FlagsOf<typeof FLAGS>;

/** The `failsafe` command: shows and controls the failsafe of a library. */
export const command = defineCommand({
  name: "failsafe",
  group: "Operation",
  permissions: "local",
  summary: "Show the state of the failsafe, and control breakers and mode manually",
  description: [
    "status shows the mode of downloads, its reason and start, what would change it, the breaker of each host, and of " +
    "the hosts in use the speed, what is usual, and the limit of connections.",
    "reset KEY closes a breaker; without KEY it closes all and sets the mode back to turbo. trip KEY opens one for a " +
    "while, so that the host gets no requests. A host that no run has used yet needs --force, and reset removes it from " +
    "the list again. hold MODE fixes the mode for all runs on the library until the time is over or until hold " +
    "--release; the configuration is never written. Running downloads apply a change within a moment.",
  ].join("\n\n"),
  args: [
    { name: "ACTION", summary: "What to do; status is the default", choices: ACTIONS },
    {
      name: "NAME",
      summary: "A breaker for reset and trip; for hold one of turbo, parallel, resilient, stable, paused",
      suggestions: RUNGS,
    },
  ],
  flags: FLAGS,
  excludes: [["for", "release"]],
  examples: [
    { command: "civitai-dl failsafe", summary: "Why is it slow, and when will it be fast again?" },
    { command: "civitai-dl failsafe hold stable --for 4h", summary: "One file after another this afternoon" },
    { command: "civitai-dl failsafe trip b2.civitai.com --for 30m", summary: "Send no requests to this host" },
    { command: "civitai-dl failsafe reset", summary: "Start over after an outage" },
  ],
  exits: { 4: "A later version wrote the state, or the change cannot be written" },
  async run(context): Promise<FailsafeResult & InLanguage & Said> {
    const { flags, env, display } = context;
    const folder = await findStateFolder(flags);
    const options = { ...forced(context), onWarning: (message: string) => display.notice(`warning: ${message}`) };
    const before = Failsafe.peek(folder, options);
    const known = (before?.breakers ?? []).map(({ key }) => key);
    const change = readFailsafeChange(context, known);
    // The run under way applies it; without one, the next run does.
    if (change !== null) Failsafe.request(folder, change.request);
    const after = change === null ? before : Failsafe.peek(folder, { ...options, onWarning: () => {} });
    const status = { ...after ?? Failsafe.inMemory(options).status(), ...await readHosts(folder) };
    const done = change?.done ?? null;
    return { done: done?.en ?? null, ...status, [LANGUAGE]: chooseLanguage(flags.language, env), [DONE]: done };
  },
  render: ({ [LANGUAGE]: language, [DONE]: done, ...result }: FailsafeResult & InLanguage & Said, { width }) =>
    renderFailsafe({ ...result, done: done?.[language] ?? null }, { width, language }),
});

/** Return the mode that the environment forces on every run, if any. */
function forced({ env }: Pick<CommandContext, "env">): Pick<FailsafeOptions, "force"> {
  if (env("CIVITAI_DL_DISABLE_EXPERIMENTAL") !== "1") return {};
  return { force: { mode: "stable", reason: "CIVITAI_DL_DISABLE_EXPERIMENTAL is 1" } };
}

if (import.meta.main) await runScript(command);
