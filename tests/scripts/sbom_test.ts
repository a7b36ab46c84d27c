import { assert, assertEquals, assertRejects, assertStringIncludes, assertThrows } from "@std/assert";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { KitError, VERSION } from "../../lib/base/mod.ts";
import { listBundledPackages } from "../../scripts/_package/bundled_packages.ts";
import { parsePackageLock } from "../../scripts/_package/package_lock.ts";
import { renderProgramBom, requireValidBom } from "../../scripts/_package/program_bom.ts";
import { command } from "../../scripts/sbom.ts";
import { callCommand } from "../helpers/call_command.ts";
import { inTempDir } from "../helpers/temp_dir.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

Deno.test("listBundledPackages() reads the places of modules, also of Windows, and nothing else", () => {
  const bundle = [
    "// ../cache/npm/registry.example/zod/4.6.7/v4/core/core.js",
    "    // ../cache/npm/registry.example/zod/4.6.7/v4/core/api.js",
    "// ../cache/npm/registry.example/@zip.js/zip.js/2.24.0/index.js",
    "// ..\\cache\\npm\\registry.example\\@a\\b\\1.0.0-rc.1\\x.js",
    "// lib/npm/registry.ts",
    '"// ../cache/npm/registry.example/text/1.0.0/x.js";',
    "const x = 1; // ../cache/npm/registry.example/end/1.0.0/x.js",
  ].join("\n");
  assertEquals(listBundledPackages(bundle), [
    { name: "@a/b", version: "1.0.0-rc.1", folder: "registry.example/@a/b/1.0.0-rc.1" },
    { name: "@zip.js/zip.js", version: "2.24.0", folder: "registry.example/@zip.js/zip.js/2.24.0" },
    { name: "zod", version: "4.6.7", folder: "registry.example/zod/4.6.7" },
  ]);
});

const DIGEST = new Uint8Array(64).fill(7);
const INTEGRITY = `sha512-${DIGEST.toBase64()}`;

Deno.test("parsePackageLock() finds versions of dependencies, with and without peers", () => {
  const lock = parsePackageLock(JSON.stringify({
    version: "5",
    specifiers: { "npm:a@1": "1.0.0_peer@3.0.0", "npm:@s/b@^2": "2.1.0", "jsr:@std/fs@1": "1.0.0" },
    npm: {
      "a@1.0.0_peer@3.0.0": { integrity: INTEGRITY, dependencies: ["@s/b", "c@1.0.0", "c@2.0.0_peer@3.0.0"] },
      "@s/b@2.1.0": { integrity: INTEGRITY },
      "c@1.0.0": { integrity: INTEGRITY },
      "c@2.0.0_peer@3.0.0": { integrity: INTEGRITY },
    },
  }));
  assertEquals([...lock.direct], ["a@1.0.0", "@s/b@2.1.0"]);
  assertEquals([...lock.packages.keys()], ["a@1.0.0", "@s/b@2.1.0", "c@1.0.0", "c@2.0.0"]);
  assertEquals(lock.packages.get("a@1.0.0"), {
    sha512: DIGEST.toHex(),
    dependencies: ["@s/b@2.1.0", "c@1.0.0", "c@2.0.0"],
  });
  assertThrows(() => parsePackageLock('{"version":"6","specifiers":{},"npm":{}}'), KitError, "its version is 6");
});

Deno.test("parsePackageLock() resolves every dependency of this project's lock file", async () => {
  const { packages, direct } = parsePackageLock(await Deno.readTextFile(join(ROOT, "deno.lock")));
  const named = [...direct, ...[...packages.values()].flatMap(({ dependencies }) => dependencies)];
  assertEquals(named.filter((one) => !packages.has(one)), []);
});

const PROGRAM = {
  version: "1.1.0",
  sha256: "0".repeat(64),
  deno: "2.9.6",
  time: new Date(0),
  parts: [
    {
      name: "@s/b",
      version: "2.1.0",
      license: "(MIT OR Apache-2.0)",
      sha512: DIGEST.toHex(),
      dependencies: [],
      isDirect: false,
    },
    {
      name: "a",
      version: "1.0.0",
      license: "Own words",
      sha512: DIGEST.toHex(),
      dependencies: ["@s/b@2.1.0", "x@1.0.0"],
      isDirect: true,
    },
  ],
};

