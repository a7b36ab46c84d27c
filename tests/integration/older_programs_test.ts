import { assertEquals, assertMatch } from "@std/assert";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { fetchModels } from "../../lib/downloader/mod.ts";
import { addWorktree, openRepository, runGit } from "../../lib/git/mod.ts";
import { downgradeCatalog } from "../../lib/library/mod.ts";
import { sourceWords } from "../../lib/release/mod.ts";
import { startSandbox } from "../../lib/sandbox/mod.ts";
import { inTempDir } from "../helpers/temp_dir.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** A commit of this repository whose program writes catalogs of each older version. */
const PROGRAMS = [
  { version: 1, sha: "f1028cf1ec44ecaf23ee159da5747bf6a316434c" },
  { version: 2, sha: "ff3ece4504bedfafb8fc23855caea3b06b64a6db" },
  { version: 3, sha: "0b22a8220a1386c8e547ef7738af8d66be36a156" },
] as const;

/** A checkout may be shallow, and a package has no history. */
async function isKnown(sha: string): Promise<boolean> {
  return (await runGit(["cat-file", "-e", `${sha}^{commit}`], { cwd: ROOT }).catch(() => ({ code: 1 }))).code === 0;
}

for (const { version, sha } of PROGRAMS) {
  Deno.test(`the older program of catalog version ${version} lists, verifies and extends a converted library`, {
    ignore: !await isKnown(sha),
  }, () =>
    inTempDir(async (folder) => {
      const library = join(folder, "library");
      await using sandbox = await startSandbox({ outcomes: {}, fileBytes: { min: 1024, max: 50_000 } });
      const [first, second] = [...sandbox.catalog.creators()].map(({ username }) => username);
      const place = { baseUrl: sandbox.apiOrigin, token: sandbox.token, reserveBytes: 0 };
      await fetchModels(library, [`user:${first}`], place);
      const catalog = join(library, ".civitai-dl", "catalog.db");
      downgradeCatalog(catalog, { version, keep: `${catalog}.v4-kept` });

      await using tree = await addWorktree(await openRepository(ROOT), sha, {
        registry: join(folder, "registry"),
        command: "test",
      });
      const run = async (...words: readonly string[]) => {
        const [program, ...args] = [...sourceWords(tree.path), ...words, "-o", library];
        const { code, stdout, stderr } = await new Deno.Command(program!, {
          args,
          cwd: folder,
          env: { CIVITAI_API_KEY: sandbox.token, NO_COLOR: "1" },
          stdin: "null",
        }).output();
        assertEquals(code, 0, `${words}: ${new TextDecoder().decode(stderr)}`);
        return new TextDecoder().decode(stdout);
      };
      assertMatch(await run("list"), /\d+ items: \d+ done/);
      assertMatch(await run("verify", "--deep"), /(\d+) files: \1 ok, 0 missing, 0 changed, 0 corrupt, 0 unverified/);
      const hits = sandbox.log.downloadHits;
      const words = ["download", "--base-url", sandbox.apiOrigin, "--yes", "--quiet", "--reserve", "0"];
      await run(...words, "--user", first!);
      assertEquals(sandbox.log.downloadHits, hits, "nothing is fetched twice");
      await run(...words, "--user", second!);
      assertMatch(await run("verify", "--deep"), /(\d+) files: \1 ok, 0 missing, 0 changed, 0 corrupt, 0 unverified/);

      const { outcomes, problems } = await fetchModels(library, [`user:${first}`, `user:${second}`], place);
      assertEquals([Object.keys(outcomes), problems], [["already there"], []]);
    }));
}
