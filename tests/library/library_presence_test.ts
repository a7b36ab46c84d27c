import { assertEquals, assertNotEquals } from "@std/assert";
import { join } from "node:path";
import { setImmediate } from "node:timers";
import { openLibrary } from "../../lib/downloader/mod.ts";
import { KnownLibraries, LibraryPresence, readIdentity } from "../../lib/library/mod.ts";
import { inTempDir } from "../helpers/temp_dir.ts";

Deno.test("a slow look does not forget the library that a look after it has found in place of a forgotten one", () =>
  inTempDir(async (folder) => {
    const library = join(folder, "library");
    const known = new SlowMemory(join(folder, "known"), { temporary: [] });
    const presence = new LibraryPresence(library, known);
    await known.remember(library, await create(library), { now: 0 });
    await presence.look(0);
    await Deno.rename(library, join(folder, "first"));
    const id = await create(library);
    await known.forget(library);
    await known.remember(library, id, { now: 0 });
    known.delaysMs.push(200);
    const slow = presence.look(1);
    assertEquals(await presence.look(2), null);
    await Deno.rename(library, join(folder, "second"));
    await slow;
    assertEquals((await presence.look(3))?.id, id);
  }));

Deno.test("nothing is missing only when it is known what is there in place of a forgotten library", () =>
  inTempDir(async (folder) => {
    const library = join(folder, "library");
    const known = new KnownLibraries(join(folder, "known"), { temporary: [] });
    const presence = new LibraryPresence(library, known);
    await known.remember(library, await create(library), { now: 0 });
    await presence.look(0);
    await Deno.rename(library, join(folder, "first"));
    const id = await create(library);
    assertNotEquals(await presence.look(1), null);
    await known.forget(library);
    const look = presence.look(2);
    while (presence.gone !== null) await new Promise((resolve) => setImmediate(resolve));
    assertEquals(presence.id, id);
    await look;
  }));

async function create(library: string): Promise<string> {
  (await openLibrary(library, { command: "test" }))[Symbol.dispose]();
  return (await readIdentity(library))!.id;
}

/** A memory on a disk that is slow at times. */
class SlowMemory extends KnownLibraries {
  /** How long the next answers take, in milliseconds. */
  readonly delaysMs: number[] = [];

  override async find(path: string): ReturnType<KnownLibraries["find"]> {
    const delayMs = this.delaysMs.shift() ?? 0;
    const found = await super.find(path);
    await new Promise((resolve) => setTimeout(resolve, delayMs));
    return found;
  }
}
