import { join } from "node:path";
import { KitError, readReason, shell } from "../../lib/base/mod.ts";

/** The settings for work on the program, and what they are made from. */
export const DEV_CONFIG = "config/dev.config";
const TEMPLATE = "config/dev.config.template";

/** Read the template of the settings. */
export async function readTemplate(root: string): Promise<string> {
  try {
    return await Deno.readTextFile(join(root, TEMPLATE));
  } catch (error) {
    const isMissing = error instanceof Deno.errors.NotFound;
    throw new KitError("usage", `Cannot read "${TEMPLATE}": ${isMissing ? "no such file" : readReason(error)}`, {
      cause: error,
      hint: shell`Restore it: git checkout -- ${TEMPLATE}`,
    });
  }
}

/** Whether there are settings already. */
export async function hasDevConfig(root: string): Promise<boolean> {
  return await Deno.lstat(join(root, DEV_CONFIG)).then(() => true, () => false);
}

/**
 * Create the settings, for the owner only; an existing file is never overwritten.
 *
 * @param key An API key to add; empty for none
 */
export async function createDevConfig(root: string, template: string, key: string): Promise<void> {
  const text = key === "" ? template : `${template.trimEnd()}\ntoken: ${JSON.stringify(key)}\n`;
  try {
    await Deno.writeTextFile(join(root, DEV_CONFIG), text, { createNew: true, mode: 0o600 });
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable) throw error;
    const isDenied = error instanceof Deno.errors.PermissionDenied;
    throw new KitError(
      "unsafe",
      `Cannot create "${DEV_CONFIG}": ${isDenied ? "you may not write there" : readReason(error)}`,
      {
        cause: error,
        hint: "Check that the checkout can be written",
      },
    );
  }
}
