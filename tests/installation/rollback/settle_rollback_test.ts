import { assertEquals } from "@std/assert";
import { openRollbackStore, readStanding, settleRollback } from "../../../lib/installation/mod.ts";
import { inTempDir } from "../../helpers/temp_dir.ts";
import { recorded } from "./_recorded_rollback.ts";

function onWarning(message: string): void {
  throw new Error(message);
}

Deno.test("settleRollback() puts back a rollback that was killed, and changes nothing when asked what it would do", () =>
  inTempDir(async (folder) => {
    const killed = recorded(folder, { state: "running", at: 0, endedAt: null });
    await (await openRollbackStore(folder)).write(killed.operation);
    const asked = await settleRollback(folder, { isDryRun: true, onWarning });
    assertEquals([asked?.facts, asked?.startedAt], [killed.facts, killed.operation.startedAt]);
    assertEquals((await readStanding(folder)).last?.operation.state, "running");
    const settled = await settleRollback(folder, { isDryRun: false, onWarning });
    assertEquals(settled?.facts.tag, "v1.0.0");
    assertEquals((await readStanding(folder)).last?.operation.state, "undone");
    assertEquals(await settleRollback(folder, { isDryRun: false, onWarning }), null);
  }));

Deno.test("settleRollback() leaves a rollback that has ended", () =>
  inTempDir(async (folder) => {
    await (await openRollbackStore(folder)).write(recorded(folder).operation);
    assertEquals(await settleRollback(folder, { isDryRun: false, onWarning }), null);
    assertEquals((await readStanding(folder)).last?.operation.state, "done");
  }));
