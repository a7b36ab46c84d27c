import { KitError } from "../base/mod.ts";
import { ConfigError } from "./config_error.ts";
import { decodeConfig } from "./decode_config.ts";

/** Maximum size of a configuration file, in bytes: 1 MiB. Handwritten files have a few hundred lines. */
export const MAX_CONFIG_BYTES: number = 1 << 20;

/** Options of {@linkcode readConfigText}. */
export interface ReadConfigTextOptions {
  /** Hint for the error if the file does not exist or is a folder, such as which flag to set. */
  readonly hint: string;
  /** Stops waiting for a pipe that nobody fills; the reason is thrown. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Read a configuration file that the user specified.
 *
 * @returns Its text, decoded as UTF-8
 * @throws {KitError} `usage` if there is no such file, or if it is a folder
 * @throws {ConfigError} If it is not valid UTF-8, or is larger than {@linkcode MAX_CONFIG_BYTES}
 */
export async function readConfigText(path: string, options: ReadConfigTextOptions): Promise<string> {
  const { hint, signal } = options;
  try {
    const { size, isDirectory } = await Deno.stat(path);
    if (isDirectory) throw new KitError("usage", `Cannot read "${path}": it is a folder`, { hint });
    if (size <= MAX_CONFIG_BYTES) {
      return decodeConfig(await Deno.readFile(path, signal === undefined ? {} : { signal }), path);
    }
    throw new ConfigError(path, [{
      line: 1,
      column: 1,
      message: `the file is too large: ${size} bytes`,
      hint: `The limit is ${MAX_CONFIG_BYTES} bytes (1 MiB)`,
    }]);
  } catch (error) {
    signal?.throwIfAborted();
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    throw new KitError("usage", `Cannot read "${path}": no such file`, { hint, cause: error });
  }
}
