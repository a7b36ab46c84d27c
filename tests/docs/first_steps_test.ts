import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { listPagePaths, listShellBlocks } from "../../checks/mod.ts";
import { inPagePlace, type PagePlace } from "../helpers/pages/page_place.ts";
import { readBlock } from "../helpers/pages/read_block.ts";
import { runPageScript } from "../helpers/pages/run_page_script.ts";
import { inProductRepository } from "../helpers/repository/product_repository.ts";

const ignore = Deno.build.os === "windows";
/** What a first change needs besides the sources. */
const MORE = [".githooks", ".gitignore"].map((name) => fileURLToPath(new URL(`../../${name}`, import.meta.url)));

Deno.test({
  name: "every block marked run works on the sandbox as written, page by page in an empty folder",
  ignore,
  fn: () =>
    inPagePlace(async (place) => {
      const outputs = new Map<string, string>();
      for (const { path, script } of await scriptsToRun()) outputs.set(path, await runPage(place, path, script));
      assert(outputs.has("docs/guide/start.md"));
      const moving = outputs.get("docs/guide/moving.md")!;
      // What the guide says: after verify --rebuild, and without a catalog, nothing is fetched again.
      const [, afterRebuild, again] = /Rebuilt: ([^]*?)^ {2}done +\d[^]*?^Fetched ([^]*)$/m.exec(moving)!;
      for (const part of [afterRebuild!, again!]) {
        assert(/^ {2}already there +\d/m.test(part) && part.includes("Fetched nothing"), moving);
        assert(!/^ {2}done +\d/m.test(part), moving);
      }
    }),
});

Deno.test({
  name: "the README shows what its commands print",
  ignore,
  fn: () =>
    inPagePlace(async (place) => {
      const { script, output } = await readTranscript("README.md");
      assertEquals(withoutFigures(await runPage(place, "README.md", script)), output);
    }),
});

Deno.test({
  name: "a clone runs the demo, and is ready for a first change, as CONTRIBUTING.md says",
  ignore,
  fn: () =>
    inPagePlace((place) =>
      inProductRepository(async ({ root, git }) => {
        await new Deno.Command("cp", { args: ["-r", ...MORE, root] }).output();
        await git("add", "-A");
        await git("commit", "-q", "-m", "all");
        const env = {
          ...place.env,
          GIT_CONFIG_COUNT: "1",
          GIT_CONFIG_KEY_0: `url.${root}.insteadOf`,
          GIT_CONFIG_VALUE_0: "https://github.com/civitai-dl/civitai-dl",
        };
        const script = await readBlock("CONTRIBUTING.md", "git clone");
        const printed = await runPage({ ...place, env }, "CONTRIBUTING.md", `exec 2>&1\n${script}`);
        for (
          const text of [
            "config/dev.config is created",
            "each compared byte for byte with its source: all are right",
            "Switched to a new branch 'feature/my-change'",
          ]
        ) assertStringIncludes(printed, text);
      })
    ),
});

/** The blocks to run of each page, as one script. A Japanese page has the commands of its English twin. */
async function scriptsToRun(): Promise<readonly { readonly path: string; readonly script: string }[]> {
  const paths = (await listPagePaths()).filter((path) => !path.startsWith("docs/ja/") && !path.endsWith(".ja.md"));
  const pages = await Promise.all(paths.map(async (path) => {
    const blocks = listShellBlocks(await Deno.readTextFile(path)).filter(({ isRun }) => isRun);
    return { path, script: blocks.map(({ script }) => script).join("\n") };
  }));
  return pages.filter(({ script }) => script !== "");
}

/** Run a script in an empty folder, which is also the home; returns its standard output. */
async function runPage({ folder, env }: PagePlace, path: string, script: string): Promise<string> {
  const cwd = join(folder, path.replaceAll("/", " "));
  await Deno.mkdir(cwd);
  return (await runPageScript(script, { cwd, env: { ...env, HOME: cwd } })).stdout;
}

/** The commands of the README with their output, without the speed and the disk of the machine. */
async function readTranscript(path: string): Promise<{ readonly script: string; readonly output: string }> {
  const [, text] = /^```text\n(\$ [^]*?)^```$/m.exec(await Deno.readTextFile(path))!;
  const isCommand = (line: string) => line.startsWith("$ ");
  const lines = text!.trimEnd().split("\n");
  const script = lines.filter(isCommand).map((line) => line.slice(2)).join("\n");
  return { script, output: withoutFigures(lines.filter((line) => !isCommand(line)).join("\n")) };
}

function withoutFigures(text: string): string {
  return text.trimEnd().replaceAll(/^(Fetched .*? in ).*$/gm, "$1…").replaceAll(/^ {2}disk: .*$/gm, "  disk: …");
}
