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
    "deno test -P tests/cli/": "no test has it yet",
    "deno task test ": "no test has it yet",
    "alias try=": "no test has it yet",
    "deno task site": "no test has it yet",
  },
  "docs/evidence/README.md": {
    "deno task benchmark-report": "no test has it yet",
    "deno task evidence": "no test has it yet",
  },
  "docs/guide/nas.md": {
    "sudo useradd": "it makes a user of the machine, which only root can",
    "sudo cp docs/systemd": "it changes units of the machine, which needs root and a systemd that runs",
  },
  "docs/monitor.md": {
    "sudo cp": "it changes units of the machine, which needs root and a systemd that runs",
  },
  "docs/packaging.md": {
    "deno task compile --target": "it fetches a part of Deno from a host that some networks block",
    "deno run -ERWSN jsr:": "no test has it yet",
    "deno task std jsr": "no test has it yet",
    "npx civitai-dl demo": "the package is not published",
    "sudo apt install": "it installs a package on the machine, which only root can",
    "sudoedit": "it changes files and units of the machine, which needs root and a systemd that runs",
    "docker build": "no test has it yet",
    "docker run --rm --user": "no test has it yet",
    "(umask 077; echo": "no test has it yet",
    "deno task bundle && deno task sbom": "no test has it yet",
    "docker run --rm --entrypoint": "no test has it yet",
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
  const names: BlockName[] = [];
  for await (const { path } of walk(folder, { exts: [".ts"], includeDirs: false })) {
    for (const [, page, beginning] of (await Deno.readTextFile(path)).matchAll(calls)) {
      names.push(`${page!}: ${JSON.parse(`"${beginning!}"`)}`);
    }
  }
  return names;
}

Deno.test("every shell block of a page is executed by a test, or has a reason why not", async () => {
  const blocks = await listBlocks();
  const excused = Object.entries(NOT_EXECUTED).flatMap(([page, reasons]) =>
    Object.keys(reasons).map((beginning): BlockName => `${page}: ${beginning}`)
  );
  const names = [...await listExecuted(), ...excused];
  const namesOf = ({ page, script }: PageBlock) => names.filter((name) => `${page}: ${script}`.startsWith(name));
  const wrong = blocks.filter((block) => namesOf(block).length !== (block.isRun ? 0 : 1));
  assertEquals(wrong.map((block) => [block.page, block.script.split("\n")[0], ...namesOf(block)]), []);
  const unused = names.filter((name) => !blocks.some(({ page, script }) => `${page}: ${script}`.startsWith(name)));
  assertEquals(unused, [], "such a block is gone");
});
