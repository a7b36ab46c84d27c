import { assertEquals } from "@std/assert";
import { checkout } from "../../tasks.ts";
import { loadProgram } from "../../lib/cli/mod.ts";
import { permissionsOf } from "../../scripts/_docs/tasks.ts";
import { LANGUAGE_FLAG, LOCALE_VARIABLES } from "../../scripts/_frame/language.ts";

Deno.test("the task of every command that has --language may read the locale", async () => {
  const { commands } = await loadProgram(checkout);
  const bilingual = commands.filter(({ flags }) => flags?.some((flag) => flag.name === LANGUAGE_FLAG.name));
  for (const name of ["failsafe", "handle-issue", "status", "doctor", "check-alerts"]) {
    assertEquals(bilingual.some((command) => command.name === name), true, name);
  }
  const blind = bilingual.flatMap((command) => {
    const { env } = permissionsOf(command);
    const unread = LOCALE_VARIABLES.filter((variable) => env !== true && !env?.includes(variable));
    return unread.length === 0 ? [] : [`${command.name}: ${unread.join(", ")}`];
  });
  assertEquals(blind, []);
});
