import { assertEquals } from "@std/assert";
import { textWidth } from "../../../lib/cli/mod.ts";

Deno.test("textWidth() counts wide characters twice, and no marks or colors", () => {
  assertEquals(["abc", "日本", "e\u0301", "\x1b[1mab\x1b[22m", ""].map(textWidth), [3, 4, 1, 2, 0]);
});
