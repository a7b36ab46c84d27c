import { assertEquals } from "@std/assert";
import { z } from "zod";
import { schemaOf } from "../../lib/app/mod.ts";
import { renderShape } from "../../scripts/_docs/render_shape.ts";

function shapeOf(schema: z.ZodType): string {
  return renderShape(schemaOf(schema, "output"));
}

Deno.test("renderShape() writes scalars, choices and arrays as TypeScript does", () => {
  assertEquals(shapeOf(z.string()), "string");
  assertEquals(shapeOf(z.int()), "number");
  assertEquals(shapeOf(z.number().nullable()), "number | null");
  assertEquals(shapeOf(z.array(z.string())), "string[]");
  assertEquals(shapeOf(z.array(z.number().nullable())), "Array<number | null>");
  assertEquals(shapeOf(z.enum(["a", "b"])), '"a" | "b"');
  assertEquals(shapeOf(z.literal(1)), "1");
  assertEquals(shapeOf(z.unknown()), "unknown");
});

Deno.test("renderShape() writes objects with what their fields mean, and names what repeats itself", () => {
  assertEquals(
    shapeOf(z.strictObject({ id: z.number().describe("Its id"), "a-b": z.string().optional() })),
    '{\n  id: number; // Its id\n  "a-b"?: string;\n}',
  );
  assertEquals(shapeOf(z.record(z.string(), z.number())), "{\n  [name: string]: number;\n}");
  assertEquals(shapeOf(z.looseObject({ id: z.number() })), "{\n  id: number;\n  // and more\n}");
  assertEquals(shapeOf(z.strictObject({})), "{}");
  const tree: z.ZodType = z.lazy(() => z.array(z.strictObject({ children: tree })));
  assertEquals(/^type (\w+) = \{$/m.test(shapeOf(z.strictObject({ tree }))), true);
});
