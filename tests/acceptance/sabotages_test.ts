import { assertEquals } from "@std/assert";
import { fileURLToPath } from "node:url";
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
