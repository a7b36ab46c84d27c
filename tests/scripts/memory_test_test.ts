import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { call } from "../helpers/call.ts";
import { inTempDir } from "../helpers/temp_dir.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

const LEAKY = `class Leaky {
  readonly data = new Array(4000).fill(1.5);
}
const keptLeaks = new Map<string, Leaky>();
export function work(repetition: number): void {
  for (let index = 0; index < 10; index++) keptLeaks.set(\`\${repetition}-\${index}\`, new Leaky());
}
`;

/** Run the program as the task does, in a folder of its own. */
async function runMemoryTest(folder: string, args: readonly string[]) {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-q", "--no-prompt", "-P=memory", join(ROOT, "cli.ts"), "memory-test", ...args],
    cwd: folder,
    env: { TMPDIR: folder, NO_COLOR: "1" },
    stdin: "null",
  }).output();
  const text = new TextDecoder();
  return { code, out: text.decode(stdout), err: text.decode(stderr) };
}

Deno.test("memory-test finds a planted leak, and writes snapshots that show it", () =>
  inTempDir(async (folder) => {
    await Deno.writeTextFile(join(folder, "leaky.ts"), LEAKY);
    const { code, out, err } = await runMemoryTest(folder, ["./leaky.ts", "--repeat", "50", "--snapshots", "kept"]);
    assertEquals(code, 1, err);
    assertMatch(out, /^FAIL: 50 repetitions of \.\/leaky\.ts/);
    assertMatch(out, /^ {2}heap .* a repetition: leaks$/m);
    const kept = (await Array.fromAsync(Deno.readDir(join(folder, "kept")))).map(({ name }) => name).sort();
    assertEquals(kept, ["1.heapsnapshot", "2.heapsnapshot", "3.heapsnapshot"]);
    assertStringIncludes(await Deno.readTextFile(join(folder, "kept/3.heapsnapshot")), '"Leaky"');
  }));

Deno.test("memory-test passes work that keeps nothing, and leaves no files", () =>
  inTempDir(async (folder) => {
    await Deno.writeTextFile(join(folder, "clean.ts"), LEAKY.replace("keptLeaks.set", "new Map().set"));
    const { code, out, err } = await runMemoryTest(folder, ["clean.ts", "--repeat", "50", "--json"]);
    assertEquals(code, 0, err + out);
    const result = JSON.parse(out);
    assertEquals([result.schema, result.verdict, result.heap.isLeak, result.snapshots], [
      "civitai-dl/memory-test",
      "pass",
      false,
      [],
    ]);
    assertEquals((await Array.fromAsync(Deno.readDir(folder))).map(({ name }) => name), ["clean.ts"]);
  }));

Deno.test("memory-test repeats downloads from the sandbox into empty folders, which are too few for a verdict", () =>
  inTempDir(async (folder) => {
    const { code, out, err } = await runMemoryTest(folder, ["--repeat", "3"]);
    assertEquals(code, 3, err);
    assertMatch(out, /^INCONCLUSIVE: 3 repetitions of download --sandbox -o {folder} /);
    assertStringIncludes(out, "50 repetitions are enough");
    assertEquals((await Array.fromAsync(Deno.readDir(folder))).map(({ name }) => name), []);
  }));

for (
  const [args, code, message] of [
    [["./no_such_module.ts"], 2, 'Cannot import "./no_such_module.ts": there is no such file'],
    [["--", "nosuch"], 2, 'Cannot repeat "nosuch": there is no such command'],
    [["--", "notyaml.txt"], 2, 'Cannot repeat "notyaml.txt": there is no such command'],
    [["--", "helth-check"], 2, "Did you mean health-check?"],
    [["cli.ts"], 2, 'it exports no function "work"'],
    [["a.ts", "b"], 2, "a module takes no arguments"],
    [["--", "memory-test"], 2, "Cannot repeat memory-test itself"],
    [["--", "list", "-o", "/no/such/library"], 1, "repetition 1 ended with exit code 2"],
    [["--repeat", "0"], 2, "--repeat"],
  ] as const
) {
  Deno.test(`memory-test ends with ${code} after ${args.join(" ")}`, async () => {
    const called = await call(["memory-test", ...args]);
    assertEquals(called.code, code, called.err);
    assertStringIncludes(called.err, message);
  });
}
