import { assertEquals } from "@std/assert";
import { terminalWidth } from "../../lib/cli/mod.ts";

Deno.test("terminalWidth() takes what the terminal says, and the usual width where nobody knows", () => {
  const widths = [0, 5, 20, 132].map((columns) => terminalWidth(() => ({ columns })));
  assertEquals(widths, [80, 20, 20, 132]);
  const none = terminalWidth(() => {
    throw new Error("no terminal");
  });
  assertEquals(none, 80);
});
