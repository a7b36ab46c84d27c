import { assertEquals } from "@std/assert";
import { fileURLToPath } from "node:url";
import { permissionsOf, tasksOf } from "../../scripts/_docs/tasks.ts";
import { command } from "../../scripts/release.ts";
import { refsOf } from "../helpers/repository/shared_repository.ts";
import { inReleaseProject } from "./_release_project.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

Deno.test("release has a permission set of its own, without network and without facts about the machine", async () => {
  const task = tasksOf([command]).release!;
  assertEquals(/-P=(\w+)/.exec(task.command)?.[1], "release");
  const { net, ffi, sys } = permissionsOf(command);
  assertEquals([net, ffi, sys], [undefined, undefined, ["uid", "gid", "username", "homedir"]]);
  const { permissions } = JSON.parse(await Deno.readTextFile(`${ROOT}deno.json`));
  assertEquals(permissions.release, permissionsOf(command));
});

Deno.test("release prepares, tags a stage through its gate and shows the status with these permissions", () =>
  inReleaseProject({}, async ({ root, remote }) => {
    for (const words of [["prepare", "1.1.0"], ["alpha", "1.1.0"], ["status"]]) {
      const args = [
        "run",
        "-q",
        "--no-prompt",
        "--config",
        `${ROOT}deno.json`,
        "-P=release",
        `${ROOT}scripts/release.ts`,
      ];
      const { code, stderr } = await new Deno.Command(Deno.execPath(), {
        args: [...args, ...words],
        cwd: root,
        stdin: "null",
      }).output();
      assertEquals([words, code], [words, 0], new TextDecoder().decode(stderr));
    }
    assertEquals("refs/tags/v1.1.0-alpha" in await refsOf(remote), true);
  }));
