import { type Bilingual, closest, KitError } from "../../lib/base/mod.ts";
import type { CommandContext } from "../../lib/cli/mod.ts";
import { type Failsafe, RUNGS } from "../../lib/failsafe/mod.ts";
import { readBreakerKey } from "./breaker_key.ts";

/** Applies the requested change, and returns a sentence about it; `null` for `status`. */
export type FailsafeRequest = (failsafe: Failsafe) => Bilingual | null;

/** Flags of `failsafe`, except for the library. */
export interface FailsafeFlags {
  /** Duration of a hold or a trip, in milliseconds; `undefined` if not set. */
  readonly for: number | undefined;
  readonly release: boolean;
  readonly force: boolean;
}

/**
 * Parse the request; everything is checked before anything is changed.
 *
 * @param context Flags and arguments
 * @returns The change to apply
 * @throws {KitError} `usage` if action, name and flags cannot be combined
 */
export function readFailsafeRequest(
  { flags, args }: Pick<CommandContext<FailsafeFlags>, "flags" | "args">,
): FailsafeRequest {
  const [action = "status", name] = args;
  const forMs = flags.for;
  const isRelease = flags.release;
  if (isRelease && action !== "hold") throw misuse("--release goes with hold");
  if (forMs !== undefined && action !== "hold" && action !== "trip") throw misuse("--for goes with hold and trip");
  const isForced = flags.force;
  if (isForced && action !== "trip") throw misuse("--force goes with trip");
  switch (action) {
    case "reset":
      return (failsafe) => reset(failsafe, name);
    case "trip":
      if (name === undefined) throw misuse("trip needs the breaker's key, such as a host");
      return (failsafe) => trip(failsafe, name, { forMs, isForced });
    case "hold":
      return readHold(name, { forMs, isRelease });
    default:
      if (name !== undefined) throw misuse(`status takes no name, and "${name}" was given`);
      return () => null;
  }
}

function reset(failsafe: Failsafe, name: string | undefined): Bilingual {
  if (name === undefined) {
    failsafe.reset();
    return {
      en: "All breakers are closed, and the mode is reset",
      ja: "すべてのホストの遮断を解除し、モードをリセットしました",
    };
  }
  const key = readBreakerKey(name, { action: "reset", known: keysOf(failsafe), isForced: false });
  failsafe.reset(key);
  return { en: `${key} is closed`, ja: `${key} の遮断を解除しました` };
}

function trip(
  failsafe: Failsafe,
  name: string,
  options: { readonly forMs: number | undefined; readonly isForced: boolean },
): Bilingual {
  const { forMs, isForced } = options;
  const key = readBreakerKey(name, { action: "trip", known: keysOf(failsafe), isForced });
  failsafe.trip(key, { forMs });
  return { en: `${key} is open`, ja: `${key} を遮断しました` };
}

function keysOf(failsafe: Failsafe): readonly string[] {
  return failsafe.status().breakers.map(({ key }) => key);
}

function readHold(
  mode: string | undefined,
  options: { readonly forMs: number | undefined; readonly isRelease: boolean },
): FailsafeRequest {
  const { forMs, isRelease } = options;
  const modes = RUNGS.join(", ");
  if (isRelease) {
    if (mode !== undefined) throw misuse("hold --release takes no mode");
    return (failsafe) => {
      failsafe.release();
      return { en: "The mode changes automatically", ja: "モードの固定を解除しました。自動で変わります" };
    };
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
  return (failsafe) => {
    failsafe.hold(mode, { forMs });
    return { en: `The mode is held at ${mode}`, ja: `モードを ${mode} に固定しました` };
  };
}

function misuse(state: string): KitError {
  return new KitError("usage", `Cannot use these arguments: ${state}`, { hint: "See civitai-dl failsafe --help" });
}
