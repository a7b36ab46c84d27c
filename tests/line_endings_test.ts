import { assert, assertEquals } from "@std/assert";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { inTempDir } from "./helpers/temp_dir.ts";

const ROOT = fileURLToPath(new URL("../", import.meta.url));

async function git(cwd: string, ...args: readonly string[]): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command("git", { args: [...args], cwd }).output();
  assert(success, new TextDecoder().decode(stderr));
  return new TextDecoder().decode(stdout);
}

/** Paths of the repository's files by how git takes them: as text or not, in the index and by the attributes. */
async function readEndings(): Promise<
  readonly { readonly index: string; readonly rule: string; readonly path: string }[]
> {
  const lines = (await git(ROOT, "ls-files", "--eol", "-z")).split("\0").filter((line) => line !== "");
  return lines.map((line) => {
    const [, index, rule, path] = /^i\/(\S*)\s+w\/\S*\s+attr\/(.*?)\s*\t(.*)$/.exec(line)!;
    return { index: index!, rule: rule!, path: path! };
  });
}

Deno.test(".gitattributes names the files that are no text, and no text has other line endings", async () => {
  const files = await readEndings();
  assertEquals(files.filter(({ index, rule }) => (index === "-text") !== (rule === "-text")), []);
  assertEquals(files.filter(({ index }) => !["lf", "none", "-text"].includes(index)), []);
});

Deno.test(".gitattributes gives a clone with core.autocrlf the bytes of the repository", () =>
  inTempDir(async (folder) => {
    const paths = (await readEndings()).map(({ path }) => path).filter((path) => !path.startsWith("docs/evidence/"));
    const source = join(folder, "source");
    await git(folder, "init", "-q", source);
    const copy = `cd "$1" && tar -cf - --null -T - | tar -xf - -C "$2"`;
    const tar = new Deno.Command("sh", { args: ["-euc", copy, "sh", ROOT, source], stdin: "piped" }).spawn();
    await new Blob([paths.map((path) => `${path}\0`).join("")]).stream().pipeTo(tar.stdin);
    assert((await tar.status).success);
    const who = ["-c", "user.name=T", "-c", "user.email=t@example.org"];
    await git(source, "-c", "core.autocrlf=false", "add", "-A", "-f");
    await git(source, ...who, "commit", "-q", "-m", "all");
    await git(folder, "clone", "-q", "-c", "core.autocrlf=true", source, "clone");
    const { stdout } = await new Deno.Command("diff", {
      args: ["-rq", "--exclude=.git", source, "clone"],
      cwd: folder,
    }).output();
    assertEquals(new TextDecoder().decode(stdout), "");
  }));
