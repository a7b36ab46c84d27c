import { assert, assertEquals } from "@std/assert";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { listPagePaths, listShellBlocks, type ShellBlock } from "../../checks/mod.ts";
import { inTempDir } from "../helpers/temp_dir.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/**
 * Why blocks of a page are not run. Their commands and flags are checked all the same, by the `documents` check of `ok`;
 * tests of the commands themselves run them on invented repositories, registries and services.
 */
const NOT_RUN: Readonly<Record<string, string>> = {
  "CONTRIBUTING.md": "tests, checks and builds of a checkout, minutes to hours each",
  "README.md": "a clone from GitHub, and an API key; the picture of three commands is compared below",
  "docs/alerts.md": "one never ends, one notifies receivers, others need a file or an id of the reader",
  "docs/branches.md": "they change branches and GitHub",
  "docs/evidence/README.md": "hours of measuring",
  "docs/failsafe.md": "they need a host that a run has used, and a breaker that is open",
  "docs/guide/creator.md": "they need a run that has failed",
  "docs/guide/moving.md": "the library of the reader",
  "docs/guide/nas.md": "root, and a systemd that runs",
  "docs/guide/start.md": "a clone from GitHub, and an API key",
  "docs/guide/updating.md": "a published release",
  "docs/metrics.md": "a node exporter, and a collector of OpenTelemetry",
  "docs/monitor-page.md": "they never end",
  "docs/monitor.md": "they never end, or need root and systemd",
  "docs/packaging.md": "builds and installations, which the tests in tests/packaging and tests/integration make",
  "docs/releases.md": "a published release, and a token of GitHub",
  "docs/rollback.md": "they change the installation, and need tags",
  "docs/rollout.md": "they need downloads that take days",
  "docs/troubleshooting.md": "logs of the reader, and the network",
};

/** The pages with shell blocks. A Japanese page has the commands of its English twin, as `ok` checks. */
async function listPages(): Promise<readonly { readonly path: string; readonly blocks: readonly ShellBlock[] }[]> {
  const pages = [];
  for (const path of await listPagePaths()) {
    if (path.startsWith("docs/ja/") || path.endsWith(".ja.md")) continue;
    pages.push({ path, blocks: listShellBlocks(await Deno.readTextFile(path)) });
  }
  return pages;
}

/** The scripts of the blocks to run, by page. */
async function pagesToRun(): Promise<readonly { readonly path: string; readonly scripts: readonly string[] }[]> {
  const pages = (await listPages()).map(({ path, blocks }) => ({
    path,
    scripts: blocks.filter(({ isRun }) => isRun).map(({ script }) => script),
  }));
  return pages.filter(({ scripts }) => scripts.length > 0);
}

Deno.test("a page says why its blocks are not run, if there are such", async () => {
  const paths = (await listPages()).filter(({ blocks }) => blocks.some(({ isRun }) => !isRun)).map(({ path }) => path);
  assertEquals(paths.toSorted(), Object.keys(NOT_RUN).toSorted());
});

/** The commands of the README with their output, without the speed of the machine. */
async function readTranscript(path: string): Promise<{ readonly script: string; readonly output: string }> {
  const [, text] = /^```text\n(\$ [^]*?)^```$/m.exec(await Deno.readTextFile(path))!;
  const isCommand = (line: string) => line.startsWith("$ ");
  const lines = text!.trimEnd().split("\n");
  const script = lines.filter(isCommand).map((line) => line.replace(/^\$ deno task /, "civitai-dl ")).join("\n");
  return { script, output: withoutSpeed(lines.filter((line) => !isCommand(line)).join("\n")) };
}

function withoutSpeed(text: string): string {
  return text.trimEnd().replaceAll(/^(Fetched .*? in ).*$/gm, "$1…");
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
      const transcripts = await Promise.all(["README.md", "README.ja.md"].map(readTranscript));
      const pages = [...await pagesToRun(), { path: "README.md", scripts: [transcripts[0]!.script] }];
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
      const printed = withoutSpeed(new Map(outputs).get("README.md")!);
      for (const { output } of transcripts) assertEquals(printed, output);
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
