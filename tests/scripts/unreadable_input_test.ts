import { assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { startProgram } from "../helpers/start_program.ts";
import { inTempDir } from "../helpers/temp_dir.ts";

for (
  const { name, args, said } of [
    { name: "default_output_dir.txt", args: ["list"], said: 'Cannot read "default_output_dir.txt": it is a folder' },
    { name: "civitai-dl.yml", args: ["list"], said: 'Cannot read configuration "civitai-dl.yml": it is a folder' },
    {
      name: "api_key.md",
      args: ["search", "x", "--base-url", "http://127.0.0.1:1"],
      said: 'Cannot read the API key from "api_key.md": it is a folder\nhint: Take it away',
    },
    { name: "some", args: ["download", "--from", "none"], said: 'Cannot read "none" of --from: no such file' },
    { name: "some", args: ["download", "--from", "some"], said: 'Cannot read "some" of --from: it is a folder' },
  ] as const
) {
  Deno.test(`${args.slice(0, 3).join(" ")} exits with 2 and a plain message for a folder ${name}`, () =>
    inTempDir(async (folder) => {
      await Deno.mkdir(join(folder, name));
      const options = { folder, origins: ["http://127.0.0.1"], env: { XDG_CONFIG_HOME: folder } };
      const { code, stderr } = await startProgram(args, options).ended;
      assertStringIncludes(stderr, said);
      assertEquals(code, 2);
    }));
}
