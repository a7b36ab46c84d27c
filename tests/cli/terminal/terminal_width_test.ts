import { assertEquals } from "@std/assert";
import { terminalWidth } from "../../../lib/cli/terminal/terminal_width.ts";

Deno.test("terminalWidth() returns the width of the terminal, or the default", () => {
  const widths = [0, 5, 20, 132].map((columns) => terminalWidth(() => ({ columns }), () => undefined));
  assertEquals(widths, [80, 20, 20, 132]);
  const none = terminalWidth(() => {
    throw new Error("no terminal");
  }, () => undefined);
  assertEquals(none, 80);
});

Deno.test("terminalWidth() prefers a valid COLUMNS", () => {
  const width = (columns: string | undefined) =>
    terminalWidth(() => ({ columns: 132 }), (name) => ({ COLUMNS: columns })[name]);
  assertEquals(["60", "200", "3"].map(width), [60, 200, 20]);
  assertEquals([undefined, "0", "-5", "wide", "1e3", "99999999999"].map(width), Array(6).fill(132));
});
