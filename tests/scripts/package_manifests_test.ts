import { assertEquals, assertStringIncludes } from "@std/assert";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { executableName, RELEASE_TARGETS } from "../../lib/release/mod.ts";
import { command } from "../../scripts/package_manifests.ts";
import { callCommand } from "../helpers/call_command.ts";
import { inTempDir } from "../helpers/temp_dir.ts";

Deno.test("package-manifests writes a formula and a manifest beside the executables", () =>
  inTempDir(async (folder) => {
    // As sha256sum writes it.
    const lines = RELEASE_TARGETS.map((target) =>
      `${createHash("sha256").update(target).digest("hex")}  ${executableName(target)}\n`
    );
    await Deno.writeTextFile(join(folder, "SHA256SUMS"), lines.join(""));
    const args = ["v1.1.0", "--folder", folder, "--repository", "a/b"];
    const ran = await callCommand(command, args);
    assertEquals([ran.code, ran.err], [0, ""]);
    const formula = await Deno.readTextFile(join(folder, "civitai-dl.rb"));
    assertStringIncludes(formula, "https://github.com/a/b/releases/download/v1.1.0/civitai-dl-aarch64-apple-darwin");
    const manifest = JSON.parse(await Deno.readTextFile(join(folder, "civitai-dl.json")));
    const sums = await Deno.readTextFile(join(folder, "SHA256SUMS"));
    assertStringIncludes(sums, `${manifest.architecture["64bit"].hash}  civitai-dl-x86_64-pc-windows-msvc.exe`);
    await Deno.writeTextFile(join(folder, "SHA256SUMS"), sums.split("\n").slice(1).join("\n"));
    assertEquals((await callCommand(command, args)).code, 1);
  }));

for (
  const [args, message] of [
    [["v1.1.0-rc.1"], "it is a preview"],
    [["v1.1.0-phase1"], "it is a preview"],
    [["latest"], "it is not a version of this project"],
    [["v1.1.0", "--repository", "x"], "it is not OWNER/NAME"],
    [["v1.1.0", "--folder", "/no/such"], "there is no such file"],
    [[], "TAG"],
  ] as const
) {
  Deno.test(`package-manifests refuses ${args.join(" ") || "no tag"}`, async () => {
    const { code, err } = await callCommand(command, args);
    assertEquals(code, 2);
    assertStringIncludes(err, message);
  });
}
