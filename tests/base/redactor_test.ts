import { assertEquals } from "@std/assert";
import { createRedactor } from "../../lib/base/mod.ts";

Deno.test("createRedactor() masks the whole of a secret that begins with another one", () => {
  const redact = createRedactor(["s3cr3t", undefined, "s3cr3t-longer", "short"]);
  assertEquals(redact("s3cr3t-longer, s3cr3t, short"), "[redacted], [redacted], short");
});

Deno.test("createRedactor() replaces names in one pass, ignores case, and spares parts of words for short ones", () => {
  const substitutes = new Map([["/home/ann", "~"], ["ann", "[me]"], ["long_name", "[user-1]"], ["me", "[never]"]]);
  const redact = createRedactor([], { substitutes });
  assertEquals(redact("/home/ann/x by ANN, not in annual or me"), "~/x by [me], not in annual or me");
  assertEquals(redact("Long_Name_v2 and xlong_name"), "[user-1]_v2 and x[user-1]");
  assertEquals(redact("%2Fhome%2Fann"), "~");
});

Deno.test("createRedactor() takes names with characters that mean something in expressions", () => {
  const redact = createRedactor(["s3cr3t-token"], { substitutes: new Map([["a.b+(c)", "[user]"]]) });
  assertEquals(redact("a.b+(c) aXb+(c) s3cr3t-token"), "[user] aXb+(c) [redacted]");
});
