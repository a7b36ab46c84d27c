import { type Clock, renameFile, systemClock } from "../../base/mod.ts";
import { versionName } from "../install/build_version.ts";
import type { InstallForm } from "../install/installed_version.ts";
import { isAsRecorded } from "../install/is_as_recorded.ts";
import { storeVersion } from "../install/store_version.ts";
import { readInstallation } from "../install/read_installation.ts";
import type { ReleaseProgram, VerifiedRelease } from "../published/verify_release.ts";
import { type FinishedRollback, runRollback } from "../rollback/run_rollback.ts";
import type { RollbackLibrary, TryDownload } from "../rollback/rollback_seams.ts";

/** A release that is to be used. */
export interface Update {
  /** The folder of installed versions. */
  readonly folder: string;
  /** The release. */
  readonly release: VerifiedRelease;
  /** Its program for this machine. */
  readonly program: ReleaseProgram;
  /** Form of the program. */
  readonly form: InstallForm;
  /** What is in use now, in words. */
  readonly from: string;
}

/** Options of {@linkcode installUpdate}. */
export interface InstallUpdateOptions {
  /** Path of the verified program, on the same disk as the folder; it is moved. `null` if it is installed already. */
  readonly path: string | null;
  /** What a rollback needs. An update touches no library. */
  readonly library: RollbackLibrary;
  /** How to try a version that has no self-test. */
  readonly tryDownload: TryDownload;
  /** Stops the update; everything is then put back. */
  readonly signal: AbortSignal;
  /** Called before each step with what it does. */
  readonly onStep?: ((text: string) => void) | undefined;
  /**
   * Time source; tests pass a fake clock.
   *
   * @default {systemClock}
   */
  readonly clock?: Clock | undefined;
}

/**
 * Find out whether the version of a release is installed already, downloaded or built from the same commit, and is
 * undamaged.
 */
export async function isReleaseInstalled(
  folder: string,
  { tag, commit }: Pick<VerifiedRelease, "tag" | "commit">,
): Promise<boolean> {
  const name = versionName(tag, null);
  const { versions } = await readInstallation(folder);
  const record = versions.find((one) => one.name === name && one.sha === commit);
  return record !== undefined && await isAsRecorded(folder, record);
}

/**
 * Install a downloaded release beside the other versions, verify it, and use it. It has the journal of a rollback:
 * after a kill, `undoRollback` takes it back.
 *
 * @param update The release
 * @param options The program and the seams
 * @returns What was verified
 * @throws {KitError} The reason; everything has been put back
 */
export async function installUpdate(update: Update, options: InstallUpdateOptions): Promise<FinishedRollback> {
  const { folder, release, program, form, from } = update;
  const { path, clock = systemClock } = options;
  const { tag, commit, catalogVersion } = release;
  const name = versionName(tag, null);
  return await runRollback({
    request: {
      mode: "install",
      tag,
      repository: null,
      folder,
      tree: null,
      branch: null,
      library: null,
      stopsRun: false,
      by: "self-update",
    },
    sha: commit,
    patch: null,
    tree: commit,
    isCheckedOut: false,
    name,
    libraryChange: null,
    reverts: [],
    tip: null,
    isInstalled: path === null,
    isInUse: false,
  }, {
    ...options,
    from,
    async provide() {
      if (path === null) return;
      const builtAt = new Date(clock.now()).toISOString();
      const { sha256 } = program;
      const record = { name, tag, sha: commit, form, sha256, patchSha256: null, catalogVersion, builtAt };
      await storeVersion(folder, record, (place) => renameFile(path, place));
    },
  });
}
