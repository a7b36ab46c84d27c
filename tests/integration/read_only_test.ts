import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { fileURLToPath } from "node:url";
import { withBench } from "../helpers/library/download_bench.ts";
import { readOnlyView } from "./_read_only_view.ts";

const CLI = fileURLToPath(new URL("../../cli.ts", import.meta.url));

Deno.test("list, verify and a dry run work on a read-only library", async (t) => {
  await withBench({}, async (bench) => {
    await bench.download();
    const { root } = bench.library;
    const { path } = bench.firstItem();
    bench.library[Symbol.dispose]();
    const view = await readOnlyView(root);
    if (view === null) return void await t.step({ name: "no read-only view here", ignore: true, fn() {} });
    const run = async (...words: readonly string[]) => {
      const args = [
        "run",
        "-q",
        "--no-prompt",
        "-R",
        "-W",
        "-E",
        "--allow-sys",
        "-N=127.0.0.1",
        CLI,
        ...words,
        "-o",
        root,
      ];
      const { code, stdout, stderr } = await view([Deno.execPath(), ...args]).output();
      return { code, out: new TextDecoder().decode(stdout), err: new TextDecoder().decode(stderr) };
    };
    try {
      const listed = await run("list");
      assertEquals(listed.code, 0, listed.err);
      assertMatch(listed.out, /^3 items: 3 done/m);
      for (const words of [["verify"], ["verify", "--deep"]]) {
        const verified = await run(...words);
        assertEquals(verified.code, 0, verified.err);
        assertMatch(verified.out, /^3 files: 3 ok/);
        assertStringIncludes(verified.err, "warning: the library is read-only");
      }
      const shown = await run("forget", path, "--dry-run");
      assertEquals(shown.code, 0, shown.err);
      assertStringIncludes(shown.out, path);
      for (const words of [["forget", "--list"], ["undo", "--list"]]) assertEquals((await run(...words)).code, 0);
      const preview = await run("update", "--dry-run", "--base-url", bench.sandbox.apiOrigin);
      assertEquals(preview.code, 0, preview.err);
      for (const words of [["verify", "--rebuild", "--offline"], ["repair"], ["forget", path], ["undo", "--yes"]]) {
        const refused = await run(...words);
        assertEquals(refused.code, 4, refused.err);
        assertStringIncludes(refused.err, root);
      }
    } finally {
      if (Deno.uid() !== 0) await new Deno.Command("chmod", { args: ["-R", "u+w", root] }).output();
    }
  });
});
