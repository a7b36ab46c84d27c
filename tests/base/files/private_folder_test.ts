import { assertEquals, assertThrows } from "@std/assert";
import { lchownSync } from "node:fs";
import { join } from "node:path";
import { ensurePrivateFolder, KitError, PRIVATE_FILE_MODE, restrictPermissions } from "../../../lib/base/mod.ts";
import { inTempDir } from "../../helpers/temp_dir.ts";

const WITHOUT_ROOT = Deno.uid() === 0 ? "" : " (skipped: only root can change the owner of a link)";

function modeOf(path: string): string {
  return (Deno.statSync(path).mode! & 0o777).toString(8);
}

Deno.test("ensurePrivateFolder() creates a folder for this user only, and parents that are not hidden for everyone", () =>
  inTempDir((folder) => {
    ensurePrivateFolder(join(folder, "library", ".civitai-dl"));
    const umasked = (0o777 & ~Deno.umask()).toString(8);
    assertEquals([modeOf(join(folder, "library", ".civitai-dl")), modeOf(join(folder, "library"))], ["700", umasked]);
    // A monitor that is started before the first run.
    ensurePrivateFolder(join(folder, "early", ".civitai-dl", "state"));
    const modes = ["early/.civitai-dl/state", "early/.civitai-dl", "early"].map((path) => modeOf(join(folder, path)));
    assertEquals(modes, ["700", "700", umasked]);
  }));

Deno.test("ensurePrivateFolder() restricts a folder of an older version, but no folder with foreign files", () =>
  inTempDir(async (folder) => {
    const logs = join(folder, "logs");
    await Deno.mkdir(logs);
    await Deno.chmod(logs, 0o755);
    ensurePrivateFolder(logs, { marker: "download.log" });
    assertEquals(modeOf(logs), "755");
    await Deno.writeTextFile(join(logs, "download.log"), "");
    ensurePrivateFolder(logs, { marker: "download.log" });
    assertEquals(modeOf(logs), "700");
  }));

Deno.test("ensurePrivateFolder() follows the user's own link and refuses a file", () =>
  inTempDir(async (folder) => {
    await Deno.mkdir(join(folder, "disk"));
    await Deno.chmod(join(folder, "disk"), 0o755);
    await Deno.symlink(join(folder, "disk"), join(folder, "state"));
    ensurePrivateFolder(join(folder, "state"));
    assertEquals(modeOf(join(folder, "disk")), "755");
    await Deno.writeTextFile(join(folder, "file"), "");
    const error = assertThrows(() => ensurePrivateFolder(join(folder, "file")), KitError, "as a folder: it is a file");
    assertEquals([error.code, error.hint], ["usage", `Move it away: mv -i ${join(folder, "file")} ${folder}/file.old`]);
  }));

Deno.test({
  name: `ensurePrivateFolder() refuses another user's link with a hint${WITHOUT_ROOT}`,
  ignore: Deno.uid() !== 0,
  fn: () =>
    inTempDir(async (folder) => {
      const state = join(folder, "state");
      await Deno.mkdir(join(folder, "disk"));
      await Deno.symlink(join(folder, "disk"), state);
      lchownSync(state, 12345, 12345);
      const error = assertThrows(() => ensurePrivateFolder(state), KitError, "it is a link that another user made");
      assertEquals([error.code, error.hint?.includes(`ls -ld "${state}"`)], ["unsafe", true]);
    }),
});

Deno.test("restrictPermissions() removes permissions, adds none and follows no link", () =>
  inTempDir(async (folder) => {
    const [open, closed, link] = ["open", "closed", "link"].map((name) => join(folder, name)) as [
      string,
      string,
      string,
    ];
    for (const path of [open, closed]) await Deno.writeTextFile(path, "");
    await Deno.chmod(open, 0o644);
    await Deno.chmod(closed, 0o400);
    await Deno.symlink(open, link);
    restrictPermissions(link, PRIVATE_FILE_MODE);
    assertEquals(modeOf(open), "644");
    for (const path of [open, closed, join(folder, "none")]) restrictPermissions(path, PRIVATE_FILE_MODE);
    assertEquals([modeOf(open), modeOf(closed)], ["600", "400"]);
  }));
