import { assertEquals, assertRejects } from "@std/assert";
import { join } from "node:path";
import { KitError } from "../../lib/base/mod.ts";
import { checkLibraryFolder, openLibrary } from "../../lib/downloader/mod.ts";
import { inTempDir } from "../helpers/temp_dir.ts";

const CLASSIC = { layout: "classic", template: null } as const;
const COMFY = { layout: "comfyui", template: null } as const;

Deno.test("checkLibraryFolder() refuses a folder of another library, and takes a library itself", () =>
  inTempDir(async (folder) => {
    (await openLibrary(folder, { command: "test" }))[Symbol.dispose]();
    const inside = join(folder, "models");
    const error = await assertRejects(() => checkLibraryFolder(inside, CLASSIC), KitError);
    assertEquals([error.code, error.message], [
      "usage",
      `Cannot use "${inside}": it is a folder of the library "${folder}"`,
    ]);
    assertEquals(error.hint, `Use -o ${folder}, or a folder outside of it`);
    assertEquals(await checkLibraryFolder(folder, CLASSIC), null);
  }));

Deno.test("checkLibraryFolder() refuses the folder of a program that the layout adds itself", () =>
  inTempDir(async (folder) => {
    const path = join(folder, "ComfyUI", "models");
    const { code, message, hint } = await assertRejects(() => checkLibraryFolder(path, COMFY), KitError);
    assertEquals([code, hint], ["usage", `Use -o ${join(folder, "ComfyUI")}`]);
    assertEquals(
      message,
      `Cannot use "${path}" with --layout comfyui: it adds "models" itself, so LORA files would go to ` +
        join(path, "models", "loras"),
    );
  }));

Deno.test("checkLibraryFolder() says where files go in a folder of no program, until there is a library", () =>
  inTempDir(async (folder) => {
    const path = join(folder, "models");
    const byTemplate = { layout: "classic", template: "models/{type}/{file}" } as const;
    assertEquals(
      await checkLibraryFolder(path, byTemplate),
      `The layout adds the folder "models" itself: files go to ${join(path, "models")}. For ${path}, use -o ${folder}`,
    );
    (await openLibrary(path, { command: "test" }))[Symbol.dispose]();
    assertEquals(await checkLibraryFolder(path, byTemplate), null);
  }));
