import { type Env, KitError } from "../../lib/base/mod.ts";
import { defineCommand, type ErrorDescription, execute, MemoryIo, Outcome } from "../../lib/cli/mod.ts";
import type { HealthPlace } from "../../lib/health/mod.ts";
import { frameOptions, scriptProgram } from "../_frame/run_script.ts";
import { HEALTH_FLAGS } from "./check_health.ts";
import { openHealthPlace } from "./open_health_place.ts";

/** Options of {@linkcode inDoctorPlace}. */
export interface InDoctorPlaceOptions {
  readonly env: Env;
  readonly signal: AbortSignal;
}

/**
 * Open the installation as `civitai-dl doctor` with these flags sees it now: with its own flags, environment and
 * configuration, which is read anew, so that the caller may be a command whose flags mean something else.
 *
 * @param words Flags of `doctor`
 * @param options Environment, signal
 * @param use Called with the place, which is closed afterwards
 * @returns What `use` returns
 * @throws {KitError} `failed` if the flags or the environment cannot be used
 */
export async function inDoctorPlace<Result>(
  words: readonly string[],
  options: InDoctorPlaceOptions,
  use: (place: Omit<HealthPlace, "api">) => Promise<Result>,
): Promise<Result> {
  const { env, signal } = options;
  let found: { readonly result: Result } | { readonly error: unknown } | undefined;
  const command = defineCommand({
    name: "doctor",
    group: "Operation",
    summary: "",
    flags: HEALTH_FLAGS,
    worksWithoutConfig: true,
    async run(context): Promise<unknown> {
      await using opened = await openHealthPlace(context);
      try {
        found = { result: await use(opened.place) };
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
    const { message = "Cannot examine the installation", hint } = failure ?? {};
    throw new KitError("failed", message, hint === undefined ? {} : { hint });
  }
  if ("error" in found) throw found.error;
  return found.result;
}
