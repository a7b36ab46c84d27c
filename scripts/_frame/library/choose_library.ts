import { resolve } from "node:path";
import type { CommandContext } from "../../../lib/cli/mod.ts";
import type { ClientFlags, LibraryFlags, OperationFlags } from "../flags.ts";
import { readDefaultLibrary, SANDBOX_LIBRARY } from "./output_file.ts";

/**
 * Find the library's folder in command line, environment, configuration or the earlier tool's file; the default is
 * `./downloads`.
 */
export function readOutput(flags: Pick<LibraryFlags, "output">): string {
  return flags.output ?? readDefaultLibrary().path;
}

/** Options of {@linkcode chooseLibrary}. */
export interface ChooseLibraryOptions {
  /**
   * Whether to use `test_downloads`, the trial folder of the earlier tool.
   *
   * @default {false}
   */
  readonly isTestMode?: boolean | undefined;
}

/**
 * Find the library's folder for a command that has `--sandbox`. With it, the folder can be set only on the command line,
 * because the environment, the configuration and `default_output_dir.txt` specify the real library.
 *
 * @param context Flags, and the display that shows the folder of the sandbox
 */
export function chooseLibrary(
  { flags, sourceOf, display }: Pick<
    CommandContext<Pick<LibraryFlags, "output"> & Pick<ClientFlags, "sandbox">>,
    "flags" | "sourceOf" | "display"
  >,
  options: ChooseLibraryOptions = {},
): string {
  const isNamed = sourceOf("output") === "flag";
  if (options.isTestMode && !isNamed) return "test_downloads";
  if (!flags.sandbox || isNamed) return readOutput(flags);
  display.log(`The sandbox's library is ${resolve(SANDBOX_LIBRARY)}; -o names another`);
  return SANDBOX_LIBRARY;
}

/** As {@linkcode chooseLibrary}, for commands whose `--output` is not the library. */
export function choosePlaceLibrary(
  { flags, sourceOf }: Pick<
    CommandContext<Pick<OperationFlags, "library"> & Pick<ClientFlags, "sandbox">>,
    "flags" | "sourceOf"
  >,
): string {
  return flags.sandbox && sourceOf("library") !== "flag" ? SANDBOX_LIBRARY : readLibrary(flags);
}

/**
 * Find the library's folder for commands whose `--output` is not the library: `--library`, otherwise the usual default.
 */
export function readLibrary(flags: Pick<OperationFlags, "library">): string {
  return flags.library ?? readDefaultLibrary().path;
}
