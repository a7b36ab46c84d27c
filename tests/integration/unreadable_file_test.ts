import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { fileURLToPath } from "node:url";
import { withBench } from "../helpers/library/download_bench.ts";

const CLI = fileURLToPath(new URL("../../cli.ts", import.meta.url));
const LEAVE = ["run", "-q", "--no-prompt", "-R", "-W", "-E", "--allow-sys", "-N=127.0.0.1"];
/** Root can read everything unless it drops these capabilities. */
const GIVE_UP = ["setpriv", "--bounding-set", "-dac_override,-dac_read_search"];

/** Run the program with only the rights of the files' owner. */
async function runAsOwner(...words: readonly string[]) {
  const own = Deno.uid() === 0 ? GIVE_UP : [];
  const [program, ...args] = [...own, Deno.execPath(), ...LEAVE, CLI, ...words];
  const { code, stdout, stderr } = await new Deno.Command(program!, { args, stdout: "piped", stderr: "piped" })
    .output();
  return { code, out: new TextDecoder().decode(stdout), err: new TextDecoder().decode(stderr) };
}

Deno.test({
  name: "verify --deep exits with 1 and names an unreadable file, and repair skips it",
  ignore: Deno.build.os !== "linux",
  fn: () =>
    withBench({}, async (bench) => {
      await bench.download();
      const { root, catalog } = bench.library;
      const [item] = [...catalog.items({ kinds: ["file"], states: ["done"] })];
      bench.library[Symbol.dispose]();
      const path = `${root}/${item!.path}`;
      await Deno.chmod(path, 0);
      assertEquals((await runAsOwner("verify", "-o", root)).code, 0);
      const deep = await runAsOwner("verify", "--deep", "-o", root);
      assertEquals(deep.code, 1, deep.err);
      assertStringIncludes(deep.err, `unreadable: ${item!.path}: it cannot be read: Permission denied`);
      assertMatch(deep.out, /^3 files: 2 ok, 0 missing, 0 changed, 0 corrupt, 1 unreadable, 0 unverified/);
      assertMatch(deep.out, /^Unreadable files were not checked: make them readable/m);
      const repaired = await runAsOwner("repair", "-o", root, "--base-url", bench.sandbox.apiOrigin);
      assertMatch(repaired.out, /^Nothing is marked as broken/);
      assertEquals((await Deno.stat(path)).size, item!.actualBytes);
    }),
});
