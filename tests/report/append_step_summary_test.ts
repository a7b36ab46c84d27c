import { assertEquals, assertMatch } from "@std/assert";
import { join } from "node:path";
import { appendStepSummary } from "../../lib/report/mod.ts";
import { inTempDir } from "../helpers/temp_dir.ts";

Deno.test("appendStepSummary() appends whole lines up to 1 MiB", () =>
  inTempDir(async (folder) => {
    const path = join(folder, "summary.md");
    await appendStepSummary(path, "one\n");
    await appendStepSummary(path, "two\n");
    assertEquals(await Deno.readTextFile(path), "one\ntwo\n");
    await appendStepSummary(path, "あいう\n".repeat(200_000));
    const text = await Deno.readTextFile(path);
    assertEquals((await Deno.stat(path)).size <= 1024 * 1024, true);
    assertMatch(text.slice(-80), /あいう\n\n\nTruncated: a step summary is limited to 1 MiB\.\n$/);
    await appendStepSummary(path, "x".repeat(1000));
    assertEquals((await Deno.stat(path)).size <= 1024 * 1024, true);
  }));
