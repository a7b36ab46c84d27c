import { fileURLToPath } from "node:url";
import { ScriptProcess } from "./script_process.ts";
import { type ProgramRun, type StartOptions, startProgram } from "./start_program.ts";

const PROGRAM = fileURLToPath(new URL("../../cli.ts", import.meta.url));

/** What {@linkcode runProgram} needs to know; who watches or kills the program starts it. */
export type RunOptions = Pick<StartOptions, "folder" | "env" | "origins">;

/** A process that runs the program for one test after another. */
interface SharedProcess {
  readonly process: ScriptProcess;
  isBusy: boolean;
}

/** The processes of this test file, by whether they may reach this machine; no process may reach another one. */
const shared = new Map<boolean, SharedProcess>();

/**
 * Run the program to its end. The runs of a test file share a process, because to load the modules takes longer than most
 * commands do. A run that begins during another one has a process of its own.
 */
export async function runProgram(args: readonly string[], options: RunOptions): Promise<ProgramRun> {
  const { folder, env, origins } = options;
  const own = shared.get(origins.length > 0);
  if (own === undefined || own.isBusy) return await startProgram(args, options).ended;
  const start = performance.now();
  own.isBusy = true;
  try {
    const { code, out, err } = await own.process.run({ args, cwd: folder, env: { XDG_CONFIG_HOME: folder, ...env } });
    const durationMs = performance.now() - start;
    return { code, stdout: out, stderr: err, durationMs, peakRssBytes: 0, commandLine: "", processorMs: 0 };
  } finally {
    own.isBusy = false;
  }
}

function share(hasNetwork: boolean): SharedProcess {
  const temporary = Deno.env.get("TMPDIR") ?? "/tmp";
  const rights = ["--allow-read", `--allow-write=${temporary}`, "--allow-env", "--allow-sys=statfs,uid"];
  const process = new ScriptProcess(PROGRAM, {
    words: ["run", "-q", "--no-prompt", ...rights, ...hasNetwork ? ["--allow-net=127.0.0.1"] : []],
    cwd: temporary,
    env: { NO_PROXY: "127.0.0.1,localhost,[::1]" },
  });
  return { process, isBusy: false };
}

// Before the first test: a process that a test leaves is an error.
Deno.test.beforeAll(() => {
  for (const hasNetwork of [true, false]) shared.set(hasNetwork, share(hasNetwork));
});

Deno.test.afterAll(async () => {
  for (const { process } of shared.values()) await process[Symbol.asyncDispose]();
  shared.clear();
});
