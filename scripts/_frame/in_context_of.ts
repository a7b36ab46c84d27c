import { type Env, KitError } from "../../lib/base/mod.ts";
import {
  type CommandContext,
  defineCommand,
  type ErrorDescription,
  execute,
  type Flag,
  type FlagsOf,
  MemoryIo,
  Outcome,
} from "../../lib/cli/mod.ts";
import { frameOptions, scriptProgram } from "./run_script.ts";

/** A command line that is only read. */
export interface ReadCommand<Flags extends readonly Flag[]> {
  readonly name: string;
  readonly flags: Flags;
  /** What follows the name. */
  readonly words: readonly string[];
}

/** Options of {@linkcode inContextOf}. */
export interface InContextOfOptions {
  readonly env: Env;
  readonly signal: AbortSignal;
  /** The message if the words cannot be read, for no other reason. */
  readonly failure: string;
}

/**
 * Read a command line as another command would now: with the flags of that command, the environment and the
 * configuration, which is read anew. So the caller may be a command whose flags mean something else.
 *
 * @param use Called with the context, whose display shows nothing
 * @returns What `use` returns
 * @throws {KitError} `failed` if the flags or the environment cannot be used
 */
export async function inContextOf<const Flags extends readonly Flag[], Result>(
  { name, flags, words }: ReadCommand<Flags>,
  options: InContextOfOptions,
  use: (context: CommandContext<FlagsOf<Flags>>) => Promise<Result>,
): Promise<Result> {
  const { env, signal } = options;
  let found: { readonly result: Result } | { readonly error: unknown } | undefined;
  const command = defineCommand<Flags>({
    name,
    group: "Operation",
    summary: "",
    flags,
    worksWithoutConfig: true,
    async run(context): Promise<unknown> {
      try {
        found = { result: await use(context) };
      } catch (error) {
        found = { error };
      }
      return new Outcome(undefined, undefined);
    },
  });
  let failure: ErrorDescription | undefined;
  await execute(scriptProgram(command), words, {
    ...frameOptions(command.name),
    io: new MemoryIo(),
    env,
    signal,
    onFailure(description) {
      failure = description;
    },
  });
  signal.throwIfAborted();
  if (found === undefined) {
    const { message = options.failure, hint } = failure ?? {};
    throw new KitError("failed", message, hint === undefined ? {} : { hint });
  }
  if ("error" in found) throw found.error;
  return found.result;
}
