import { EXIT_CODES, formatCount, formatSize } from "../lib/base/mod.ts";
import { type CommandContext, defineCommand, type Flag, type FlagsOf, type Outcome, withExit } from "../lib/cli/mod.ts";
import {
  judgeRun,
  type Library,
  type LibraryWatch,
  noteRepair,
  type NoteRun,
  openLibrary,
  repairLibrary,
} from "../lib/downloader/mod.ts";
import { adviseOnFailures } from "./_download/advise_on_failures.ts";
import { explainRepair, type RepairResult } from "./_download/explain_repair.ts";
import { CLIENT_FLAGS, ENGINE_FLAGS, FORGET_FLAGS, LIBRARY_FLAGS, RUN_LOGS_FLAGS } from "./_frame/flags.ts";
import { runScript } from "./_frame/run_script.ts";
import { recordCommand } from "./_frame/library/record_command.ts";
import { commandAgain } from "./_frame/library/command_again.ts";
import { openCommandRun } from "./_download/open_command_run.ts";
import { chooseLibrary } from "./_frame/library/choose_library.ts";
import { readDayLimits } from "./_frame/session.ts";
import { reportFailsafe } from "./_download/report_failsafe.ts";

const FLAGS = [
  ...LIBRARY_FLAGS,
  ...FORGET_FLAGS,
  ...RUN_LOGS_FLAGS,
  ...CLIENT_FLAGS,
  ...ENGINE_FLAGS.filter((flag) => !["max-time", "fsync"].includes(flag.name)),
] as const satisfies readonly Flag[];

/** Values of the flags. */
type Flags = FlagsOf<typeof FLAGS>;

/** The `repair` command: repairs the files that `verify` marked as broken. */
export const command = defineCommand({
  name: "repair",
  group: "Library",
  permissions: "library",
  summary: "Fetch again only what is damaged or missing",
  description:
    "Fetches only the bad blocks of a damaged file, into a copy that replaces the file if its SHA-256 is right. " +
    "A file that cannot be repaired this way is fetched whole, and moved to corrupted/ when the new one is verified; one " +
    "that a download could only get corrupted is fetched again. " +
    "Run verify --deep first. A file that you deleted is missing, so it is fetched again; one that you renamed is found " +
    "by its SHA-256 and keeps its name.",
  flags: FLAGS,
  excludes: [["engine", "force-sync-mode"], ["base-url", "sandbox"]],
  exits: { 3: "--quota is used up: the same command goes on when it has room again", 6: true, 7: true },
  examples: [{ command: "civitai-dl verify --deep; civitai-dl repair", summary: "Find and repair damage" }],
  async run(context) {
    const { flags, signal } = context;
    // Bad limits fail before anything is opened.
    readDayLimits(flags);
    using library = await openLibrary(chooseLibrary(context), {
      command: "repair",
      waitMs: flags.wait,
      mustExist: true,
      signal,
    });
    return await recordCommand(
      context,
      library,
      { command: "repair", reserveBytes: flags.reserve, logs: flags.logs },
      (note, watch) => repair({ library, note, watch }, context),
    );
  },
  render(result: RepairResult) {
    const { files, intact, patched, fetched, blocksFetched, bytesFetched, broken, aside, replaced } = result;
    const lines = [
      `${formatCount(files, "broken file")}: ${patched} patched by ${
        formatCount(blocksFetched, "block")
      }, ${fetched} fetched whole, ${intact} were intact; ${broken} still broken`,
      `${formatSize(bytesFetched)} fetched`,
      ...firstOf(aside.map((path) => `Moved aside: ${path}`), { limit: 5, rest: "Moved aside" }),
      ...firstOf(replaced.map((path) => `Replaced on Civitai, now with the new content: ${path}`), {
        limit: 5,
        rest: "Replaced on Civitai",
      }),
      ...firstOf(result.failed.map((item) => `Still broken: ${item.path}: ${item.message}`), {
        limit: 10,
        rest: "Still broken",
      }),
      ...adviseOnFailures({ ...result, outcomes: {} }),
    ];
    if (result.stopped !== null) lines.push(result.stopped.message);
    if (result.again !== null) lines.push(`Run again with: ${result.again}`);
    return files === 0
      ? "Nothing is marked as broken; civitai-dl verify --deep reads every byte\n"
      : `${lines.join("\n")}\n`;
  },
});

async function repair(
  { library, note, watch }: { readonly library: Library; readonly note: NoteRun; readonly watch: LibraryWatch },
  context: CommandContext<Flags>,
): Promise<Outcome> {
  const { flags, display } = context;
  const { signal } = watch;
  const onWarning = watch.reportWhilePresent((message) => display.notice(`warning: ${message}`));
  await using run = await openCommandRun(context, library, {
    command: "repair",
    isDryRun: false,
    hasRollout: false,
    durable: true,
    note,
    onEvent(event) {
      reportFailsafe(event, display);
      if (event.type === "warning") display.log(`warning: ${event.message}`);
    },
    onWarning,
  });
  using area = display.openStatus();
  const result = await repairLibrary({ ...run.engine, signal }, {
    reserveBytes: flags.reserve,
    onProgress: (at) => area.update([`${at.files}/${at.totalFiles}: ${at.path}`]),
  });
  const code = judgeRun({ failed: result.failed, outcomes: {}, stopped: result.stopped });
  const again = result.stopped === null ? null : commandAgain(context, library);
  note(noteRepair(result));
  return withExit({ ...result, again }, code === null ? 0 : EXIT_CODES[code], explainRepair({ ...result, again }));
}

/** Return up to `limit` lines, followed by a line that counts the rest. */
function firstOf(
  lines: readonly string[],
  { limit, rest }: { readonly limit: number; readonly rest: string },
): readonly string[] {
  if (lines.length <= limit) return lines;
  return [...lines.slice(0, limit), `${rest}: ${lines.length - limit} more, see --json`];
}

if (import.meta.main) await runScript(command);
