import { assertEquals } from "@std/assert";
import { createRedactor } from "../../lib/base/mod.ts";

Deno.test("createRedactor() masks the whole of a secret that begins with another one", () => {
  const redact = createRedactor(["s3cr3t", undefined, "s3cr3t-longer", "short"]);
  assertEquals(redact("s3cr3t-longer, s3cr3t, short"), "[redacted], [redacted], short");
});
