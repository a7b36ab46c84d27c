import { join } from "node:path";
import { KitError, renameFile } from "../../base/mod.ts";
import { holdInstallation } from "./_hold_installation.ts";
import { readInstallation } from "./read_installation.ts";
import { versionFolder } from "./installed_version.ts";

/**
 * Remove an installed version for good. Nothing is ever removed except on request.
 *
 * @param folder The folder of installed versions
 * @param name Name of the version's folder
 * @throws {KitError} `usage` if it is not installed, `unsafe` if it is in use or is the one to go back to
 */
export async function removeVersion(folder: string, name: string): Promise<void> {
  using _hold = await holdInstallation(folder, {});
  const { versions, current, previous } = await readInstallation(folder);
  if (!versions.some((one) => one.name === name)) {
    throw new KitError("usage", `Cannot remove version ${name}: it is not installed in "${folder}"`, {
      hint: versions.length === 0
        ? "No version is installed"
        : `Installed: ${versions.map((it) => it.name).join(", ")}`,
    });
  }
  if (name === current || name === previous) {
    const use = name === current ? "it is in use" : "it is the previous version, which a rollback may need";
    throw new KitError("unsafe", `Cannot remove version ${name}: ${use}`, {
      hint: "Switch to another version first: civitai-dl install switch VERSION",
    });
  }
  // Without its final name it is no version any more, even if this process dies before all files are gone.
  const doomed = join(folder, "versions", `.removed-${crypto.randomUUID()}`);
  await renameFile(versionFolder(folder, name), doomed);
  await Deno.remove(doomed, { recursive: true });
}

/**
 * Remove a version that a failed rollback built. It may be incomplete or missing, and is kept if it is in use.
 *
 * @param folder The folder of installed versions
 * @param name Name of the version's folder
 * @returns Whether it was removed
 */
export async function removeUnusedVersion(folder: string, name: string): Promise<boolean> {
  const { versions, current, previous } = await readInstallation(folder);
  if (!versions.some((one) => one.name === name) || name === current || name === previous) return false;
  await removeVersion(folder, name);
  return true;
}
