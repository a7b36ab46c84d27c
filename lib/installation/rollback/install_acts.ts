import { shell } from "../../base/mod.ts";
import { type Acts, type ActUndo, openRepository, UndoConflict } from "../../git/mod.ts";
import { buildVersion } from "../install/build_version.ts";
import { findInstalled, readInstallation } from "../install/read_installation.ts";
import { removeUnusedVersion } from "../install/remove_version.ts";
import { readPointers, restorePointers, switchVersion } from "../install/switch_version.ts";
import { applyEmergencyPatch, loadPatch, type PatchActOptions } from "./emergency_patch.ts";
import { commandOf, type InstallFacts } from "./rollback_record.ts";

/** Return what the steps do that switch the installed version. */
export function installActs(facts: InstallFacts, options: PatchActOptions): Acts {
  const { folder, name } = facts;
  return {
    build: {
      apply: () => build(facts, options),
      planUndo: () =>
        Promise.resolve({
          text: `the version ${name} that it installed is removed`,
          apply: () => removeUnusedVersion(folder, name),
        }),
    },
    switch: {
      // Before the verification: a rollback leaves a bad version as soon as it can.
      apply: () => switchVersion(folder, name, { signal: options.signal }),
      planUndo: ({ wasDone }) => planPointers(facts, wasDone),
    },
  };
}

async function build(facts: InstallFacts, options: PatchActOptions): Promise<void> {
  const { tag, sha, folder } = facts;
  const { signal } = options;
  const patch = await loadPatch(facts, options);
  const withPatch = patch === null ? {} : {
    patch: { sha256: patch.sha256, apply: (tree: string) => applyEmergencyPatch(tree, patch, { signal }) },
  };
  const repository = await openRepository(facts.repository!);
  await buildVersion(repository, { tag, sha, folder, command: commandOf(facts), signal, ...withPatch });
}

async function planPointers({ folder, name, pointers }: InstallFacts, wasDone: boolean): Promise<ActUndo> {
  const { current } = pointers;
  const { current: now } = await readPointers(folder);
  const inUse = now ?? "no version";
  if (now !== current && now !== name) {
    throw new UndoConflict(`Cannot return to ${current ?? "no version"}: ${inUse} is in use by now`, {
      hint: "Somebody has switched since; choose the version yourself: civitai-dl install switch VERSION",
      keeps: `${inUse} stays in use: somebody has switched to it since`,
    });
  }
  // One that never ended gets back whatever was there, even if that led nowhere.
  if (current !== null && wasDone && findInstalled(await readInstallation(folder), current) === null) {
    throw new UndoConflict(`Cannot return to ${current}: it is not installed any more`, {
      hint: shell`Install it: civitai-dl install add ${`v${current.replace(/\+.*/, "")}`} --switch`,
      keeps: `${inUse} stays in use: ${current} is not installed any more`,
    });
  }
  const apply = async () => {
    await restorePointers(folder, pointers);
    return true;
  };
  return { text: current === null ? "no installed version is in use" : `${current} is in use`, apply };
}
