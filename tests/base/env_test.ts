import { assertEquals, assertStringIncludes } from "@std/assert";
import { rememberEnv } from "../../lib/base/mod.ts";
import { hasProgram } from "../helpers/has_program.ts";
import { inTempDir } from "../helpers/temp_dir.ts";

const MODULE = new URL("../../lib/base/env.ts", import.meta.url).href;
const CODE = `import { systemEnv } from "${MODULE}"; console.log("read:", systemEnv("HOME"), systemEnv("SECRET"));`;
const ENV = { HOME: "/home/ann", SECRET: "hidden", NO_COLOR: "1" };

/** Write a program that may read one of two variables, and pass its command line on. */
function withReader(use: (line: readonly string[]) => Promise<void>): Promise<void> {
  return inTempDir(async (folder) => {
    await Deno.writeTextFile(`${folder}/main.ts`, CODE);
    await use([Deno.execPath(), "run", "-q", "--no-config", "--allow-env=HOME", `${folder}/main.ts`]);
  });
}

Deno.test("systemEnv() reads a variable that is permitted, and counts any other as unset", () =>
  withReader(async ([program, ...args]) => {
    const { stdout } = await new Deno.Command(program!, { args, env: ENV }).output();
    assertEquals(new TextDecoder().decode(stdout), "read: /home/ann undefined\n");
  }));

Deno.test({
  name: "systemEnv() does not make the runtime ask for a permission on a terminal",
  ignore: !await hasProgram("script", "--version"),
  fn: () =>
    withReader(async (line) => {
      const args = ["20", "script", "-qefc", line.join(" "), "/dev/null"];
      const { stdout } = await new Deno.Command("timeout", { args, env: ENV }).output();
      const screen = new TextDecoder().decode(stdout);
      assertStringIncludes(screen, "read: /home/ann undefined");
      assertEquals(/requests|Allow\?/.test(screen), false, screen);
    }),
});

Deno.test("rememberEnv() reads each variable once", () => {
  const reads: string[] = [];
  const env = rememberEnv((name) => {
    reads.push(name);
    return name === "HOME" ? "/home/ann" : undefined;
  });
  assertEquals([env("HOME"), env("HOME"), env("UNSET"), env("UNSET")], [
    "/home/ann",
    "/home/ann",
    undefined,
    undefined,
  ]);
  assertEquals(reads, ["HOME", "UNSET"]);
});
