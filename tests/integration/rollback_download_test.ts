import { assert, assertEquals } from "@std/assert";
import { rollBackDuringDownload } from "./scenarios/rollback_download.ts";

Deno.test("rollback --stop-run lets an older program finish the file of a running download", async () => {
  const figures = await rollBackDuringDownload({ sizeBytes: 96 << 20, seconds: 1200, isSmall: true });
  const { rollbackCode, version, isFinished, isForward } = figures;
  assertEquals([rollbackCode, version, isFinished, isForward], [0, "civitai-dl 1.0.0", true, true]);
  assert(figures.stoppedAt < 1 && figures.ratio <= 1.1, JSON.stringify(figures));
});
