import { assert, assertEquals } from "@std/assert";
import { join } from "node:path";
import { listPagePaths, listShellBlocks } from "../../../checks/mod.ts";
import { inPagePlace, type PagePlace } from "../../helpers/pages/page_place.ts";
import { startShell } from "../../helpers/pages/start_shell.ts";

Deno.test({
  name: "every block marked run works on the sandbox as written, page by page in an empty folder",
  ignore: Deno.build.os === "windows",
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
  ignore: Deno.build.os === "windows",
  fn: () =>
    inPagePlace(async (place) => {
      const transcripts = await Promise.all(["README.md", "README.ja.md"].map(readTranscript));
      const printed = withoutFigures(await runPage(place, "README.md", transcripts[0]!.script));
      for (const { output } of transcripts) assertEquals(printed, output);
    }),
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
  using shell = startShell(script, { flags: "-euc", cwd, env: { ...env, HOME: cwd } });
  await shell.process.stdin.close();
  const { code, stdout, stderr } = await shell.process.output();
  const decoder = new TextDecoder();
  assertEquals(code, 0, `${path}\n${decoder.decode(stdout)}\n${decoder.decode(stderr)}`);
  return decoder.decode(stdout);
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
