import { basename, resolve } from "node:path";
import { KitError } from "../../lib/base/mod.ts";
import type { CommandContext } from "../../lib/cli/mod.ts";
import type { ClientFlags } from "../_frame/flags.ts";
import { findKey } from "../_frame/session.ts";

/**
 * Find the path of the file with the API key, and the name that stands in its place: messages about the key name the
 * file, and whoever reads the page need not know where it is.
 *
 * @returns One path, or none if the key is in no file
 */
export async function nameKeyFile(
  context: Pick<CommandContext<ClientFlags>, "flags" | "env" | "sourceOf">,
): Promise<ReadonlyMap<string, string>> {
  try {
    const path = /^"([^"]+)"/.exec((await findKey(context))?.origin ?? "")?.[1];
    return new Map(path === undefined ? [] : [[resolve(path), basename(path)]]);
  } catch (error) {
    // A key that cannot be used is reported by what needs it.
    if (!(error instanceof KitError)) throw error;
    const { tokenFile } = context.flags;
    return new Map(tokenFile === undefined ? [] : [[resolve(tokenFile), basename(tokenFile)]]);
  }
}
