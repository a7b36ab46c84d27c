import { assertEquals } from "@std/assert";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { inTempDir } from "../helpers/temp_dir.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** The units that run every night, and the program that each of them starts. */
const UNITS: Readonly<Record<string, string>> = {
  "docs/systemd/civitai-dl-nightly.service": "civitai-dl",
  "docs/systemd/civitai-dl-compose.service": "docker",
  "packaging/debian/civitai-dl-update.service": "civitai-dl",
};

/** Exit codes of `download` and `update`, and that of the unit. */
const NIGHTS: readonly (readonly [number, number, number])[] = [
  [0, 0, 0],
  [1, 0, 1],
  [0, 1, 1],
  [4, 0, 0],
  [3, 5, 5],
  [6, 6, 6],
  [7, 4, 7],
];

for (const [path, program] of Object.entries(UNITS)) {
  Deno.test({
    name: `${path} runs download, then update, and fails if one of them does`,
    ignore: Deno.build.os === "windows",
    fn: () =>
      inTempDir(async (folder) => {
        const unit = (await Deno.readTextFile(join(ROOT, path))).replaceAll("\\\n", "");
        const script = /^ExecStart=\/bin\/sh -c '(.*)'$/m.exec(unit)![1]!.replaceAll("$$", "$");
        // It only records how it was called: what counts is what the shell makes of its exit codes.
        const stub = `#!/bin/sh
case " $* " in *" download "*) echo download; exit "$DOWNLOAD" ;; *" update "*) echo update; exit "$UPDATE" ;; esac
`;
        await Deno.writeTextFile(join(folder, program), stub, { mode: 0o755 });
        for (const [download, update, expected] of NIGHTS) {
          const { code, stdout } = await new Deno.Command("/bin/sh", {
            args: ["-c", script],
            clearEnv: true,
            env: { PATH: `${folder}${delimiter}/bin`, DOWNLOAD: `${download}`, UPDATE: `${update}` },
          }).output();
          assertEquals(
            [new TextDecoder().decode(stdout), code],
            ["download\nupdate\n", expected],
            `${download} ${update}`,
          );
        }
      }),
  });
}
