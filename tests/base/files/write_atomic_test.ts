import { assertEquals, assertRejects } from "@std/assert";
import { join } from "node:path";
import { writeAtomic } from "../../../lib/base/mod.ts";

Deno.test("writeAtomic() replaces the whole content and leaves no temporary file", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const path = join(folder, "state.json");
    await writeAtomic(path, "old and long");
    await writeAtomic(path, "new");
    assertEquals(await Deno.readTextFile(path), "new");
    assertEquals((await Array.fromAsync(Deno.readDir(folder))).map((entry) => entry.name), ["state.json"]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("writeAtomic() keeps the old content when it cannot finish", async () => {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.mkdir(join(folder, "target"));
    await assertRejects(() => writeAtomic(join(folder, "target"), "x"));
    assertEquals((await Array.fromAsync(Deno.readDir(folder))).map((entry) => entry.name), ["target"]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("writeAtomic() applies the mode from the first moment", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const path = join(folder, "secret");
    await writeAtomic(path, "x", { mode: 0o600, sync: false });
    assertEquals((await Deno.stat(path)).mode! & 0o777, 0o600);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
