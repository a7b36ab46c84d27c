import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { ensureDir } from "@std/fs";
import { lchownSync } from "node:fs";
import { dirname, join } from "node:path";
import { openLibrary } from "../../lib/downloader/mod.ts";
import { call } from "../helpers/call.ts";
import { atPlace, type Place } from "./_place.ts";

const WITHOUT_ROOT = Deno.uid() === 0 ? "" : " (skipped: only root makes files of another user)";

const PRECIOUS = "precious\n";

/** A link to a file of the user, as another user with write access to the folder would plant it. */
async function plant({ folder }: Place, path: string): Promise<string> {
  const victim = join(folder, "victim");
  await Deno.writeTextFile(victim, PRECIOUS);
  await ensureDir(dirname(join(folder, path)));
  await Deno.symlink(victim, join(folder, path));
  return victim;
}

/** The model files of the library, by path. */
async function pathsOf({ folder }: Place): Promise<readonly string[]> {
  using library = await openLibrary(join(folder, "library"), { command: "test", readOnly: true });
  return [...library.catalog.items({ kinds: ["file"] })].map((item) => item.path);
}

for (
  const path of [
    "library/.civitai-dl/lock",
    "library/.civitai-dl/catalog.db",
    "library/.civitai-dl/catalog.db-wal",
    "logs/download.log",
  ]
) {
  Deno.test(`download refuses to write through a link at ${path}, with a hint`, () =>
    atPlace({}, async (place) => {
      const victim = await plant(place, path);
      const { code, stderr } = await place.run(place.everything);
      assertEquals([code, await Deno.readTextFile(victim)], [4, PRECIOUS], stderr);
      assertStringIncludes(stderr, `${path}": a link is in its place`);
      assertStringIncludes(stderr, `${path}") and remove it`);
    }));
}

for (
  const path of [
    "library/.civitai-dl/state/quota.json.civitai-dl.tmp",
    "logs/metrics.jsonl",
  ]
) {
  Deno.test(`download continues if a link is at ${path}, and keeps its target`, () =>
    atPlace({}, async (place) => {
      const victim = await plant(place, path);
      const { code, stderr } = await place.run(place.everything);
      assertEquals([code, await Deno.readTextFile(victim)], [0, PRECIOUS], stderr);
      assertStringIncludes(stderr, `${path}": a link is in its place`);
    }));
}

Deno.test("download fails only the file whose part is a link", () =>
  atPlace({}, async (place) => {
    assertEquals((await place.run(place.everything)).code, 0);
    const [first] = await pathsOf(place);
    const victim = await plant(place, `library/${first}.part`);
    await Deno.remove(join(place.folder, "library", first!));
    const { code, stderr } = await place.run(place.everything);
    assertEquals([code, await Deno.readTextFile(victim)], [1, PRECIOUS], stderr);
    assertStringIncludes(stderr, `${first}.part": a link is in its place`);
    await Deno.remove(join(place.folder, "library", `${first}.part`));
    assertEquals((await place.run(place.everything)).code, 0);
  }));

Deno.test("download creates state, catalog and logs for this user only, and restricts those of an older version", () =>
  atPlace({}, async (place) => {
    const { folder } = place;
    assertEquals((await place.run(place.everything)).code, 0);
    const modes = async (): Promise<Readonly<Record<string, string>>> => {
      const found: Record<string, string> = {};
      for (const top of ["library/.civitai-dl", "library/.civitai-dl/state", "logs"]) {
        found[top] = ((await Deno.stat(join(folder, top))).mode! & 0o777).toString(8);
        for await (const { name, isFile } of Deno.readDir(join(folder, top))) {
          if (isFile) found[`${top}/${name}`] = ((await Deno.stat(join(folder, top, name))).mode! & 0o777).toString(8);
        }
      }
      return found;
    };
    const fresh = await modes();
    for (const [path, mode] of Object.entries(fresh)) {
      const isFolder = (await Deno.stat(join(folder, path))).isDirectory;
      assertEquals([path, mode], [path, isFolder ? "700" : "600"]);
    }
    const open = ["library/.civitai-dl", "library/.civitai-dl/state", "library/.civitai-dl/catalog.db", "logs"];
    for (const path of open) await Deno.chmod(join(folder, path), 0o755);
    await Deno.chmod(join(folder, "logs", "download.log"), 0o644);
    assertEquals((await place.run(place.everything)).code, 0);
    assertEquals(await modes(), fresh);
    const [model] = await pathsOf(place);
    const { mode } = await Deno.stat(join(folder, "library", model!));
    assertEquals((mode! & 0o777).toString(8), (0o666 & ~Deno.umask()).toString(8));
  }));

Deno.test("download follows the user's own links to the library and to models on another disk", () =>
  atPlace({}, async (place) => {
    const { folder } = place;
    for (const disk of ["disk", "disk2"]) await Deno.mkdir(join(folder, disk));
    await Deno.symlink(join(folder, "disk"), join(folder, "library"));
    await Deno.symlink(join(folder, "disk2"), join(folder, "disk", "models"));
    const { code, stderr } = await place.run(place.everything);
    assertEquals(code, 0, stderr);
    assertEquals((await call(["verify", "--deep", "-o", join(folder, "library")])).code, 0);
    assert((await pathsOf(place)).every((path) => path.startsWith("models/")));
  }));

Deno.test({
  name: `download follows no folder link of another user${WITHOUT_ROOT}`,
  ignore: Deno.uid() !== 0,
  fn: () =>
    atPlace({}, async (place) => {
      const { folder } = place;
      for (const name of ["disk", "library"]) await Deno.mkdir(join(folder, name));
      await Deno.symlink(join(folder, "disk"), join(folder, "library", "models"));
      lchownSync(join(folder, "library", "models"), 12345, 12345);
      const { code, stderr } = await place.run(place.everything);
      assertEquals([code, await Array.fromAsync(Deno.readDir(join(folder, "disk")))], [1, []]);
      assertStringIncludes(stderr, "was made by another user");
    }),
});
