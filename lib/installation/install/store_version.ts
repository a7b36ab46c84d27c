import { join } from "node:path";
import { renameFile, syncDir, syncFile } from "../../base/mod.ts";
import { holdInstallation } from "./_hold_installation.ts";
import {
  BUNDLE_NAME,
  EXECUTABLE_NAME,
  formatRecord,
  type InstalledVersion,
  PROGRAM_NAME,
  recordPathOf,
  versionFolder,
} from "./installed_version.ts";
import { launcherOf, WINDOWS_LAUNCHER } from "./_launcher.ts";
import { denoPath } from "./run_program.ts";

/**
 * Install a version beside the others, by one rename, so that it is either complete or absent. It is not switched to.
 *
 * @param folder The folder of installed versions
 * @param record What is recorded of the version
 * @param program The bundle or the executable
 */
export async function storeVersion(
  folder: string,
  record: InstalledVersion,
  program: Uint8Array<ArrayBuffer>,
): Promise<void> {
  using _hold = await holdInstallation(folder, {});
  const versions = join(folder, "versions");
  await removeUnfinished(versions);
  const staging = join(versions, `${UNFINISHED}${crypto.randomUUID()}`);
  await Deno.mkdir(staging);
  try {
    const isBundle = record.form === "bundle";
    const place = join(staging, isBundle ? BUNDLE_NAME : EXECUTABLE_NAME);
    await Deno.writeFile(place, program);
    await flushAs(place, isBundle ? 0o644 : 0o755);
    const launcher = isBundle ? launcherOf(denoPath()) : WINDOWS_LAUNCHER;
    if (isBundle || EXECUTABLE_NAME !== PROGRAM_NAME) {
      const path = join(staging, PROGRAM_NAME);
      await Deno.writeTextFile(path, launcher);
      await flushAs(path, 0o755);
    }
    await Deno.writeTextFile(recordPathOf(staging), formatRecord(record));
    await flushAs(recordPathOf(staging), 0o644);
    await syncDir(staging);
    await replaceFolder(staging, versionFolder(folder, record.name));
    await syncDir(versions);
  } catch (error) {
    await Deno.remove(staging, { recursive: true }).catch(() => {});
    throw error;
  }
}

const UNFINISHED = ".unfinished-";

/** Remove what a killed process left; the lock of the installation is held, so nobody else is installing there. */
async function removeUnfinished(versions: string): Promise<void> {
  for await (const { name } of Deno.readDir(versions)) {
    if (name.startsWith(UNFINISHED)) await Deno.remove(join(versions, name), { recursive: true });
  }
}

/** A folder of that name is damaged or was built from a tag that has moved: set it aside, never delete it. */
async function replaceFolder(from: string, to: string): Promise<void> {
  const isTaken = await Deno.lstat(to).then(() => true, () => false);
  if (isTaken) await renameFile(to, `${to}.replaced-${crypto.randomUUID().slice(0, 8)}`);
  await renameFile(from, to);
}

async function flushAs(path: string, mode: number): Promise<void> {
  if (Deno.build.os !== "windows") await Deno.chmod(path, mode);
  using file = await Deno.open(path, { read: true, write: true });
  await syncFile(file);
}
