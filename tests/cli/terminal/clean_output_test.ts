import { assert, assertEquals } from "@std/assert";
import { createRedactor, seededRandom } from "../../../lib/base/mod.ts";
import { createPaint } from "../../../lib/cli/mod.ts";
import { PAINT_CODE } from "../../../lib/cli/terminal/paint.ts";
import { cleanOutput } from "../../../lib/cli/terminal/clean_output.ts";

const redact = createRedactor(["secret-token"]);
const FOREIGN = "a\x1b]0;owned\x07b\x1b[2J\x9b31mc\u202ed\rerror: e\x1b[8mf";

Deno.test("cleanOutput() removes terminal sequences and secrets", () => {
  assertEquals(
    cleanOutput(`${FOREIGN}\n\tsecret-\u200btoken`, { redact, color: false }),
    "abcd\nerror: ef\n\t[redacted]",
  );
});

Deno.test("cleanOutput() keeps our own colors only if colors are enabled", () => {
  const { red, bold } = createPaint({ color: true });
  const text = `${red("x")} ${bold(FOREIGN)}`;
  assertEquals(cleanOutput(text, { redact, color: true }), `${red("x")} ${bold("abcd\nerror: ef")}`);
  assertEquals(cleanOutput(text, { redact, color: false }), "x abcd\nerror: ef");
});

Deno.test("cleanOutput() keeps nothing but our colors in any combination of pieces", () => {
  const random = seededRandom(17);
  const pieces = [
    "\x1b",
    "[",
    "]",
    "31m",
    "1m",
    "\x1b[31m",
    "\x1b[39m",
    "\x1b[2J",
    "\x9b",
    "\x9d",
    "\x07",
    "\\",
    ";",
    "a",
  ];
  for (let round = 0; round < 5000; round++) {
    const text = Array.from({ length: 12 }, () => pieces[Math.floor(random() * pieces.length)]).join("");
    const shown = cleanOutput(text, { redact, color: true });
    assert(!/\p{Cc}/u.test(shown.split(PAINT_CODE).filter((_, at) => at % 2 === 0).join("")), JSON.stringify(text));
  }
});