Deno.test("renderProgramBom() is valid CycloneDX, with licenses, checksums and what depends on what", async () => {
  const document = renderProgramBom(PROGRAM);
  await requireValidBom(document);
  const { metadata, components, dependencies } = JSON.parse(document);
  assertEquals([metadata.component.purl, metadata.timestamp], ["pkg:npm/civitai-dl@1.1.0", "1970-01-01T00:00:00.000Z"]);
  const byName = Object.fromEntries(components.map((one: { readonly name: string }) => [one.name, one]));
  assertEquals(Object.keys(byName).toSorted(), ["a", "b", "deno"]);
  assertEquals([byName.b.group, byName.b.purl], ["@s", "pkg:npm/%40s/b@2.1.0"]);
  assertEquals(byName.b.licenses, [{ expression: "(MIT OR Apache-2.0)" }]);
  assertEquals(byName.a.licenses, [{ license: { name: "Own words" } }]);
  assertEquals(byName.a.hashes, [{ alg: "SHA-512", content: DIGEST.toHex() }]);
  // A dependency that is not in the bundle is not in the document.
  assertEquals(dependencies, [
    { ref: "pkg:npm/%40s/b@2.1.0" },
    { ref: "pkg:npm/a@1.0.0", dependsOn: ["pkg:npm/%40s/b@2.1.0"] },
    { ref: "pkg:npm/civitai-dl@1.1.0", dependsOn: ["pkg:npm/a@1.0.0", "pkg:npm/deno@2.9.6"] },
    { ref: "pkg:npm/deno@2.9.6" },
  ]);
});

Deno.test("requireValidBom() refuses what the schema does not allow", async () => {
  const document = renderProgramBom(PROGRAM).replace('"application"', '"program"');
  const error = await assertRejects(() => requireValidBom(document), KitError, "not valid CycloneDX");
  assertStringIncludes((error as KitError).hint!, "/metadata/component/type");
});

Deno.test("sbom lists the packages of a bundle, and refuses one that deno.lock does not have", () =>
  inTempDir(async (folder) => {
    const entry = join(folder, "entry.ts");
    const bundle = join(folder, "bundle.js");
    await Deno.writeTextFile(
      entry,
      'import stringWidth from "npm:fast-string-width@3"; console.log(stringWidth("x"));\n',
    );
    const { code, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["bundle", "-q", "--platform", "deno", "--config", join(ROOT, "deno.json"), "-o", bundle, entry],
    }).output();
    assertEquals(code, 0, new TextDecoder().decode(stderr));
    const output = join(folder, "sbom.json");
    const made = await callCommand(command, ["--bundle", bundle, "--output", output]);
    assertEquals([made.code, made.err], [0, ""]);
    const { metadata, components } = JSON.parse(await Deno.readTextFile(output));
    const text = await Deno.readTextFile(bundle);
    assertEquals(metadata.component.version, VERSION);
    assertEquals(metadata.component.hashes[0].content, createHash("sha256").update(text).digest("hex"));
    const names = components.map((one: { readonly name: string }) => one.name).toSorted();
    assertEquals(names, ["deno", "fast-string-truncated-width", "fast-string-width"]);
    assert(components.every((one: { readonly licenses: unknown }) => one.licenses !== undefined));

    await Deno.writeTextFile(bundle, text.replaceAll(/(fast-string-width\/)[\d.]+/g, "$19.9.9"));
    const unknown = await callCommand(command, ["--bundle", bundle, "--output", output]);
    assertEquals(unknown.code, 1);
    assertStringIncludes(
      unknown.err,
      "Cannot describe fast-string-width@9.9.9: the bundle has it, and deno.lock has not",
    );
    await Deno.writeTextFile(bundle, "console.log(1);\n");
    assertEquals((await callCommand(command, ["--bundle", bundle, "--output", output])).code, 1);
    const missing = await callCommand(command, ["--bundle", join(folder, "none.js"), "--output", output]);
    assertEquals(missing.code, 2);
    assertStringIncludes(missing.err, "deno task bundle");
  }));
