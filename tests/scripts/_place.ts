import { type Sandbox, type SandboxOptions, startSandbox } from "../../lib/sandbox/mod.ts";
import { childCommand } from "../../scripts/_frame/child.ts";
import { PLAIN } from "../helpers/library/download_bench.ts";
import { type RunOptions, runProgram } from "../helpers/run_program.ts";
import { type ProgramRun, type RunningProgram, startProgram } from "../helpers/start_program.ts";
import { inTempDir } from "../helpers/temp_dir.ts";

/** A working folder and a sandbox that is reachable from it. */
export interface Place {
  readonly folder: string;
  readonly sandbox: Sandbox;
  /** Start the real program there; downloads go to `library`. */
  start(args: readonly string[], env?: Readonly<Record<string, string>>): RunningProgram;
  run(args: readonly string[], env?: Readonly<Record<string, string>>): Promise<ProgramRun>;
  /** Run a command that needs no API, with nothing but these arguments. */
  runBare(args: readonly string[], env?: Readonly<Record<string, string>>): Promise<ProgramRun>;
  /** Run it with another base URL. */
  runAt(origin: string, args: readonly string[]): Promise<ProgramRun>;
  /** The arguments that fetch all models of the sandbox. */
  readonly everything: readonly string[];
}

/** Arguments of every download in a test. */
const WORDS = ["-o", "library", "--reserve", "0", "--no-images"];

/** Run a story in a temporary place. */
export function atPlace(options: SandboxOptions, story: (place: Place) => Promise<void>): Promise<void> {
  return inTempDir(async (folder) => {
    await using sandbox = await startSandbox({ ...PLAIN, ...options });
    const origins = [sandbox.apiOrigin, sandbox.storageOrigin];
    const wordsAt = (
      baseUrl: string,
      args: readonly string[],
      env: Readonly<Record<string, string>> = {},
    ): readonly [readonly string[], RunOptions] => [
      [...args, ...WORDS, "--base-url", baseUrl],
      { folder, origins: [...origins, baseUrl], env: { CIVITAI_API_KEY: sandbox.token, ...env } },
    ];
    await story({
      folder,
      sandbox,
      start: (args, env) => startProgram(...wordsAt(sandbox.apiOrigin, args, env)),
      run: (args, env) => runProgram(...wordsAt(sandbox.apiOrigin, args, env)),
      runBare: (args, env = {}) => runProgram(args, { folder, origins: [], env }),
      runAt: (origin, args) => runProgram(...wordsAt(origin, args)),
      everything: [...sandbox.catalog.models()].flatMap((model) => ["--model", String(model.id)]),
    });
  });
}

/** Start a command that serves, and wait for its line on standard error. */
export async function startServing(
  args: readonly string[],
  options: { readonly folder: string; readonly word: string },
): Promise<{ readonly said: string; readonly child: Deno.ChildProcess }> {
  const { folder, word } = options;
  const child = childCommand(args, { folder, env: { XDG_CONFIG_HOME: folder }, origins: ["http://127.0.0.1"] }).spawn();
  const reader = child.stderr.pipeThrough(new TextDecoderStream()).getReader();
  let said = "";
  for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
    said += piece.value;
    if (said.includes(word)) break;
  }
  await reader.cancel();
  return { said, child };
}
