import { type Bilingual, closest, KitError } from "../../lib/base/mod.ts";
import type { CommandContext } from "../../lib/cli/mod.ts";
import { type FailsafeRequest, RUNGS } from "../../lib/failsafe/mod.ts";
import { readBreakerKey } from "./breaker_key.ts";

/** What to ask of the failsafe, and a sentence about it. */
export interface RequestedChange {
  readonly request: FailsafeRequest;
  readonly done: Bilingual;
}

/** Flags of `failsafe`, except for the library. */
export interface FailsafeFlags {
  /** Duration of a hold or a trip, in milliseconds; `undefined` if not set. */
  readonly for: number | undefined;
  readonly release: boolean;
  readonly force: boolean;
}

/**
 * Read the change that is asked for.
 *
 * @param known Keys of the breakers that exist
 * @returns The change; `null` for `status`
 * @throws {KitError} `usage` if action, name and flags cannot be combined
 */
export function readFailsafeChange(
  { flags, args }: Pick<CommandContext<FailsafeFlags>, "flags" | "args">,
  known: readonly string[],
): RequestedChange | null {
  const [action = "status", name] = args;
  const { for: forMs, release, force } = flags;
  if (release && action !== "hold") throw misuse("--release goes with hold");
  if (forMs !== undefined && action !== "hold" && action !== "trip") throw misuse("--for goes with hold and trip");
  if (force && action !== "trip") throw misuse("--force goes with trip");
  switch (action) {
    case "reset":
      return name === undefined ? RESET : closeBreaker(readBreakerKey(name, { action, known, isForced: force }));
    case "trip": {
      if (name === undefined) throw misuse("trip needs the breaker's key, such as a host");
      const key = readBreakerKey(name, { action, known, isForced: force });
      return { request: { type: "trip", key, forMs }, done: { en: `${key} is open`, ja: `${key} を遮断しました` } };
    }
    case "hold":
      return readHold(name, { forMs, isRelease: release });
    default:
      if (name !== undefined) throw misuse(`status takes no name, and "${name}" was given`);
      return null;
  }
}

const RESET: RequestedChange = {
  request: { type: "reset" },
  done: {
    en: "All breakers are closed, and the mode is reset",
    ja: "すべてのホストの遮断を解除し、モードをリセットしました",
  },
};

const RELEASE: RequestedChange = {
  request: { type: "release" },
  done: { en: "The mode changes automatically", ja: "モードの固定を解除しました。自動で変わります" },
};

function closeBreaker(key: string): RequestedChange {
  return { request: { type: "reset", key }, done: { en: `${key} is closed`, ja: `${key} の遮断を解除しました` } };
}

function readHold(
  mode: string | undefined,
  options: { readonly forMs: number | undefined; readonly isRelease: boolean },
): RequestedChange {
  const { forMs, isRelease } = options;
  const modes = RUNGS.join(", ");
  if (isRelease) {
    if (mode !== undefined) throw misuse("hold --release takes no mode");
    return RELEASE;
  }
  if (mode === undefined) throw misuse(`hold needs a mode (${modes}) or --release`);
  if (!RUNGS.some((rung) => rung === mode)) {
    const near = closest(mode, RUNGS);
    throw misuse(
      near === undefined
        ? `"${mode}" is not a mode; the modes are ${modes}`
        : `"${mode}" is not a mode, did you mean "${near}"? The modes are ${modes}`,
    );
  }
  return {
    request: { type: "hold", mode, forMs },
    done: { en: `The mode is held at ${mode}`, ja: `モードを ${mode} に固定しました` },
  };
}

function misuse(state: string): KitError {
  return new KitError("usage", `Cannot use these arguments: ${state}`, { hint: "See civitai-dl failsafe --help" });
}
