import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { hasProgram } from "../../helpers/has_program.ts";
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

// GNU timeout is not part of macOS and Windows.
const hasTimeout = await hasProgram("timeout", "--version");

Deno.test(
  "sitting.sh begins a run, and stops it by SIGINT when its time is over",
  { ignore: !hasTimeout },
  async () => {
    const fake = 'echo "args: $*"; trap "echo stopped cleanly; exit 130" INT; while :; do sleep 0.02; done';
    const first = await run("sitting.sh", ["reports/s.json", "first", "2s", "24h"], fake);
    assertEquals(first.code, 0, first.out);
    assertStringIncludes(
      first.out,
      "args: task stability --duration 24h --report-interval 900 --output reports/s.json\nstopped cleanly\n",
    );
    assertMatch(first.out, /::notice title=To be continued::0 minutes of 24h/);
    const next = await run("sitting.sh", ["reports/s.json", "next", "2s", "24h"], fake);
    assertStringIncludes(next.out, "args: task stability --resume reports/s.json\n");
    assertEquals(next.code, 0);
    const last = await run("sitting.sh", ["reports/s.json", "last", "2s", "24h"], fake);
    assertEquals([last.code, last.out.includes("To be continued")], [130, false]);
  },
);

for (const [turn, code] of [["first", 1], ["next", 4], ["last", 1], ["last", 3], ["last", 0]] as const) {
  Deno.test(`sitting.sh passes on ${code} of the ${turn} sitting`, { ignore: !hasTimeout }, async () => {
    const ran = await run("sitting.sh", ["reports/s.json", turn, "10s", "24h"], `exit ${code}`);
    assertEquals(ran.code, code);
    assert(!ran.out.includes("::notice"));
  });
}
