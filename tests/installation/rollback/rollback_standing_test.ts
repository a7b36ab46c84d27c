import { assertEquals } from "@std/assert";
import { findForward, openRollbackStore, readStanding } from "../../../lib/installation/mod.ts";
import { inTempDir } from "../../helpers/temp_dir.ts";
import { recorded } from "./_recorded_rollback.ts";

Deno.test("readStanding() says which rollback was the last, and that nobody is at work on one that was killed", () =>
  inTempDir(async (folder) => {
    assertEquals(await readStanding(folder), { current: null, last: null, damaged: null, isRunning: false });
    const killed = recorded(folder, { state: "running", endedAt: null });
    await (await openRollbackStore(folder)).write(killed.operation);
    assertEquals(await readStanding(folder), { current: null, last: killed, damaged: null, isRunning: false });
  }));

Deno.test("findForward() leads to the version before the rollback, but not before one that changed nothing", () =>
  inTempDir(async (folder) => {
    const { operation, facts } = recorded(folder);
    assertEquals(await findForward(facts, { isInUse: false }), null);
    const store = await openRollbackStore(folder);
    await store.write(operation);
    assertEquals(await findForward(facts, { isInUse: false }), "1.1.0");
    // The version was in use since the rollback of the record.
    assertEquals(await findForward({ ...facts, from: "1.0.0" }, { isInUse: true }), "1.1.0");
    assertEquals(await findForward(facts, { isInUse: true }), null);
    assertEquals(await findForward({ ...facts, tag: "v1.0.1" }, { isInUse: false }), null);
    await store.write({ ...operation, state: "undone" });
    assertEquals(await findForward(facts, { isInUse: false }), null);
  }));
