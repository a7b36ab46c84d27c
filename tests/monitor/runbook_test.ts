import { assertStringIncludes } from "@std/assert";
import { FAILURE_CLASSES, FAILURE_REMEDIES } from "../../lib/monitor/mod.ts";

Deno.test("the runbook has a section for each failure class with its meaning", async () => {
  const text = await Deno.readTextFile(new URL("../../docs/runbook.md", import.meta.url));
  const flat = text.replaceAll(/\s+/g, " ");
  for (const failure of FAILURE_CLASSES) {
    assertStringIncludes(text, `\n## ${failure}\n`);
    assertStringIncludes(flat, `${FAILURE_REMEDIES[failure].meaning}.`);
  }
});
