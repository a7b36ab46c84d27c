import { basename, dirname, join, resolve } from "node:path";
import { KitError } from "../lib/base/mod.ts";
import { defineCommand, Interruption, Outcome, renderCommandLine } from "../lib/cli/mod.ts";
import { COMMAND_NAMES } from "./_frame/command_index.ts";
import { fileStamp } from "./_frame/report/file_stamp.ts";
import { prepareOutputs } from "./_frame/report/prepare_outputs.ts";
import { requireCheckout, startedAs } from "./_frame/program_form.ts";
import { runScript } from "./_frame/run_script.ts";
import { ShownReport } from "./_frame/report/shown_report.ts";
import { commandWords } from "./_profiling/command_words.ts";
import { nearPath, readCpuReport, renderCpuReport } from "./_profiling/cpu_report.ts";
import { readTask } from "./_profiling/read_task.ts";

const ENDING = ".cpuprofile";

/** The `profile` command: any command of the program under V8's CPU profiler. */
export const command = defineCommand({
  name: "profile",
  group: "Maintenance",
  permissions: "profiling",
  summary: "Run a command under the CPU profiler, and show what it spent its time on",
  description:
    "Starts the command that follows -- with deno run --cpu-prof and the permissions of its own task, and writes what " +
    "V8 sampled to reports/profiles. The command's output goes to standard error, the summary to standard output; the " +
    "exit code is that of the command. Ctrl-C stops the command cleanly, and the profile is written. It needs a " +
    "checkout, because a compiled executable has no profiler.\n\n" +
    "Only the main thread is profiled; the hashes are computed by workers. Work on the sandbox includes the sandbox " +
    "itself. For a flame graph, open the profile in Chrome DevTools or in speedscope.",
  args: [{ name: "COMMAND", summary: "The command and its flags, after --", multiple: true, required: true }],
  flags: [
    {
      name: "output",
      short: "o",
      type: "path",
      summary: `The profile, which ends with ${ENDING}; reports/profiles/COMMAND-TIME${ENDING} by default`,
      placeholder: "FILE",
    },
    {
      name: "interval",
      type: "integer",
      summary: "Microseconds between two samples",
      default: 1000,
      min: 100,
      max: 1_000_000,
    },
    { name: "top", type: "integer", summary: "Number of functions in the summary", default: 15, min: 1 },
  ],
  examples: [
    {
      command: "civitai-dl profile -- download --sandbox --user brambleforge",
      summary: "A download, without a network",
    },
    { command: "civitai-dl profile -- verify --deep", summary: "A verification of the library" },
    { command: "civitai-dl profile -o before.cpuprofile -- list", summary: "To a file of your choice" },
  ],
  exits: { 1: "The command failed, or was killed before it could write the profile" },
  async run(context): Promise<Outcome> {
    const root = requireCheckout("profile");
    const { args, flags, signal, display, io } = context;
    if (args[0] === "profile") {
      throw new KitError("usage", "Cannot profile the profiler: name another command after --");
    }
    const [verb, ...words] = commandWords(args, { what: "profile", names: COMMAND_NAMES });
    const path = resolve(
      flags.output ?? join("reports", "profiles", `${verb}-${fileStamp(new Date())}${ENDING}`),
    );
    if (!path.endsWith(ENDING)) {
      throw new KitError("usage", `Cannot write "${path}": the name of a profile ends with ${ENDING}`);
    }
    await prepareOutputs([path]);
    const task = await readTask(verb!, root);
    const writtenBefore = await writeTime(path);
    const status = await runProfiled([
      "run",
      "-q",
      "--no-prompt",
      ...task.flags,
      "--cpu-prof",
      `--cpu-prof-dir=${dirname(path)}`,
      `--cpu-prof-name=${basename(path)}`,
      `--cpu-prof-interval=${flags.interval}`,
      ...task.script,
      ...words,
    ], signal);
    const ended = status.signal === null ? `exit code ${status.code}` : `killed by ${status.signal}`;
    // If this process was interrupted, so was the command: its exit code says so.
    const { code } = status;
    if (await writeTime(path) === writtenBefore) {
      display.notice(`error: Cannot show a profile: the command wrote none (${ended})`);
      if (status.signal !== null) display.notice("hint: Stop it with Ctrl-C, so that it can write the profile");
      return new Outcome(new ShownReport({ command: args, exitCode: code, profile: null }, ""), code === 0 ? 1 : code);
    }
    // The profile is read even if this process was asked to stop; it takes a moment.
    const report = await readCpuReport(path, { root, top: flags.top, signal: new AbortController().signal });
    const text = `${renderCpuReport(report, io)}\n${verb}: ${ended}\nMore functions: ${
      renderCommandLine([...startedAs("analyze-profile"), nearPath(path), "--top", "100"])
    }\n`;
    const { file: profile, ...times } = report;
    return new Outcome(new ShownReport({ command: args, exitCode: code, profile, ...times }, text), code);
  },
  render: (shown: ShownReport) => shown.text(),
});

/** Run Deno, with its output on standard error; pass on the signal that stops this process. */
async function runProfiled(args: readonly string[], signal: AbortSignal): Promise<Deno.CommandStatus> {
  signal.throwIfAborted();
  const child = new Deno.Command(Deno.execPath(), {
    args: [...args],
    env: { DENO_NO_UPDATE_CHECK: "1" },
    stdin: "inherit",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  const stop = () => {
    try {
      child.kill(signal.reason instanceof Interruption ? signal.reason.signal : "SIGTERM");
    } catch {
      // It has already ended: Ctrl-C reaches both.
    }
  };
  signal.addEventListener("abort", stop, { once: true });
  try {
    await child.stdout.pipeTo(Deno.stderr.writable, { preventClose: true });
    return await child.status;
  } finally {
    signal.removeEventListener("abort", stop);
  }
}

/** Time of the last change of a file; `null` if there is none. */
async function writeTime(path: string): Promise<number | null> {
  return await Deno.stat(path).then((stat) => stat.mtime?.getTime() ?? null, () => null);
}

if (import.meta.main) await runScript(command);
