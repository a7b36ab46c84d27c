import { assertEquals, assertMatch, assertRejects, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { KitError } from "../../../lib/base/mod.ts";
import { openRepository, resolveCommit } from "../../../lib/git/mod.ts";
import {
  buildVersion,
  findInstalled,
  type InstalledVersion,
  programOf,
  readInstallation,
  removeVersion,
  switchVersion,
} from "../../../lib/installation/mod.ts";
import { launcherOf } from "../../../lib/installation/install/_launcher.ts";
import { BUNDLE_NAME, parseRecord } from "../../../lib/installation/install/installed_version.ts";
import { readPointers, restorePointers } from "../../../lib/installation/install/switch_version.ts";
import { inReleaseRepository, type ReleaseRepository } from "../../helpers/repository/release_repository.ts";

async function build(repository: ReleaseRepository, tag: string): Promise<InstalledVersion> {
  const opened = await openRepository(repository.root);
  const sha = await resolveCommit(opened, `refs/tags/${tag}`);
  return await buildVersion(opened, {
    tag,
    sha,
    folder: repository.prefix,
    command: "test",
    registry: repository.registry,
  });
}

Deno.test("buildVersion() installs a tag with its facts, once, and ignores what killed builds left", () =>
  inReleaseRepository(async (repository) => {
    const sha = await repository.release("v1.0.0", { catalog: 2 });
    await Deno.mkdir(join(repository.prefix, "versions", ".unfinished-1"), { recursive: true });
    await Deno.mkdir(join(repository.prefix, "versions", "9.9.9"));
    const record = await build(repository, "v1.0.0");
    assertEquals([record.name, record.tag, record.sha, record.form, record.catalogVersion], [
      ...["1.0.0", "v1.0.0", sha, "bundle", 2],
    ]);
    assertEquals(await build(repository, "v1.0.0"), record);
    const names = (await Array.fromAsync(Deno.readDir(join(repository.prefix, "versions")))).map(({ name }) => name);
    assertEquals(names.toSorted(), ["1.0.0", "9.9.9"]);
    const { versions, current } = await readInstallation(repository.prefix);
    assertEquals([versions, current], [[record], null]);
    const { stdout } = await new Deno.Command(programOf(repository.prefix, "1.0.0"), { args: ["--version"] }).output();
    assertEquals(new TextDecoder().decode(stdout), "civitai-dl 1.0.0\n");
  }));

Deno.test("buildVersion() keeps the program of a tag that was moved, under another name", () =>
  inReleaseRepository(async (repository) => {
    await repository.release("v1.0.0");
    const first = await build(repository, "v1.0.0");
    await repository.write("b.txt", "moved\n");
    await repository.commit("moved");
    await repository.git("tag", "-d", "v1.0.0");
    await repository.git("tag", "-a", "v1.0.0", "-m", "moved");
    const second = await build(repository, "v1.0.0");
    assertEquals(second.sha === first.sha, false);
    const names = (await Array.fromAsync(Deno.readDir(join(repository.prefix, "versions")))).map(({ name }) => name);
    assertMatch(names.toSorted().join(), /^1\.0\.0,1\.0\.0\.replaced-[0-9a-f]{8}$/);
  }));

Deno.test("buildVersion() builds a version anew whose program was replaced, and keeps what was there", () =>
  inReleaseRepository(async (repository) => {
    const { prefix } = repository;
    await repository.release("v1.0.0");
    const first = await build(repository, "v1.0.0");
    const program = join(prefix, "versions", "1.0.0", BUNDLE_NAME);
    await Deno.writeTextFile(program, "another");
    assertEquals((await build(repository, "v1.0.0")).sha256, first.sha256);
    assertEquals((await Deno.readTextFile(program)).includes("self-test of 1.0.0"), true);
    const names = await Array.fromAsync(Deno.readDir(join(prefix, "versions")), ({ name }) => name);
    const aside = names.find((name) => name.startsWith("1.0.0.replaced-"))!;
    assertEquals(await Deno.readTextFile(join(prefix, "versions", aside, BUNDLE_NAME)), "another");
  }));

Deno.test("buildVersion() names the task that failed, and a network that is missing", () =>
  inReleaseRepository(async (repository) => {
    const { write, commit, git } = repository;
    await repository.release("v1.0.0");
    for (
      const [tag, script, code, says] of [
        ["v1.0.1", "echo broken >&2; exit 3", "failed", 'its task "bundle" ended with 3'],
        [
          "v1.0.2",
          "echo 'error sending request for url (https://jsr.io/x)' >&2; exit 1",
          "network",
          "cannot be fetched",
        ],
        ["v1.0.3", "true", "failed", 'its task "bundle" ended with 0'],
      ] as const
    ) {
      await write("deno.json", JSON.stringify({ version: tag.slice(1), tasks: { bundle: script } }));
      await commit(tag);
      await git("tag", "-a", tag, "-m", tag);
      const error = await assertRejects(() => build(repository, tag), KitError);
      assertEquals(error.code, code, error.message);
      assertStringIncludes(error.message, says);
    }
    assertEquals((await readInstallation(repository.prefix)).versions, []);
    assertEquals((await git("worktree", "list")).trim().split("\n").length, 1);
  }));

Deno.test("switchVersion() replaces the pointer and keeps the previous version; removeVersion() spares both", () =>
  inReleaseRepository(async (repository) => {
    const folder = repository.prefix;
    for (const tag of ["v1.0.0", "v1.0.1", "v1.1.0"]) {
      await repository.release(tag);
      await build(repository, tag);
    }
    assertEquals(await switchVersion(folder, "1.0.0"), { from: null, to: "1.0.0" });
    // A switch that was killed leaves its temporary link.
    await Deno.symlink("versions/nowhere", join(folder, "current.civitai-dl.tmp"));
    assertEquals(await switchVersion(folder, "1.1.0"), { from: "1.0.0", to: "1.1.0" });
    assertEquals(await switchVersion(folder, "1.1.0"), { from: "1.1.0", to: "1.1.0" });
    assertEquals(await readPointers(folder), { current: "1.1.0", previous: "1.0.0" });
    assertEquals((await assertRejects(() => switchVersion(folder, "2.0.0"), KitError)).code, "usage");
    for (const name of ["1.0.0", "1.1.0"]) {
      assertEquals((await assertRejects(() => removeVersion(folder, name), KitError)).code, "unsafe");
    }
    await removeVersion(folder, "1.0.1");
    assertEquals((await assertRejects(() => removeVersion(folder, "1.0.1"), KitError)).code, "usage");
    await restorePointers(folder, { current: "1.0.0", previous: null });
    assertEquals(await readPointers(folder), { current: "1.0.0", previous: null });
    const installation = await readInstallation(folder);
    assertEquals(["v1.1.0", "1.1.0", "v3"].map((word) => findInstalled(installation, word)?.name), [
      ...["1.1.0", "1.1.0", undefined],
    ]);
  }));

Deno.test("launcherOf() quotes the path of Deno, and has a form for Windows", () => {
  assertStringIncludes(launcherOf("/it's/deno", "linux"), `deno='/it'\\''s/deno'\n`);
  for (const os of ["linux", "windows"] as const) {
    assertStringIncludes(launcherOf("deno", os), "CIVITAI_DL_COMMAND=civitai-dl");
  }
  assertStringIncludes(launcherOf("C:\\deno.exe", "windows"), 'set DENO="C:\\deno.exe"\r\n');
});

Deno.test("parseRecord() refuses records that are damaged or newer", () => {
  const record = {
    name: "1.0.0",
    tag: "v1.0.0",
    sha: "a",
    form: "bundle",
    sha256: "b",
    patchSha256: null,
    catalogVersion: 3,
    builtAt: "2026-01-01T00:00:00.000Z",
  };
  assertEquals(parseRecord(JSON.stringify({ version: 1, ...record }))?.name, "1.0.0");
  for (const text of ["", "{", "null", "[]", JSON.stringify({ version: 2, ...record }), '{"version":1}']) {
    assertEquals(parseRecord(text), null, text);
  }
});
