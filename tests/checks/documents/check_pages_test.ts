import { assertRejects } from "@std/assert";
import { KitError } from "../../../lib/base/mod.ts";
import { fileURLToPath } from "node:url";
import { join } from "node:path";
import { inTempDir } from "../../helpers/temp_dir.ts";

const CHECKS = new URL("../../../checks/documents/", import.meta.url);

/** Run a check in a folder with these files, in a process of its own, since checks read the working folder. */
async function check(name: string, files: Readonly<Record<string, string>>): Promise<void> {
  await inTempDir(async (folder) => {
    for (const [path, text] of Object.entries(files)) {
      await Deno.mkdir(join(folder, path, ".."), { recursive: true });
      await Deno.writeTextFile(join(folder, path), text);
    }
    const pages = Object.keys(files).filter((path) => path.endsWith(".md"));
    const file = name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
    const code = `import { ${name} } from ${JSON.stringify(new URL(`${file}.ts`, CHECKS).href)};
      await ${name}(${
      JSON.stringify(pages)
    }).catch((error) => { console.log(error.name + ": " + error.message); Deno.exit(1); });`;
    const script = join(folder, "check.ts");
    await Deno.writeTextFile(script, code);
    const config = fileURLToPath(new URL("../../../deno.json", import.meta.url));
    const run = await new Deno.Command(Deno.execPath(), {
      args: ["run", "-q", "--allow-read", "--allow-env", "--config", config, script],
      cwd: folder,
    }).output();
    const said = new TextDecoder().decode(run.stdout).trim();
    if (run.code === 0) return;
    throw new KitError("failed", said === "" ? new TextDecoder().decode(run.stderr) : said);
  });
}

const MAP = "version: 1\ngroups:\n  - title: { en: All, ja: すべて }\n    pages:\n      - a.md\n";

Deno.test("checkSiteMap() compares the navigation with docs/ in both directions", async () => {
  await check("checkSiteMap", { "docs/site.yml": MAP, "docs/a.md": "# A\n", "docs/ja/a.md": "# あ\n" });
  const extra = { "docs/site.yml": MAP, "docs/a.md": "# A\n", "docs/b.md": "# B\n" };
  await assertRejects(() => check("checkSiteMap", extra), KitError, "docs/b.md is not in it");
  await assertRejects(() => check("checkSiteMap", { "docs/site.yml": MAP }), KitError, "there is no docs/a.md");
});
