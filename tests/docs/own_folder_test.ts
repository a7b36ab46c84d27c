import { assertMatch } from "@std/assert";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { readBlock } from "../helpers/pages/read_block.ts";
import { runPageScript } from "../helpers/pages/run_page_script.ts";
import { inTempDir } from "../helpers/temp_dir.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const PAGE = "docs/guide/modules.md";

async function readFence(language: "json" | "ts", word: string): Promise<string> {
  const text = await Deno.readTextFile(join(ROOT, PAGE));
  const blocks = [...text.matchAll(/^```(\w+)\n([^]*?)^```$/gm)];
  return blocks.find(([, name, block]) => name === language && block!.includes(word))![2]!;
}

Deno.test("the program of docs/guide/modules.md runs in a folder of its own, beside a clone", () =>
  inTempDir(async (folder) => {
    const own = join(folder, "own");
    await Deno.mkdir(own);
    await Deno.symlink(ROOT, join(folder, "civitai-dl"), { type: "dir" });
    await Deno.writeTextFile(join(own, "deno.json"), await readFence("json", "links"));
    await Deno.writeTextFile(join(own, "main.ts"), await readFence("ts", "startSandbox"));
    const script = await readBlock(PAGE, "deno run -ERWSN main.ts", []);
    const { stdout } = await runPageScript(script, { cwd: own });
    assertMatch(stdout, /^\{.* done: \d+/m);
    // The options of the compiler are those of the own folder: the types are right with its defaults, too.
    await runPageScript("deno check main.ts", { cwd: own });
  }));
