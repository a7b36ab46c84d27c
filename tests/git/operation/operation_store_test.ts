import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { KitError } from "../../../lib/base/mod.ts";
import { type Operation, OperationStore, undoOperation } from "../../../lib/git/mod.ts";
import { inTempDir } from "../../helpers/temp_dir.ts";

/** An operation without steps that has ended. */
function ended(command: string, hour: string): Operation {
  return {
    id: `20260101T${hour}0000000Z-${command.replaceAll(" ", "-")}`,
    command,
    summary: "Creates a branch",
    startedAt: `2026-01-01T${hour}:00:00.000Z`,
    endedAt: `2026-01-01T${hour}:00:01.000Z`,
    state: "done",
    reason: null,
    warnings: [],
    steps: [],
    at: 0,
    results: {},
    sent: [],
  };
}

Deno.test("undoOperation() takes back no earlier operation while the file of a later one is damaged", () =>
  inTempDir(async (folder) => {
    const repository = { root: folder, commonFolder: folder };
    const registry = join(folder, "registry");
    const store = new OperationStore(repository);
    const undo = () => undoOperation(repository, { registry });
    await store.write(ended("branch start-hotfix A", "08"));
    await store.write(ended("branch start-hotfix B", "09"));
    assertEquals(await store.findDamaged(), null);

    await Deno.writeTextFile(store.currentPath, "{");
    await assertRejects(undo, KitError, "moved to ");
    for (let again = 0; again < 2; again++) {
      const error = await assertRejects(undo, KitError, "the file of the last operation is damaged");
      assertEquals(error.code, "unsafe");
      assertStringIncludes(error.message, (await store.findDamaged())!);
      assertStringIncludes(error.hint!, 'delete that file; branch undo then takes back "branch start-hotfix B"');
    }
    assertEquals((await store.readEnded()).map(({ state }) => state), ["done", "done"]);

    // A later operation can be taken back, and so can the last one once the damaged file is deleted.
    const aside = (await store.findDamaged())!;
    const later = { ...ended("branch start-hotfix C", "10"), endedAt: new Date(Date.now() + 1000).toISOString() };
    await store.write(later);
    assertEquals(await store.findDamaged(), null);
    const latest = join(folder, "civitai-dl", "operations", `${later.id}.json`);
    await Deno.writeTextFile(latest, "{");
    assertEquals(await store.findDamaged(), latest);
    await assertRejects(undo, KitError, latest);
    await Deno.remove(latest);
    assertEquals(await store.findDamaged(), aside);
    await Deno.remove(aside);
    assertEquals(await store.findDamaged(), null);
  }));

Deno.test("OperationStore refuses an operation of a later version, and leaves its file alone", () =>
  inTempDir(async (folder) => {
    const store = new OperationStore({ root: folder, commonFolder: folder });
    await store.write(ended("branch start-hotfix A", "08"));
    const text = '{"version":2,"news":true}\n';
    await Deno.writeTextFile(store.currentPath, text);
    const error = await assertRejects(() => store.readCurrent(), KitError, "format 2; this program reads format 1");
    assertEquals([error.code, await Deno.readTextFile(store.currentPath)], ["unsafe", text]);
  }));
