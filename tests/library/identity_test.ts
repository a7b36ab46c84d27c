import { assertEquals } from "@std/assert";
import { join } from "node:path";
import { findGoneLibrary, KnownLibraries } from "../../lib/library/mod.ts";
import { inTempDir } from "../helpers/temp_dir.ts";

const NOW = Date.UTC(2026, 0, 1, 12);

Deno.test("KnownLibraries writes again only what is new or an hour old", () =>
  inTempDir(async (folder) => {
    const known = new KnownLibraries(join(folder, "known"), { temporary: [] });
    assertEquals(await known.find("/mnt/disk"), null);
    await known.remember("/mnt/disk", "a", { now: NOW });
    await known.remember("/mnt/disk", "a", { now: NOW + 3_599_999 });
    assertEquals((await known.find("/mnt/disk"))?.seenAt, "2026-01-01T12:00:00.000Z");
    await known.remember("/mnt/disk", "a", { now: NOW + 3_600_000 });
    assertEquals(await known.find("/mnt/disk"), { path: "/mnt/disk", id: "a", seenAt: "2026-01-01T13:00:00.000Z" });
    await known.remember("/mnt/disk", "b", { now: NOW + 3_600_001 });
    assertEquals((await known.find("/mnt/disk"))?.id, "b");
    await known.forget("/mnt/disk");
    assertEquals(await known.list(), []);
  }));

Deno.test("KnownLibraries knows a library that vanished from a temporary folder", () =>
  inTempDir(async (folder) => {
    const known = new KnownLibraries(join(folder, "known"), { temporary: [folder] });
    const path = join(folder, "library");
    await known.remember(path, "a", { now: NOW });
    assertEquals((await known.find(path))?.id, "a");
    await known.remember("/mnt/disk", "b", { now: NOW });
    assertEquals((await known.find(path))?.id, "a");
  }));

Deno.test("KnownLibraries keeps 200 paths, and forgets absent ones in temporary folders before all others", () =>
  inTempDir(async (folder) => {
    const temporary = join(folder, "tmp");
    const known = new KnownLibraries(join(folder, "known"), { temporary: [temporary] });
    const present = join(temporary, "present");
    await Deno.mkdir(present, { recursive: true });
    await known.remember("/mnt/oldest", "a", { now: NOW });
    await known.remember(present, "a", { now: NOW + 1 });
    for (let index = 0; index < 200; index++) {
      await known.remember(join(temporary, `${index}`), "a", { now: NOW + 2 + index });
    }
    const kept = new Set((await known.list()).map(({ path }) => path));
    const isKept = (index: number): boolean => kept.has(join(temporary, `${index}`));
    assertEquals([kept.size, kept.has("/mnt/oldest"), kept.has(present)], [200, true, true]);
    assertEquals([isKept(1), isKept(2), isKept(199)], [false, true, true]);
  }));

Deno.test("KnownLibraries forgets first what was seen longest ago", () =>
  inTempDir(async (folder) => {
    const known = new KnownLibraries(join(folder, "known"), { temporary: [] });
    for (let index = 0; index < 202; index++) await known.remember(`/mnt/${index}`, "a", { now: NOW + index });
    const paths = new Set((await known.list()).map(({ path }) => path));
    assertEquals([paths.size, paths.has("/mnt/1"), paths.has("/mnt/2")], [200, false, true]);
  }));

Deno.test("KnownLibraries takes a damaged file for nothing, and leaves that of a later version alone", () =>
  inTempDir(async (folder) => {
    const known = new KnownLibraries(folder, { temporary: [] });
    await known.remember("/mnt/disk", "a", { now: NOW });
    const [{ name }] = await Array.fromAsync(Deno.readDir(folder)) as [Deno.DirEntry];
    for (const text of ["{", "null", '{"version":2,"path":"/mnt/disk"}']) {
      await Deno.writeTextFile(join(folder, name), text);
      assertEquals(await known.find("/mnt/disk"), null);
    }
  }));

Deno.test("findGoneLibrary() says that nothing is at the place of a library that was removed", () =>
  inTempDir(async (folder) => {
    const known = new KnownLibraries(join(folder, "known"), { temporary: [] });
    const path = join(folder, "library");
    await known.remember(path, "a", { now: NOW });
    const gone = await findGoneLibrary(path, known);
    assertEquals([gone?.found, gone?.id, gone?.movedTo], ["nothing", "a", null]);
  }));
