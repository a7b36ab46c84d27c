import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { exists } from "@std/fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { VERSION } from "../../lib/base/mod.ts";
import { hasProgram } from "../helpers/has_program.ts";
import { readBlock } from "../helpers/pages/read_block.ts";
import { inTempDir } from "../helpers/temp_dir.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const isUnix = Deno.build.os !== "windows";
const hasNpm = isUnix && await hasProgram("npm", "--version");

Deno.test({
  name:
    "the npm package, installed into an empty folder without install scripts, runs with its permissions and ends as told",
  ignore: !hasNpm,
  fn: () =>
    inTempDir(async (folder) => {
      const place = join(folder, "empty");
      await Deno.mkdir(place);
      const script = await readBlock("docs/packaging.md", "deno task npm", [
        {
          from: "deno task npm",
          to: `INIT_CWD="$PWD" deno task -q --config '${ROOT}/deno.json' npm --json --folder made`,
          because: "dist/ may have another one, the test reads the result, and it also works outside of the checkout",
        },
        {
          from: "npm install -g dist/npm/",
          to: `npm install --prefix '${place}' --silent --ignore-scripts --prefer-offline '${folder}'/made/`,
          because: "it goes into the empty folder, not into the machine",
        },
      ]);
      const made = await run(folder, ["sh", "-euc", script]);
      assertEquals(made.code, 0, made.stderr);
      const { distTag } = JSON.parse(made.stdout.split("\n")[0]!);
      // Published by npm publish, it gets the tag that was said.
      const described = JSON.parse(await Deno.readTextFile(join(place, "node_modules/civitai-dl/package.json")));
      assertEquals(described.publishConfig, { tag: distTag });
      const program = join(place, "node_modules", ".bin", "civitai-dl");

      const version = await run(place, [program, "--version"]);
      assertEquals([version.stdout, version.code], [`civitai-dl ${VERSION}\n`, 0], version.stderr);
      assertEquals((await run(place, [program, "self-test"])).code, 0);
      // Arguments arrive as they are, and the exit code of the program leaves with them.
      const wrong = await run(place, [program, "--user", "a b", "--no-such flag"]);
      assertEquals(wrong.code, 2);
      assertStringIncludes(wrong.stderr, "--no-such flag");
      // Messages name the program as it is typed, not the Deno that runs it.
      const unknown = await run(place, [program, "doctor", "xyzzy"]);
      assertStringIncludes(unknown.stderr, "hint: civitai-dl doctor checks everything");
      const byNpx = await run(place, ["npx", "--offline", "--no-install", "civitai-dl", "doctor", "xyzzy"]);
      assertStringIncludes(byNpx.stderr, "hint: npx civitai-dl doctor checks everything");
      // The permissions are those of the task: a list of releases may be anywhere, a search only at Civitai.
      const elsewhere = await run(place, [program, "search", "x", "--base-url", "http://192.0.2.1"]);
      assert(elsewhere.code !== 0);
      assertMatch(elsewhere.stderr, /192\.0\.2\.1/);

      for (const signal of ["SIGTERM", "SIGINT"] as const) {
        const child = new Deno.Command(program, { args: ["sandbox"], cwd: place, stdin: "null", stderr: "piped" })
          .spawn();
        const reader = child.stderr.getReader();
        // It says where it serves, and then waits for its end.
        await reader.read();
        reader.releaseLock();
        child.kill(signal);
        const ended = await child.output();
        const said = new TextDecoder().decode(ended.stderr);
        // It got the signal once, and stopped as it does without a launcher.
        assertEquals([ended.code, said.split("Stopping cleanly").length], [0, 2], said);
      }
      const files = ["civitai-dl.1", "LICENSE", "completions/_civitai-dl", "completions/civitai-dl.fish"];
      for (const name of files) assert(await exists(join(place, "node_modules", "civitai-dl", name)), name);
    }),
});

async function run(cwd: string, [program, ...args]: readonly string[]) {
  const { code, stdout, stderr } = await new Deno.Command(program!, {
    args,
    cwd,
    // npx, which may run the tests, says "exec" to all that it starts.
    env: { NO_COLOR: "1", npm_command: "", PATH: `${dirname(Deno.execPath())}:${Deno.env.get("PATH")}` },
    stdin: "null",
  }).output();
  const text = new TextDecoder();
  return { code, stdout: text.decode(stdout), stderr: text.decode(stderr) };
}
