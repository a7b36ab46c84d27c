import { assertEquals } from "@std/assert";
import { join } from "node:path";
import { openGitRepository } from "../../../checks/phase/git_repository.ts";
import { type FixtureRepository, inRepository } from "../../helpers/repository/fixture_repository.ts";

const CONFIG = `{
  "name": "@a/b",
  "version": "1.1.0-rc.1",
  "tasks": { "gate": "deno --version" },
  "imports": { "semver": "npm:semver@^7.8.6" }
}
`;
const RELEASED = CONFIG.replace("1.1.0-rc.1", "1.1.0");

/** What changed in a folder of the repository since a commit, as the gate sees it. */
async function changedSince({ root }: FixtureRepository, sha: string, sources: readonly string[] = [], folder = root) {
  const repository = await openGitRepository(sources, { signal: new AbortController().signal, folder });
  return await repository!.changedSince(sha, null);
}

Deno.test("openGitRepository() ignores a change of deno.json that is the version alone, committed or not", () =>
  inRepository(async (repository) => {
    const { root, write, commit } = repository;
    await write("deno.json", CONFIG);
    const sha = await commit("candidate");
    await write("deno.json", RELEASED);
    assertEquals(await changedSince(repository, sha), []);
    const signal = new AbortController().signal;
    assertEquals((await openGitRepository([], { signal, folder: root }))?.isDirty, true);
    await commit("release");
    assertEquals(await changedSince(repository, sha), []);
    assertEquals((await openGitRepository([], { signal, folder: root }))?.isDirty, false);
    await write("lib.ts", "new\n");
    assertEquals(await changedSince(repository, sha), ["lib.ts"]);
    assertEquals(await changedSince(repository, sha, ["deno.json"]), []);
  }));

for (
  const [what, text] of [
    ["another task", RELEASED.replace("deno --version", "deno --help")],
    ["another package", RELEASED.replace("^7.8.6", "^7.8.7")],
    ["a new key", RELEASED.replace("{", '{ "unstable": ["kv"],')],
    ["another name", RELEASED.replace("@a/b", "@a/c")],
    ["a version in an inner object", RELEASED.replace('"gate"', '"version": "1.1.0", "gate"')],
    ["the order of keys", RELEASED.replace(/ {2}"name".*\n/, "").replace(" }\n}", ' },\n  "name": "@a/b"\n}')],
    ["white space", RELEASED.replace('": "1', '":  "1')],
    ["a comment", RELEASED.replace("{", "{ // mine")],
    ["no version", RELEASED.replace(/ {2}"version".*\n/, "")],
    ["a version that is none", RELEASED.replace("1.1.0", "latest")],
    ["no JSON", RELEASED.slice(1)],
    ["a second version", RELEASED.replace("{", '{ "version": "1.1.0",')],
  ] as const
) {
  Deno.test(`openGitRepository() counts ${what} in deno.json as a change`, () =>
    inRepository(async (repository) => {
      await repository.write("deno.json", CONFIG);
      const sha = await repository.commit("candidate");
      assertEquals(text === RELEASED, false);
      await repository.write("deno.json", text);
      assertEquals(await changedSince(repository, sha), ["deno.json"]);
    }));
}

Deno.test("openGitRepository() counts deno.json that was removed, made a link or executable, and one of another folder", () =>
  inRepository(async (repository) => {
    const { root, write, commit } = repository;
    await write("deno.json", CONFIG);
    await write("inner/deno.json", CONFIG);
    const sha = await commit("candidate");
    const file = join(root, "deno.json");
    await write("deno.json", RELEASED);
    await Deno.chmod(file, 0o755);
    assertEquals(await changedSince(repository, sha), ["deno.json"]);
    await Deno.remove(file);
    assertEquals(await changedSince(repository, sha), ["deno.json"]);
    await write("other.json", RELEASED);
    await Deno.symlink("other.json", file);
    assertEquals(await changedSince(repository, sha), ["deno.json", "other.json"]);
    await Deno.remove(file);
    await Deno.remove(join(root, "other.json"));
    await write("deno.json", CONFIG);
    await write("inner/deno.json", RELEASED);
    assertEquals(await changedSince(repository, sha), ["inner/deno.json"]);
    assertEquals(await changedSince(repository, sha, [], join(root, "inner")), []);
  }));
