import { assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { listPagePaths } from "../../checks/mod.ts";
import { ScriptProcess } from "../helpers/script_process.ts";
import { inTempDir } from "../helpers/temp_dir.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
/** The Japanese texts of the generated pages. */
const TEXTS = ["docs/ja/commands.yml", "docs/ja/maintenance.yml", "docs/ja/settings.yml", "docs/ja/api.yml"];
const SCRIPT = fileURLToPath(new URL("../../scripts/docs.ts", import.meta.url));

Deno.test("docs writes the pages from the commands, and reports outdated ones", () =>
  inTempDir(async (folder) => {
    await Deno.mkdir(join(folder, "docs/ja"), { recursive: true });
    for (const path of TEXTS) await Deno.copyFile(join(ROOT, path), join(folder, path));
    for (const path of ["config", "lib/app/page/bundle", "scripts/_frame"]) {
      await Deno.mkdir(join(folder, path), { recursive: true });
    }
    for (const name of (await listPagePaths()).filter((path) => !path.includes("/"))) {
      await Deno.writeTextFile(join(folder, name), "# Page\n");
    }
    // Tasks and permissions are inserted into the existing file; the rest stays.
    const { tasks: _, permissions: __, ...rest } = JSON.parse(await Deno.readTextFile(join(ROOT, "deno.json")));
    await Deno.writeTextFile(join(folder, "deno.json"), JSON.stringify(rest));
    const permissions = ["--allow-read", `--allow-write=${folder}`, "--allow-env", "--allow-run"];
    await using docs = new ScriptProcess(SCRIPT, {
      words: ["run", "-q", "--no-prompt", "--config", join(ROOT, "deno.json"), ...permissions],
      cwd: folder,
      env: {},
    });
    const run = async (...args: readonly string[]): Promise<readonly [code: number, stderr: string]> => {
      const { code, err } = await docs.run({ args, cwd: folder });
      return [code, err];
    };
    assertEquals(await run(), [0, ""]);
    const page = join(folder, "docs", "commands.md");
    assertStringIncludes(await Deno.readTextFile(page), "## download\n");
    assertStringIncludes(await Deno.readTextFile(join(folder, "docs/ja/commands.md")), "## download\n\nモデルと");
    // This folder has no translation of the linked page.
    assertStringIncludes(await Deno.readTextFile(join(folder, "docs/ja/settings.md")), "(../guide/configuration.md)");
    assertStringIncludes(await Deno.readTextFile(join(folder, "docs", "civitai-dl.1")), ".TH");
    assertEquals(
      JSON.parse(await Deno.readTextFile(join(folder, "deno.json"))),
      JSON.parse(await Deno.readTextFile(join(ROOT, "deno.json"))),
    );
    const schemas = (await Array.fromAsync(Deno.readDir(join(ROOT, "config")))).map(({ name }) => `config/${name}`)
      .filter((path) => path.endsWith(".schema.json"));
    for (const path of schemas) {
      assertEquals(await Deno.readTextFile(join(folder, path)), await Deno.readTextFile(join(ROOT, path)), path);
    }
    const script = "lib/app/page/bundle/main.js";
    assertEquals(await Deno.readTextFile(join(folder, script)), await Deno.readTextFile(join(ROOT, script)));
    for (const path of ["_commands.ts", "_checkout_commands.ts", "_frame/command_index.ts"]) {
      const register = join("scripts", path);
      assertEquals(
        await Deno.readTextFile(join(folder, register)),
        await Deno.readTextFile(join(ROOT, register)),
        path,
      );
    }
    assertEquals(await run("--check"), [0, ""]);
    await Deno.writeTextFile(join(folder, "README.md"), "# Page\n\n```sh\ndeno task list --nothing\n```\n");
    const [refused, message] = await run("--check");
    assertEquals(refused, 1);
    assertStringIncludes(message, 'README.md:4: deno task list --nothing: Unknown flag "--nothing"');
    const texts = join(folder, TEXTS[0]!);
    const known = await Deno.readTextFile(texts);
    await Deno.writeTextFile(texts, known.replace("en: Models whose text matches\n", "en: Models that matched\n"));
    const [untranslated, missing] = await run("--check");
    assertEquals(untranslated, 1);
    assertStringIncludes(
      missing,
      'there is no Japanese text for "Models whose text matches"; "Models that matched" is not in',
    );
    assertStringIncludes(missing, "Add or remove them in docs/ja/commands.yml");
    await Deno.writeTextFile(texts, known.replace("ja: このテキストに一致するモデル\n", "ja: 一致するモデル\n"));
    assertStringIncludes((await run("--check"))[1], 'Cannot accept "docs/ja/commands.md": it is out of date');
    await Deno.writeTextFile(page, "edited by hand");
    const [code, stderr] = await run("--check");
    assertEquals(code, 1);
    assertStringIncludes(stderr, "Run deno task docs");
  }));
