import { assert, assertEquals, assertRejects } from "@std/assert";
import { exists } from "@std/fs";
import { join } from "node:path";
import { KitError } from "../../../lib/base/mod.ts";
import {
  formatRecord,
  inspectRollbackJournal,
  programOf,
  readRollbackJournal,
  recordPathOf,
  type RollbackJournal,
  undoRollback,
  versionFolder,
} from "../../../lib/release/mod.ts";
import { inTempDir } from "../../helpers/temp_dir.ts";

function journal(folder: string, more: Pick<RollbackJournal, "state"> & Partial<RollbackJournal>): RollbackJournal {
  return {
    version: 1,
    request: {
      mode: "install",
      tag: "v1.0.0",
      repository: null,
      folder,
      tree: null,
      branch: null,
      library: null,
      stopsRun: false,
    },
    from: "1.1.0",
    startedAt: "2026-01-02T03:04:05.000Z",
    steps: [{ name: "verify", isDone: false, undo: null }],
    reason: null,
    ...more,
  };
}

Deno.test("undoRollback() of one that did not end brings back the journal of the finished one before it", () =>
  inTempDir(async (folder) => {
    const earlier = journal(folder, { state: "done" });
    for (const state of ["running", "restoring"] as const) {
      await undoRollback(journal(folder, { state, earlier }), {
        conflicts: "refuse",
        reason: "a kill",
      });
      assertEquals((await readRollbackJournal(folder)).journal, earlier);
    }
    await undoRollback(earlier, { conflicts: "refuse", reason: "undo" });
    assertEquals((await readRollbackJournal(folder)).journal?.state, "restored");
  }));

Deno.test("undoRollback() of a finished one leaves the version that it built, also after a kill in between", () =>
  inTempDir(async (folder) => {
    const steps = [
      { name: "build", isDone: true, undo: { type: "version", folder, name: "1.0.0" } },
      { name: "branch", isDone: true, undo: { type: "branch", repository: "/not there", name: "b", sha: "f" } },
    ] as const;
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
    const done = journal(folder, { state: "done", steps });
    const { restored, kept } = await undoRollback(done, { conflicts: "refuse", reason: "undo" });
    assertEquals([restored, kept], [[], ["branch b is not deleted: there is no repository at /not there any more"]]);
    // What is on disk between two steps.
    const { journal: ended } = await readRollbackJournal(folder);
    await undoRollback({ ...ended!, state: "restoring" }, { conflicts: "refuse", reason: "undo" });
    assert(await exists(version));
    await undoRollback(journal(folder, { state: "running", steps }), { conflicts: "refuse", reason: "undo" });
    assert(!await exists(version));
  }));

Deno.test("inspectRollbackJournal() names damaged journals until a sound one follows, and moves none", () =>
  inTempDir(async (folder) => {
    assertEquals(await inspectRollbackJournal(join(folder, "not there")), { journal: null, damaged: [] });
    const path = join(folder, "rollback.json");
    await Deno.writeTextFile(path, "{");
    assertEquals((await inspectRollbackJournal(folder)).damaged, [path]);
    const { setAside } = await readRollbackJournal(folder);
    assertEquals((await inspectRollbackJournal(folder)).damaged, [String(setAside)]);
    const sound = journal(folder, { state: "done" });
    await Deno.writeTextFile(path, JSON.stringify(sound));
    assertEquals(await inspectRollbackJournal(folder), { journal: sound, damaged: [] });
  }));

Deno.test("readRollbackJournal() puts a journal aside whose earlier one is damaged", () =>
  inTempDir(async (folder) => {
    const path = join(folder, "rollback.json");
    const text = JSON.stringify(journal(folder, { state: "running", earlier: journal(folder, { state: "done" }) }));
    await Deno.writeTextFile(path, text.replace('"done"', '"gone"'));
    assertEquals((await readRollbackJournal(folder)).setAside?.startsWith(`${path}.bad-`), true);
  }));

Deno.test("readRollbackJournal() means the versions beside a journal, wherever its folder was moved", () =>
  inTempDir(async (folder) => {
    const pointers = { type: "pointers", folder: "/before", name: "1.0.0", current: "1.1.0", previous: null } as const;
    const steps = [{ name: "switch", isDone: true, undo: pointers }];
    const text = JSON.stringify(
      journal("/before", { state: "running", steps, earlier: journal("/b", { state: "done" }) }),
    );
    await Deno.writeTextFile(join(folder, "rollback.json"), text);
    for (const read of [readRollbackJournal, inspectRollbackJournal]) {
      const moved = (await read(folder)).journal!;
      assertEquals([moved.request.folder, moved.earlier?.request.folder], [folder, folder]);
      assertEquals(moved.steps[0]!.undo, { ...pointers, folder });
    }
  }));

Deno.test("readRollbackJournal() refuses a journal of a later version, and leaves its file alone", () =>
  inTempDir(async (folder) => {
    const path = join(folder, "rollback.json");
    const text = '{"version":2,"news":true}\n';
    await Deno.writeTextFile(path, text);
    for (const read of [readRollbackJournal, inspectRollbackJournal]) {
      const error = await assertRejects(() => read(folder), KitError, "format 2; this program reads format 1");
      assertEquals([error.code, await Deno.readTextFile(path)], ["unsafe", text]);
    }
  }));
