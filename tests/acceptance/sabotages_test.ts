import { assertEquals } from "@std/assert";
import { fileURLToPath } from "node:url";
import { parseGateConfig } from "../../lib/gate/mod.ts";
import { FORGERIES } from "./_forgeries.ts";
import { SABOTAGES } from "./_sabotages.ts";

Deno.test("each sabotage matches exactly one place in the sources", async () => {
  for (const { name, edits } of SABOTAGES) {
    for (const edit of edits) {
      const path = fileURLToPath(new URL(`../../${edit.path}`, import.meta.url));
      const text = await Deno.readTextFile(path).catch(() => null);
      const places = edit.type === "replace" ? (text ?? "").split(edit.find).length - 1 : text === null ? 0 : 1;
      assertEquals(places, edit.type === "add" ? 0 : 1, `${name}: ${edit.path}`);
    }
  }
});

Deno.test("each forged report is meant for a condition that reads it", () => {
  const text = Deno.readTextFileSync(fileURLToPath(new URL("../../config/phases.yml", import.meta.url)));
  const { phases } = parseGateConfig(text);
  for (const { name, condition = { phase: "1", id: "timeout-rate" } } of FORGERIES) {
    const { conditions } = phases.find((phase) => phase.name === condition.phase)!;
    const source = conditions.find(({ id }) => id === condition.id)?.source;
    assertEquals([name, source?.type === "evidence" && source.demand.schema], [name, "civitai-dl/stability"]);
  }
});
