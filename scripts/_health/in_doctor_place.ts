import type { Env } from "../../lib/base/mod.ts";
import type { HealthPlace } from "../../lib/health/mod.ts";
import { inContextOf } from "../_frame/in_context_of.ts";
import { HEALTH_FLAGS } from "./check_health.ts";
import { openHealthPlace } from "./open_health_place.ts";

/** Options of {@linkcode inDoctorPlace}. */
export interface InDoctorPlaceOptions {
  readonly env: Env;
  readonly signal: AbortSignal;
}

/**
 * Open the installation as `civitai-dl doctor` with these flags sees it now.
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
  return await inContextOf(
    { name: "doctor", flags: HEALTH_FLAGS, words },
    { ...options, failure: "Cannot examine the installation" },
    async (context) => {
      await using opened = await openHealthPlace(context);
      return await use(opened.place);
    },
  );
}
