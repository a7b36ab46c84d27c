import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { exists } from "@std/fs";
import { join } from "node:path";
import { createReleaseKeyPair, describeRelease, RELEASE_PROGRAMS, verifyRelease } from "../../lib/release/mod.ts";
import { parseChecksums } from "../../lib/release/published/checksums.ts";
import { command as key } from "../../scripts/release_key.ts";
import { command as share } from "../../scripts/release_share.ts";
import { command as sign } from "../../scripts/release_sign.ts";
import { callCommand } from "../helpers/call_command.ts";
import { hasProgram } from "../helpers/has_program.ts";
import { readBlock } from "../helpers/pages/read_block.ts";
import { inSharedRepository } from "../helpers/repository/shared_repository.ts";
import { inTempDir } from "../helpers/temp_dir.ts";

Deno.test("release-key makes a private file and a public key with which release-sign signs", () =>
  inTempDir(async (folder) => {
    const path = join(folder, "key.pem");
    const made = await callCommand(key, [path, "--json"]);
    assertEquals(made.code, 0, made.err);
    const { key: pair } = JSON.parse(made.out);
    if (Deno.build.os !== "windows") assertEquals((await Deno.stat(path)).mode! & 0o777, 0o600);
    const again = await callCommand(key, [path]);
    assertEquals([again.code, /must not be overwritten/.test(again.err)], [2, true]);
    for (const name of RELEASE_PROGRAMS) await Deno.writeTextFile(join(folder, name), name);
    const others = ["civitai-dl-1.1.0.tgz", "civitai-dl_1.1.0-1_amd64.deb", "civitai-dl_1.1.0-1_arm64.deb"];
    for (const name of others) await Deno.writeTextFile(join(folder, name), "another file of the release");
    await Deno.writeTextFile(join(folder, "civitai-dl.rb"), "made later");
    await describeRelease(folder, { tag: "v1.1.0", commit: "a".repeat(40), catalogVersion: 3 });
    const privateKey = await Deno.readTextFile(path);
    const env = { RELEASE_SIGNING_KEY: privateKey, RELEASE_SIGNING_KEY_NEXT: "" };
    const words = ["--folder", folder, "--key", pair.publicKey];
    const signed = await callCommand(sign, words, env);
    assertEquals(signed.code, 0, signed.err);
    assertEquals([signed.out, signed.err].join("").includes(privateKey.split("\n")[1]!), false);
    const read = (name: string) => Deno.readFile(join(folder, name));
    const files = {
      tag: "v1.1.0",
      sums: await read("SHA256SUMS"),
      signature: await read("SHA256SUMS.sig"),
      document: await read("release.json"),
    };
    const release = await verifyRelease(files, [pair]);
    assertEquals([release.keyId, release.programs.length], [pair.id, RELEASE_PROGRAMS.length]);
    const names = parseChecksums(new TextDecoder().decode(files.sums)).map(({ name }) => name);
    assertEquals(names, [...RELEASE_PROGRAMS, ...others, "release.json"]);
    if (Deno.build.os !== "linux") return;
    // Without this program, as the page shows it, with the programs of Linux.
    const run = async (script: string) => {
      const env = { PUBLIC_KEY: pair.publicKey };
      const { code, stdout, stderr } = await new Deno.Command("sh", { args: ["-euc", script], cwd: folder, env })
        .output();
      const [out, err] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
      assertEquals(code, 0, err);
      return out;
    };
    assertStringIncludes((await run(await readBlock("docs/releases.md", "sha256sum --check")))!, "civitai-dl.js: OK");
    if (!await hasProgram("openssl", "version")) return;
    const verified = await run(await readBlock("docs/releases.md", "printf '%s\\n' '-----BEGIN PUBLIC KEY-----'"));
    assertStringIncludes(verified!, "Signature Verified Successfully");
  }));

Deno.test("release-sign refuses a key that no program trusts, and a missing one; without any key it says so", () =>
  inTempDir(async (folder) => {
    await Deno.writeTextFile(join(folder, "SHA256SUMS"), `${"0".repeat(64)}  x\n`);
    const [trusted, foreign] = await Promise.all([1, 2].map(() => createReleaseKeyPair("2026-01-01")));
    const words = ["--folder", folder, "--key", trusted!.key.publicKey];
    const untrusted = await callCommand(sign, words, { RELEASE_SIGNING_KEY: foreign!.privateKey });
    assertEquals(untrusted.code, 2, untrusted.err);
    assertMatch(untrusted.err, /Cannot sign: no program trusts key [0-9a-f]{16}/);
    const missing = await callCommand(sign, words);
    assertEquals(missing.code, 1, missing.err);
    assertMatch(missing.err, /RELEASE_SIGNING_KEY is not set, and programs expect a signature/);
    assertEquals((await callCommand(sign, words, { RELEASE_SIGNING_KEY: "nonsense" })).code, 2);
    const names = (await Array.fromAsync(Deno.readDir(folder))).map(({ name }) => name);
    assertEquals(names, ["SHA256SUMS"]);
  }));

Deno.test("release-share makes the list of releases, changes a share, and refuses previews", () =>
  inSharedRepository(async ({ root, git }) => {
    const list = join(root, "rollout.json");
    const run = (...words: readonly string[]) => callCommand(share, [...words, "--list", list, "--repo", root]);
    for (const tag of ["v1.1.0", "v1.2.0", "v1.3.0"]) await git("tag", "-a", "-m", tag, tag);
    assertEquals((await run("v1.1.0", "10")).code, 0);
    assertEquals((await run("v1.2.0", "0.5")).out, `1.2.0: 0.5 %\n1.1.0: 10 %\nWritten: ${list}\n`);
    assertMatch((await run("1.1.0", "100")).out, /^1\.2\.0: 0\.5 %\n1\.1\.0: 100 %\n/);
    for (const words of [["v1.3.0-rc.1", "10"], ["v1.3.0", "101"], ["v1.3.0", "many"], ["v1.3.0"]]) {
      assertEquals((await run(...words)).code, 2, words.join(" "));
    }
    await Deno.writeTextFile(list, "{}");
    const broken = await run("v1.3.0", "10");
    assertEquals(broken.code, 1);
    assertStringIncludes(broken.err, list);
    assertEquals((await callCommand(share, ["v1.3.0", "10", "--list", root, "--repo", root])).code, 2);
  }));

Deno.test("release-share refuses a version without a tag, unless it is in the list or --untagged says so", () =>
  inSharedRepository(async ({ root, git }) => {
    const list = join(root, "rollout.json");
    const run = (...words: readonly string[]) => callCommand(share, [...words, "--list", list, "--repo", root]);
    for (const percent of ["50", "0"]) {
      const refused = await run("v9.9.9", percent);
      assertEquals(refused.code, 2, refused.err);
      assertStringIncludes(refused.err, "Cannot give v9.9.9 to installations: there is no tag v9.9.9");
      assertStringIncludes(refused.err, "git fetch --tags");
    }
    assertEquals(await exists(list), false);
    assertEquals((await run("v9.9.9", "50", "--untagged")).code, 0);
    // Whoever withdraws a release may have an old clone.
    assertEquals((await run("v9.9.9", "0")).out, `9.9.9: 0 %\nWritten: ${list}\n`);
    await git("tag", "-a", "-m", "v1.1.0-rc.1", "v1.1.0-rc.1");
    assertEquals((await run("v1.1.0", "10")).code, 2);
  }));
