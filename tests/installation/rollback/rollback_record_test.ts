import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { exists } from "@std/fs";
import { KitError } from "../../../lib/base/mod.ts";
import {
  formatRecord,
  openRollbackStore,
  programOf,
  readRollback,
  recordPathOf,
  undoRollback,
  versionFolder,
} from "../../../lib/installation/mod.ts";
import { findLastRollback } from "../../../lib/installation/rollback/rollback_record.ts";
import { inTempDir } from "../../helpers/temp_dir.ts";
import { COMMON, recorded } from "./_recorded_rollback.ts";

async function putVersion(folder: string): Promise<string> {
  const version = versionFolder(folder, "1.0.0");
  await Deno.mkdir(version, { recursive: true });
  const record = {
    name: "1.0.0",
    tag: "v1.0.0",
    sha: "0".repeat(40),
    form: "bundle",
    sha256: "0".repeat(64),
    patchSha256: null,
    catalogVersion: 1,
    builtAt: "2026-01-02T03:04:05.000Z",
  } as const;
  await Deno.writeTextFile(recordPathOf(version), formatRecord(record));
  await Deno.writeTextFile(programOf(folder, "1.0.0"), "");
  return version;
}

const REFUSE = { conflicts: "refuse", isDryRun: false } as const;

Deno.test("undoRollback() of a finished one leaves the version that it built, also after a kill in between", () =>
  inTempDir(async (folder) => {
    const version = await putVersion(folder);
    const store = await openRollbackStore(folder);
    const done = recorded(folder);
    await store.write(done.operation);
    assertEquals(await undoRollback(done, REFUSE), {
      outcomes: [{ text: "no installed version is in use", isKept: false }],
      earlier: null,
    });
    // What is on disk between two steps.
    await store.write({ ...done.operation, state: "undoing" });
    await undoRollback(done, REFUSE);
    assert(await exists(version));
    const killed = recorded(folder, { id: "20260102T040405000Z-killed", state: "running", endedAt: null });
    await store.write(killed.operation);
    await undoRollback(killed, REFUSE);
    assert(!await exists(version));
  }));

Deno.test("undoRollback() of one that did not end leads back to the finished one before it", () =>
  inTempDir(async (folder) => {
    const store = await openRollbackStore(folder);
    const before = recorded(folder);
    await store.write(before.operation);
    const killed = recorded(folder, { id: "20260102T040405000Z-killed", state: "running", at: 0, endedAt: null });
    await store.write(killed.operation);
    const { earlier } = await undoRollback(killed, REFUSE);
    assertEquals(earlier?.operation, before.operation);
    assertEquals((await undoRollback(before, REFUSE)).earlier, null);
    await assertRejects(() => undoRollback(before, REFUSE), KitError, "is undone already");
  }));

Deno.test("undoRollback() takes nothing back where the repository is gone, and says so", () =>
  inTempDir(async (folder) => {
    const gone = recorded(folder, {}, {
      ...COMMON,
      folder,
      mode: "worktree",
      repository: "/not there",
      tree: "/not there either",
      files: "0".repeat(40),
    });
    await (await openRollbackStore(folder)).write(gone.operation);
    const { outcomes } = await undoRollback(gone, REFUSE);
    assertEquals(outcomes, [
      { text: "nothing is taken back: there is no repository at /not there any more", isKept: true },
    ]);
  }));

Deno.test("readRollback() means the versions beside a record, wherever its folder was moved", () =>
  inTempDir(async (folder) => {
    const store = await openRollbackStore(folder);
    await store.write(recorded("/before").operation);
    assertEquals((await findLastRollback(store, folder))?.facts.folder, folder);
    const { operation } = recorded(folder);
    assertThrows(() => readRollback({ ...operation, about: {} }, folder), KitError, "it is not one of a rollback");
  }));
