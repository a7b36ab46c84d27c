import { assertEquals } from "@std/assert";
import { GLOBAL_FLAGS, mergeFlags } from "../../../lib/cli/mod.ts";

Deno.test("mergeFlags() lists own flags before global ones", () => {
  const own = [{ name: "user", type: "string", summary: "" }] as const;
  const shared = [{ name: "config", type: "path", summary: "" }] as const;
  assertEquals(mergeFlags(own, shared).map((flag) => flag.name), [
    "user",
    "config",
    ...GLOBAL_FLAGS.map((flag) => flag.name),
  ]);
});

Deno.test("mergeFlags() keeps the first of two flags with the same name or letter", () => {
  const own = [{ name: "json", short: "q", type: "path", summary: "" }] as const;
  const merged = mergeFlags(own);
  assertEquals(merged.find((flag) => flag.name === "json")?.type, "path");
  assertEquals(merged.find((flag) => flag.name === "quiet")?.short, undefined);
});
