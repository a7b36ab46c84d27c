import { assertEquals, assertMatch } from "@std/assert";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { inTempDir } from "../helpers/temp_dir.ts";

const here = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));

Deno.test("picture records the commands of a first session and what they print", () =>
  inTempDir(async (folder) => {
    await Deno.mkdir(join(folder, "docs/images"), { recursive: true });
    const { code } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "-q", "--no-prompt", "-P=acceptance", `--config=${here("deno.json")}`, here("scripts/picture.ts")],
      cwd: folder,
      stdin: "null",
      stdout: "null",
    }).output();
    assertEquals(code, 0);
    const svg = await Deno.readTextFile(join(folder, "docs/images/terminal.svg"));
    const shown = [...svg.matchAll(/<text [^>]*>(.*?)<\/text>/g)].map(([, line]) => line!.replaceAll(/<[^>]+>/g, ""));
    const commands = shown.filter((line) => line.startsWith("$ ")).map((line) => line.split(" ").slice(1, 3).join(" "));
    assertEquals(commands, ["civitai-dl download", "civitai-dl download", "civitai-dl verify", "civitai-dl list"]);
    assertMatch(shown.join("\n"), /^[1-9]\d* files?: [1-9]\d* ok/m, "the verification found what the download left");
  }));
