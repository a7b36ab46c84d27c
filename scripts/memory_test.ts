import { exists } from "@std/fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { VERDICT_EXITS } from "../lib/judge/mod.ts";
import { KitError } from "../lib/base/mod.ts";
import {
  type CommandContext,
  defineCommand,
  type ErrorDescription,
  execute,
  type ExecuteOptions,
  type Flag,
  loadCommand,
  MemoryIo,
  Outcome,
  type Program,
} from "../lib/cli/mod.ts";
import { type MemoryTestOptions, runMemoryTest } from "../lib/profiling/mod.ts";
import { RUN_LOGS_FLAGS } from "./_frame/flags.ts";
import { frameOptions } from "./_frame/run_script.ts";
import { ShownReport } from "./_frame/report/shown_report.ts";
import { commandWords } from "./_profiling/command_words.ts";
import { describeRepetition, renderMemoryTest } from "./_profiling/memory_report.ts";

/** The default work: a small download, whole: sandbox, listing, plan, transfer, sidecars, catalog. */
const DEFAULT_WORK = ["download", "--sandbox", "-o", "{folder}", "--yes", "--reserve", "0", "--user", "4712"] as const;
const SMALL = ["--max-images", "2", "--gallery", "0"] as const;

const FLAGS = [
  {
    name: "repeat",
    short: "n",
    type: "integer",
    summary: "Number of repetitions; 50 are enough for a verdict",
    default: 60,
    min: 1,
  },
  { name: "duration", type: "duration", summary: "Begin no repetition when the test has taken this long", min: "1s" },
  {
    name: "snapshots",
    type: "path",
    summary: "Write three heap snapshots into this folder, for Chrome DevTools",
    placeholder: "FOLDER",
  },
] as const;

/** The `memory-test` command: repeats a command of its program, or a function of a module, in this process. */
export const command = defineCommand({
  name: "memory-test",
  group: "Operation",
  permissions: "memory",
  needsProgram: true,
  summary: "Repeat work in one process, and judge whether it keeps memory",
  description:
    "Repeats a command of the program, by default a small download from the sandbox, and measures the memory after " +
    "each repetition, when the garbage was collected. The verdict is that of stability: memory leaks if it rises " +
    "steadily in the last part of the run, and by more than chance and warm-up explain. With --snapshots, Chrome " +
    "DevTools shows which objects grow in number, and what keeps them.\n\n" +
    "In the arguments of the command, {folder} is an empty folder for each repetition, and {run} its number. Without " +
    "{folder}, a second download has nothing to fetch. Logs and metrics of the repetitions are thrown away, unless the " +
    "command has --logs. Instead of a command, WORK may be a module: it exports a " +
    "function work(repetition, signal).",
  args: [{ name: "WORK", summary: "A .ts module; or after --, a command and its flags", multiple: true, path: true }],
  flags: FLAGS,
  examples: [
    { command: "civitai-dl memory-test", summary: "60 downloads from the sandbox" },
    {
      command: "civitai-dl memory-test --repeat 200 -- download --sandbox -o {folder} --yes --user brambleforge",
      summary: "Another download",
    },
    { command: "civitai-dl memory-test ./my_work.ts --snapshots snapshots", summary: "A function of your own" },
  ],
  exits: { 1: "Memory leaks, or the work failed", 3: "Too few repetitions, or growth that may be warm-up" },
  async run(context): Promise<Outcome> {
    const { args, flags, program, signal, display } = context;
    const temporary = await Deno.makeTempDir({ prefix: "civitai-dl-memory-" });
    try {
      const folder = flags.snapshots === undefined ? undefined : resolve(flags.snapshots);
      if (folder !== undefined) await Deno.mkdir(folder, { recursive: true });
      const { work, name } = await workOf(args, { program, context, temporary });
      const result = await runMemoryTest({
        work,
        repetitions: flags.repeat,
        durationMs: flags.duration,
        folder,
        signal,
        onRepetition: (repetition, memory) => display.detail(describeRepetition(repetition, memory)),
      });
      const shown = { work: name, ...result };
      return new Outcome(
        new ShownReport(shown, renderMemoryTest(shown)),
        // If the run was interrupted, the frame derives the exit code from the signal.
        signal.aborted ? undefined : VERDICT_EXITS[result.verdict],
      );
    } finally {
      await Deno.remove(temporary, { recursive: true });
    }
  },
  render: (shown: ShownReport) => shown.text(),
});

