import { KitError } from "../../base/mod.ts";
import type { InstalledVersion } from "../install/installed_version.ts";
import { findInstalled, type InstalledVersions } from "../install/read_installation.ts";
import type { RollbackMode } from "./rollback_record.ts";

/** Choose how to go back for a user who does not say: by the installation, if a version of it is in use. */
export function defaultMode({ current }: Pick<InstalledVersions, "current">): RollbackMode {
  return current === null ? "worktree" : "install";
}

/**
 * Choose the version to go back to where there is no repository, and so no version but the installed ones.
 *
 * @param installation The installation
 * @param word The tag or version that the user asked for; `undefined` for the one that was in use before
 * @returns The version
 * @throws {KitError} `usage` if it is not installed
 */
export function chooseInstalled(installation: InstalledVersions, word: string | undefined): InstalledVersion {
  const { versions, previous } = installation;
  const wanted = word ?? previous;
  const found = wanted === null ? null : findInstalled(installation, wanted);
  if (found !== null) return found;
  const names = versions.map(({ name }) => name).join(", ");
  const state = wanted === null ? "no version was in use before this one" : `"${wanted}" is not installed`;
  throw new KitError("usage", `Cannot go back: ${state}, and there is no repository here`, {
    hint: names === "" ? "Nothing is installed; run it in a checkout of the project" : `Installed: ${names}`,
  });
}
