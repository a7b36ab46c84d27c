import { assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { inTempDir } from "../../helpers/temp_dir.ts";

const SCRIPTS = fileURLToPath(new URL("../../../.github/scripts/", import.meta.url));

interface Ran {
  readonly code: number;
  readonly out: string;
}

/** Run a script with a program `deno` of our own in front of PATH. */
async function run(script: string, args: readonly string[], fakeDeno: string): Promise<Ran> {
  let ran: Ran | undefined;
  await inTempDir(async (folder) => {
    await Deno.writeTextFile(join(folder, "deno"), `#!/usr/bin/env bash\n${fakeDeno}\n`, { mode: 0o755 });
    const { code, stdout, stderr } = await new Deno.Command("bash", {
      args: [join(SCRIPTS, script), ...args],
      cwd: folder,
      env: { PATH: `${folder}:${Deno.env.get("PATH")}` },
    }).output();
    const text = new TextDecoder();
    ran = { code, out: text.decode(stdout) + text.decode(stderr) };
  });
  return ran!;
}

for (const [code, expected] of [[0, 0], [1, 1], [2, 2], [3, 0], [4, 4], [6, 6], [7, 7], [130, 130]]) {
  Deno.test(`judge.sh makes ${expected} of exit code ${code}`, async () => {
    const ran = await run("judge.sh", ["deno", "task", "benchmark"], `echo "args: $*"; exit ${code}`);
    assertEquals(ran.code, expected);
    assertStringIncludes(ran.out, "args: task benchmark\n");
    assertEquals(ran.out.includes("::warning title=Inconclusive::deno task benchmark ended with 3"), code === 3);
  });
}

Deno.test("judge.sh passes arguments on as they are", async () => {
  const { out } = await run("judge.sh", ["deno", "a b", "$(id)", "*"], 'printf "<%s>" "$@"');
  assertEquals(out, "<a b><$(id)><*>");
});