interface WorkPlace {
  readonly program: Program;
  readonly context: Pick<CommandContext, "env">;
  readonly temporary: string;
}

interface NamedWork {
  readonly work: MemoryTestOptions["work"];
  readonly name: string;
}

async function workOf(words: readonly string[], place: WorkPlace): Promise<NamedWork> {
  const [first] = words;
  if (first !== undefined && /\.(?:m?ts|m?js)$/.test(first)) {
    if (words.length > 1) {
      throw new KitError("usage", `Cannot use "${words[1]}": a module takes no arguments`);
    }
    return { work: await importWork(first), name: first };
  }
  const command = words.length === 0 ? [...DEFAULT_WORK, ...SMALL] : words;
  if (command[0] === "memory-test") {
    throw new KitError("usage", "Cannot repeat memory-test itself: name another command");
  }
  const complete = commandWords(command, { what: "repeat", names: place.program.commands.map(({ name }) => name) });
  return { work: (run, signal) => runCommandOnce(complete, { ...place, run, signal }), name: command.join(" ") };
}

async function importWork(path: string): Promise<MemoryTestOptions["work"]> {
  if (!await exists(path, { isFile: true })) {
    throw new KitError("usage", `Cannot import "${path}": there is no such file`, {
      hint: "Name a module that exists, or a command after --",
    });
  }
  const hint = "Export it: export async function work(repetition: number, signal: AbortSignal): Promise<void>";
  let module: Record<string, unknown>;
  try {
    module = await import(pathToFileURL(resolve(path)).href);
  } catch (error) {
    const reason = error instanceof Error ? error.message.split("\n")[0] : error;
    throw new KitError("usage", `Cannot import "${path}": ${reason}`, { cause: error, hint });
  }
  const { work } = module;
  if (typeof work !== "function") {
    throw new KitError("usage", `Cannot use "${path}": it exports no function "work"`, { hint });
  }
  return async (repetition, signal) => void await work(repetition, signal);
}

/** Add `--logs`, so that invented hosts and failures do not count as those of the user's own runs. */
async function withOwnLogs({ commands }: Program, words: readonly string[]): Promise<readonly string[]> {
  const [verb, ...rest] = words;
  const entry = commands.find(({ name }) => name === verb);
  if (entry === undefined) return words;
  const flags: readonly Flag[] = (await loadCommand(entry)).flags ?? [];
  const writesLogs = RUN_LOGS_FLAGS.some((flag) => flags.includes(flag));
  const isSet = rest.some((word) => word === "--logs" || word.startsWith("--logs="));
  return writesLogs && !isSet ? [entry.name, "--logs", "{folder}/logs", ...rest] : words;
}

interface Once extends WorkPlace {
  readonly run: number;
  readonly signal: AbortSignal;
}

async function runCommandOnce(command: readonly string[], { program, context, temporary, run, signal }: Once) {
  const folder = join(temporary, `run-${run}`);
  await Deno.mkdir(folder);
  try {
    const words = (await withOwnLogs(program, command)).map((word) =>
      word.replaceAll("{folder}", folder).replaceAll("{run}", `${run}`)
    );
    const { loadConfig, ...frame } = frameOptions();
    const options: ExecuteOptions = {
      ...frame,
      // The settings of the user do not change what is measured.
      loadConfig: async (command, path, options) =>
        path === undefined ? undefined : await loadConfig?.(command, path, options),
    };
    let last: ErrorDescription | undefined;
    const code = await execute(program, words, {
      ...options,
      env: context.env,
      io: new MemoryIo(),
      signal,
      onFailure(description) {
        last = description;
      },
    });
    if (code === 0 || signal.aborted) return;
    throw new KitError(
      "failed",
      `Cannot repeat "${command.join(" ")}": repetition ${run} ended with exit code ${code}`,
      {
        hint: last === undefined ? "Run it alone to see why" : `It said: ${last.message}`,
      },
    );
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
