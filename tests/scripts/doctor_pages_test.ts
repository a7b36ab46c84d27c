import { assertEquals, assertStringIncludes } from "@std/assert";
import { MemoryIo } from "../../lib/cli/mod.ts";
import { call } from "../helpers/call.ts";

Deno.test("doctor renders the tables of a page as lists that fit the terminal", async () => {
  for (const language of ["en", "ja"]) {
    const { code, out } = await call(["doctor", "exit-codes", "--language", language]);
    assertEquals([code, out.split("\n").filter((line) => line.startsWith("|"))], [0, []]);
  }
  assertStringIncludes(
    (await call(["doctor", "exit-codes", "--language", "en"])).out,
    "\n- 4\n  name: `unsafe`\n  meaning: A safety check stopped the command",
  );
  const io = new MemoryIo({ terminal: true, width: 60 });
  const { out } = await call(["doctor", "exit-codes", "--language", "en"], { io, env: { NO_COLOR: "1" } });
  const list = out.slice(out.indexOf("\n- "));
  assertEquals(list.split("\n").filter((line) => line.length > 60), []);
  assertStringIncludes(list, "\n- 4\n  name: `unsafe`\n  meaning: ");
});
