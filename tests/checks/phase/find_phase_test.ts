import { assertEquals, assertThrows } from "@std/assert";
import { findPhase } from "../../../checks/phase/judge_phase.ts";
import { KitError } from "../../../lib/base/mod.ts";
import { parseGateConfig } from "../../../lib/gate/mod.ts";

function phasesNamed(...names: readonly string[]) {
  const entries = names.map((name) =>
    `  - name: "${name}"\n    title: T\n    conditions:\n      - { id: a, title: A, check: format, require: "= 0" }\n`
  );
  return parseGateConfig(`version: 1\nphases:\n${entries.join("")}`, { file: "phases.yml", checks: ["format"] });
}

Deno.test("findPhase() takes phase1 for 1, unless a phase has that name", () => {
  assertEquals(findPhase(phasesNamed("1", "2"), "phase2").name, "2");
  assertEquals(findPhase(phasesNamed("1", "2"), "2").name, "2");
  assertEquals(findPhase(phasesNamed("1", "phase1"), "phase1").name, "phase1");
  assertThrows(() => findPhase(phasesNamed("1"), "phase9"), KitError, 'Cannot find phase "phase9": there are 1');
});
