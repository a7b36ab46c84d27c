import { assertEquals, assertLessOrEqual } from "@std/assert";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { GateReport } from "../../lib/gate/mod.ts";
import { evidenceText } from "../helpers/evidence/gate_evidence.ts";
import { inTempDir } from "../helpers/temp_dir.ts";

const EXAMPLE = fileURLToPath(new URL("../../docs/examples/gate.ts", import.meta.url));

/** As its second line states. */
async function runExample(...files: readonly string[]): Promise<GateReport> {
  const [, line] = (await Deno.readTextFile(EXAMPLE)).split("\n");
  const flags = line!.split(" ").filter((word) => word.startsWith("--"));
  const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-q", "--no-prompt", ...flags, EXAMPLE, ...files],
  }).output();
  assertEquals(new TextDecoder().decode(stderr), "");
  return JSON.parse(new TextDecoder().decode(stdout));
}

Deno.test("docs/examples/gate.ts fails a load test without a report, and judges its counts with one", () =>
  inTempDir(async (folder) => {
    assertEquals((await runExample()).rows.map((row) => row.verdict), ["pass", "not evaluated"]);
    const path = join(folder, "load.json");
    const at = new Date().toISOString();
    for (const [events, verdict] of [[0, "pass"], [9, "inconclusive"], [40, "fail"]] as const) {
      const claims = [{ id: "error_rate", kind: "rate", unit: "rate", events, trials: 1000 }];
      const text = evidenceText({ schema: "shop/load", claims, startedAt: at, endedAt: at, actualMs: 60_000 });
      await Deno.writeTextFile(path, text);
      assertEquals((await runExample(path)).verdict, verdict);
    }
  }));

Deno.test("docs/examples/gate.ts has at most twenty lines and does not depend on Civitai", async () => {
  const text = await Deno.readTextFile(EXAMPLE);
  assertLessOrEqual(text.trimEnd().split("\n").length, 20);
  assertEquals(text.replaceAll(/@civitai-dl\/civitai-dl|civitai-dl\/no-console/g, "").match(/civitai/i), null);
});
