import { assertEquals } from "@std/assert";
import { gateJsonSchema } from "../../../lib/gate/mod.ts";

/** What a schema says about `check:`. */
function checkOf(schema: unknown): unknown {
  // deno-lint-ignore no-explicit-any
  return (schema as any).properties.phases.items.properties.conditions.items.properties.check;
}

Deno.test("gateJsonSchema() lists the checks that it is told, and else takes any name", () => {
  const any = { type: "string", minLength: 1, description: "Name of a check" };
  assertEquals(checkOf(gateJsonSchema({ checks: ["lint", "types"] })), { ...any, enum: ["lint", "types"] });
  assertEquals(checkOf(gateJsonSchema()), any);
});
