import { assertEquals } from "@std/assert";
import { walk } from "@std/fs";
import { fileURLToPath } from "node:url";
import { listPagePaths, listShellBlocks } from "../../../checks/mod.ts";

/**
 * The blocks that no test executes, by page and by how they begin, each with what it needs. Their commands and flags are
 * checked all the same, by the `documents` check of `ok`.
 */
const NOT_EXECUTED: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "CONTRIBUTING.md": {
    "deno task test tests/cli/":
      "it checks types, format and lint of the whole project, as CI does, for more than a minute",
    "deno task test  ": "it runs all tests, this one too",
    "alias try=": "each of the programs takes minutes to hours; the nightly job runs some of them",
    "deno task site":
      "it installs VitePress and renders every page, for a minute; tests/acceptance/site_pages.ts does too",
  },
  "docs/evidence/README.md": {
    "deno task gate --phase 4": "it runs the checks and all tests, this one too",
    "deno task evidence --only": "it takes hours",
  },
  "docs/guide/nas.md": {
    "sudo useradd": "it adds a user to the machine, which only root can",
    "git clone": "it installs the program and units on the machine, which needs root and a systemd that runs",
    "sudo systemctl start": "it starts units of the machine, which needs root and a systemd that runs",
    "sudo install -d": "it writes files for units of the machine, which only root can",
    "sudoedit": "it edits a file for units of the machine, which needs root and a person",
  },
  "docs/monitor.md": {
    "sudo cp": "it changes units of the machine, which needs root and a systemd that runs",
  },
  "docs/packaging.md": {
    "deno task compile --target": "it fetches the runtime of another system from a host that some networks block",
    "npx civitai-dl demo": "it needs the published package, and none is published",
    "sudo apt install": "it installs a package on the machine, which only root can",
    "sudoedit": "it changes files and units of the machine, which needs root and a systemd that runs",
    "docker build": "it needs Docker and Docker Hub; tests/acceptance/container.ts does the same with Podman",
    "docker run --rm --user": "it needs the image that docker build makes, and a folder that only root can make",
    "(umask 077; echo": "it needs Docker Compose, and the image that docker build makes",
    "docker run --rm --entrypoint": "it needs the image that docker build makes",
  },
  "docs/releases.md": {
    "gh attestation": "GitHub attests published files only, and none is published",
  },
};

/** A shell block of a page, and whether its mark says that it is run as it is. */
interface PageBlock {
  readonly page: string;
  readonly script: string;
  readonly isRun: boolean;
}

/** The blocks of all pages. A Japanese page has the commands of its English twin, as `ok` checks. */
async function listBlocks(): Promise<readonly PageBlock[]> {
  const pages = (await listPagePaths()).filter((path) => !path.startsWith("docs/ja/") && !path.endsWith(".ja.md"));
  const lists = await Promise.all(
    pages.map(async (page) =>
      listShellBlocks(await Deno.readTextFile(page)).map(({ script, isRun }) => ({ page, script, isRun }))
    ),
  );
  return lists.flat();
}

/** A page and the beginning of a block of it, as one name. */
type BlockName = `${string}: ${string}`;

/** Which blocks tests execute, by the literal arguments of their calls of `runBlock`, `readBlock` and `readCommands`. */
async function listExecuted(): Promise<readonly BlockName[]> {
  const folder = fileURLToPath(new URL("../../", import.meta.url));
  const calls = /\b(?:runBlock|readBlock|readCommands)\(\s*(?:\w+,\s*)?"([^"]+)",\s*"((?:[^"\\]|\\.)+)"/g;
  const names = new Set<BlockName>();
  for await (const { path } of walk(folder, { exts: [".ts"], includeDirs: false })) {
    for (const [, page, beginning] of (await Deno.readTextFile(path)).matchAll(calls)) {
      names.add(`${page!}: ${JSON.parse(`"${beginning!}"`)}`);
    }
  }
  return [...names];
}

/** The names of the blocks that have a reason. */
const EXCUSED = Object.entries(NOT_EXECUTED).flatMap(([page, reasons]) =>
  Object.keys(reasons).map((beginning): BlockName => `${page}: ${beginning}`)
);

Deno.test("every shell block of a page is executed by a test, or has a reason why not", async () => {
  const names = [...await listExecuted(), ...EXCUSED];
  const namesOf = ({ page, script }: PageBlock) => names.filter((name) => `${page}: ${script}`.startsWith(name));
  const wrong = (await listBlocks()).filter((block) => namesOf(block).length !== (block.isRun ? 0 : 1));
  assertEquals(wrong.map((block) => [block.page, block.script.split("\n")[0], ...namesOf(block)]), []);
});

Deno.test("no test and no reason names a block that is gone, or that is run by its mark", async () => {
  const blocks = (await listBlocks()).filter(({ isRun }) => !isRun).map(({ page, script }) => `${page}: ${script}`);
  const names = [...await listExecuted(), ...EXCUSED];
  assertEquals(names.filter((name) => !blocks.some((block) => block.startsWith(name))), []);
});
