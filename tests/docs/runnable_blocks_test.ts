import { assert, assertEquals } from "@std/assert";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { listPagePaths, listShellBlocks } from "../../checks/mod.ts";
import { inTempDir } from "../helpers/temp_dir.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** The pages that have blocks to run. A Japanese page has the commands of its English twin, as `ok` checks. */
async function pagesToRun(): Promise<readonly { readonly path: string; readonly scripts: readonly string[] }[]> {
  const pages = [];
  for (const path of await listPagePaths()) {
    if (path.startsWith("docs/ja/") || path.endsWith(".ja.md")) continue;
    const blocks = listShellBlocks(await Deno.readTextFile(path));
    const scripts = blocks.filter(({ isRun }) => isRun).map(({ script }) => script);
    if (scripts.length > 0) pages.push({ path, scripts });
  }
  return pages;
}

Deno.test({
  name: "every block marked run works on the sandbox as written, page by page in an empty folder",
  ignore: Deno.build.os === "windows",
  fn: () =>
    inTempDir(async (folder) => {
      const programs = join(folder, "bin");
      await Deno.mkdir(programs);
      const words = [Deno.execPath(), "run", "-q", "--no-prompt", "-P=library", "--config", join(ROOT, "deno.json")];
      const launcher = `#!/bin/sh\nexec ${
        [...words, join(ROOT, "cli.ts")].map((word) => `'${word}'`).join(" ")
      } "$@"\n`;
      await Deno.writeTextFile(join(programs, "civitai-dl"), launcher, { mode: 0o755 });
      const pages = await pagesToRun();
      assert(pages.some(({ path }) => path === "docs/guide/start.md"));
      const outputs = await Promise.all(pages.map(async ({ path, scripts }, index) => {
        const cwd = join(folder, String(index));
        await Deno.mkdir(cwd);
        const { code, stdout, stderr } = await new Deno.Command("sh", {
          args: ["-eu", "-c", scripts.join("\n")],
          cwd,
          stdin: "null",
          clearEnv: true,
          env: {
            PATH: `${programs}:${Deno.env.get("PATH")}`,
            HOME: cwd,
            DENO_DIR: Deno.env.get("DENO_DIR") ?? denoDir(),
            NO_COLOR: "1",
          },
          // A guard against a hang: a page takes some five seconds of a quiet machine.
          signal: AbortSignal.timeout(120_000),
        }).output();
        const decoder = new TextDecoder();
        assertEquals(code, 0, `${path}\n${decoder.decode(stdout)}\n${decoder.decode(stderr)}`);
        return [path, decoder.decode(stdout)] as const;
      }));
      const moving = new Map(outputs).get("docs/guide/moving.md")!;
      // What the guide says: after verify --rebuild, and without a catalog, nothing is fetched again.
      const [, afterRebuild, again] = /Rebuilt: ([^]*?)^ {2}done +\d[^]*?^Fetched ([^]*)$/m.exec(moving)!;
      for (const part of [afterRebuild!, again!]) {
        assert(/^ {2}already there +\d/m.test(part) && part.includes("Fetched nothing"), moving);
        assert(!/^ {2}done +\d/m.test(part), moving);
      }
    }),
});

/** Deno's cache, which the program needs and whose place depends on HOME. */
function denoDir(): string {
  return join(Deno.env.get("XDG_CACHE_HOME") ?? join(Deno.env.get("HOME")!, ".cache"), "deno");
}
