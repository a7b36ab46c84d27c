import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { command } from "../../scripts/self_update.ts";
import { bucketOf } from "../../lib/rollout/mod.ts";
import { createReleaseKeyPair, readInstallation, switchVersion } from "../../lib/release/mod.ts";
import { call, type Called } from "../helpers/call.ts";
import { callCommand } from "../helpers/call_command.ts";
import { readCommands } from "../helpers/pages/read_block.ts";
import { installRelease, type ReleaseServer, serveReleases, sign } from "../helpers/servers/release_server.ts";
import { inTempDir } from "../helpers/temp_dir.ts";

const INSTALL_ID = "6f9619ff-8b86-4d01-b42d-00cf4fc964ff";

/** An installation of v1.0.0, and a server of releases. */
interface Place {
  readonly prefix: string;
  readonly server: ReleaseServer;
  /** Run `self-update` on the installation, with releases and key of the server. */
  readonly run: (...words: readonly string[]) => Promise<Called>;
  /** The names of what is in the folder of installed versions, and the version in use. */
  readonly state: () => Promise<unknown>;
}

function inPlace(use: (place: Place) => Promise<void>): Promise<void> {
  return inTempDir(async (folder) => {
    const prefix = join(folder, "installed 版");
    await installRelease(prefix, "v1.0.0");
    await using server = await serveReleases(join(folder, "releases"));
    server.releases = [{ version: "1.1.0", percentage: 100, salt: "1.1.0" }];
    await Deno.mkdir(join(folder, "config", "civitai-dl"), { recursive: true, mode: 0o700 });
    await Deno.writeTextFile(join(folder, "config", "civitai-dl", "install-id"), `${INSTALL_ID}\n`, { mode: 0o600 });
    await use({
      prefix,
      server,
      run: (...words) =>
        callCommand(command, [
          ...words.includes("--key") ? [] : ["--key", server.pair.key.publicKey],
          ...["--prefix", prefix, "--from", server.url, ...words],
        ], { XDG_CONFIG_HOME: join(folder, "config") }),
      async state() {
        const { versions, current, previous } = await readInstallation(prefix);
        const names = await namesIn(prefix);
        const folders = await namesIn(join(prefix, "versions"));
        const ignored = ["rollback.json", "rollback.lock", "install.lock"];
        return {
          names: names.filter((name) => !ignored.includes(name)),
          folders,
          versions: versions.map(({ name }) => name),
          current,
          previous,
        };
      },
    });
  });
}

async function namesIn(path: string): Promise<readonly string[]> {
  return (await Array.fromAsync(Deno.readDir(path))).map(({ name }) => name).toSorted();
}

async function versionInUse(prefix: string): Promise<string> {
  const { stdout } = await new Deno.Command(join(prefix, "bin", "civitai-dl"), { args: ["--version"] }).output();
  return new TextDecoder().decode(stdout).trim();
}

/** Run `self-update --check` against a loopback server with these answers. */
async function check(folder: string, answer: () => Response, words: readonly string[] = []): Promise<Called> {
  await using server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, answer);
  const url = `http://127.0.0.1:${server.addr.port}/rollout.json`;
  return await callCommand(command, ["--check", "--url", url, ...words], { XDG_CONFIG_HOME: folder });
}

function releases(version: string, percentage: number): Response {
  return Response.json({
    schema: "civitai-dl/releases",
    version: 1,
    releases: [{ version, percentage, salt: version }],
  });
}

Deno.test("self-update --check takes a version of 100 %, and of no share", () =>
  inTempDir(async (folder) => {
    const all = await check(folder, () => releases("99.0.0", 100));
    assertEquals(all.code, 0, all.err);
    assertMatch(all.out, /^Take 99\.0\.0 \(this is \d+\.\d+\.\d+.*\): 99\.0\.0 is for 100 % of the installations\n/);
    assertMatch(all.out, /\nUpdate with: git -C .* pull\n$/);
    const id = await Deno.readTextFile(join(folder, "civitai-dl", "install-id"));
    const none = JSON.parse((await check(folder, () => releases("99.0.0", 0), ["--json"])).out);
    assertEquals([none.schema, none.take, none.newest], ["civitai-dl/self-update", null, null]);
    assertEquals(await Deno.readTextFile(join(folder, "civitai-dl", "install-id")), id);
    assertMatch((await check(folder, () => releases("0.1.0", 100))).out, /^Stay with .* is the newest version\n$/);
  }));

Deno.test("self-update --check sends nothing about the installation", () =>
  inTempDir(async (folder) => {
    const seen: string[] = [];
    await using server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, (request) => {
      seen.push(`${request.method} ${new URL(request.url).pathname} ${JSON.stringify([...request.headers])}`);
      return releases("99.0.0", 50);
    });
    const url = `http://127.0.0.1:${server.addr.port}/rollout.json`;
    await callCommand(command, ["--check", "--url", url], { XDG_CONFIG_HOME: folder });
    const id = (await Deno.readTextFile(join(folder, "civitai-dl", "install-id"))).trim();
    assertEquals(seen.length, 1);
    assert(!seen[0]!.includes(id), seen[0]);
  }));

Deno.test("self-update --check ends with 6 without an answer, with 1 for nonsense, with 2 for a wrong address", () =>
  inTempDir(async (folder) => {
    assertEquals((await check(folder, () => new Response("gone", { status: 404 }))).code, 6);
    assertEquals((await check(folder, () => new Response("<html>"))).code, 1);
    assertEquals((await check(folder, () => new Response("x".repeat(2 << 20)))).code, 1);
    const env = { XDG_CONFIG_HOME: folder };
    assertEquals((await callCommand(command, ["--check", "--url", "http://127.0.0.1:9/x"], env)).code, 6);
    for (const words of [["--check", "--url", "http://example.com/x"], ["--check", "--from", "soon"]]) {
      const { code, err } = await callCommand(command, words, env);
      assertEquals(code, 2, err);
      assertStringIncludes(err, "hint: ");
    }
  }));

Deno.test("self-update installs the release for this installation, verifies it, and rollback undo goes back", () =>
  inPlace(async ({ prefix, server, run, state }) => {
    await server.publish("v1.1.0");
    const plan = await run("--dry-run");
    assertEquals(plan.code, 0, plan.err);
    assertMatch(plan.out, /^From 1\.0\.0 to v1\.1\.0, signed with key [0-9a-f]{16}; nothing is changed:\n1\. Download/);
    const [check, take, undo] = await readCommands("docs/guide/updating.md", "civitai-dl self-update --check");
    assertMatch((await run(...check!.slice(2))).out, /^Take 1\.1\.0 /);
    const { code, out, err } = await run(...take!.slice(2));
    assertEquals(code, 0, err);
    assertMatch(out, /^Updated from 1\.0\.0 to v1\.1\.0, in .*\n +signed .*\n +version .*civitai-dl 1\.1\.0\n +works /);
    assertEquals(await versionInUse(prefix), "civitai-dl 1.1.0");
    assertEquals(await state(), {
      names: ["bin", "current", "previous", "versions"],
      folders: ["1.0.0", "1.1.0"],
      versions: ["1.1.0", "1.0.0"],
      current: "1.1.0",
      previous: "1.0.0",
    });
    assertMatch((await run()).out, /^Stay with 1\.1\.0: 1\.1\.0 is the newest version\n$/);
    const rollback = await import("../../scripts/rollback.ts");
    const status = await callCommand(rollback.command, ["status", "--prefix", prefix]);
    assertMatch(status.out, /^Update from 1\.0\.0 to v1\.1\.0 .*: done\n/);
    const undone = await callCommand(rollback.command, [...undo!.slice(2), "--prefix", prefix]);
    assertEquals(undone.code, 0, undone.err);
    assertMatch(undone.out, /^The update to v1\.1\.0 is taken back/);
    assertEquals(await versionInUse(prefix), "civitai-dl 1.0.0");
    // It is still installed: nothing is downloaded again.
    server.requests.length = 0;
    assertEquals((await run()).code, 0);
    assert(!server.requests.some(({ path }) => path.endsWith(".js")));
    assertEquals(await versionInUse(prefix), "civitai-dl 1.1.0");
  }));

Deno.test("self-update installs the first version into a new folder", () =>
  inPlace(async ({ prefix, server, run, state }) => {
    await server.publish("v1.1.0");
    await Deno.remove(prefix, { recursive: true });
    const { code, out, err } = await run();
    assertEquals(code, 0, err);
    assertMatch(out, /^Installed v1\.1\.0, in .*\n[^]*\nAdd .*\/bin to PATH\n$/);
    assertEquals(await versionInUse(prefix), "civitai-dl 1.1.0");
    const { names, previous } = await state() as {
      readonly names: readonly string[];
      readonly previous: string | null;
    };
    assertEquals([names, previous], [["bin", "current", "versions"], null]);
  }));

Deno.test({
  name: "self-update gives an executable the executable for this system",
  ignore: Deno.build.os === "windows",
  fn: () =>
    inPlace(async ({ prefix, server, run }) => {
      await server.publish("v1.1.0");
      await Deno.remove(prefix, { recursive: true });
      await installRelease(prefix, "v1.0.0", { form: "executable" });
      const { code, out, err } = await run();
      assertEquals(code, 0, err);
      assertMatch(out, /works +self-test of an executable/);
      assertEquals(server.requests.filter(({ path }) => path.includes(Deno.build.target)).length, 1);
      assertEquals((await readInstallation(prefix)).versions.map(({ form }) => form), ["executable", "executable"]);
    }),
});

Deno.test("self-update obeys the share of a release; --now and --version do not", () =>
  inPlace(async ({ server, run, state }) => {
    await server.publish("v1.1.0");
    await server.publish("v1.0.3", { catalog: 2 });
    const before = await state();
    const share = (percentage: number) => server.releases = [{ version: "1.1.0", percentage, salt: "1.1.0" }];
    // The share that just leaves this installation out: a bucket is a hundredth of a percent.
    const edge = bucketOf(INSTALL_ID, "1.1.0") / 100;
    share(edge);
    const stay = await run();
    assertMatch(stay.out, /^Stay with 1\.0\.0: 1\.1\.0 is for .* not among them yet; --now takes it/);
    assertEquals(await state(), before);
    share(0);
    for (const words of [[], ["--now"]]) assertMatch((await run(...words)).out, /^Stay with 1\.0\.0/);
    assertEquals(await state(), before);
    share(edge);
    assertMatch((await run("--now")).out, /^Updated from 1\.0\.0 to v1\.1\.0/);
    share(0);
    assertMatch((await run()).err, /^warning: 1\.1\.0 was withdrawn; civitai-dl rollback/);
    server.releases = null;
    const [tried, taken] = await readCommands("docs/guide/updating.md", "civitai-dl self-update --version v1.0.3");
    assertMatch((await run(...tried!.slice(2))).out, /^From 1\.1\.0 to v1\.0\.3, signed .*; nothing is changed:\n/);
    const older = await run(...taken!.slice(2));
    assertMatch(older.out, /^Updated from 1\.1\.0 to v1\.0\.3/);
    assertMatch(older.err, /note: v1\.0\.3 reads catalogs of version 2 only/);
    assertMatch((await run("--version", "1.0.3")).out, /^Stay with 1\.0\.3: 1\.0\.3 is in use already\n/);
    share(Math.round(edge * 100 + 1) / 100);
    assertMatch((await run()).out, /^Updated from 1\.0\.3 to v1\.1\.0/);
  }));

Deno.test("self-update stops if the release is withdrawn while it is being downloaded", () =>
  inPlace(async ({ server, run, state }) => {
    await server.publish("v1.1.0");
    const before = await state();
    server.answers.set("/v1.1.0/civitai-dl.js", async () => {
      server.releases = [{ version: "1.1.0", percentage: 0, salt: "1.1.0" }];
      return new Response(await Deno.readFile(server.pathOf("v1.1.0", "civitai-dl.js")));
    });
    const { code, err } = await run();
    assertEquals(code, 4, err);
    assertMatch(err, /Cannot update to 1\.1\.0: it was withdrawn while it was being downloaded/);
    assertEquals(await state(), before);
  }));

Deno.test("self-update refuses whatever is not the signed release, with 7, and changes nothing", () =>
  inPlace(async ({ server, run, state }) => {
    const before = await state();
    const stranger = await createReleaseKeyPair("2026-01-01");
    const edit = async (name: string, change: (text: string) => string) => {
      const path = server.pathOf("v1.1.0", name);
      await Deno.writeTextFile(path, change(await Deno.readTextFile(path)));
    };
    const page = () => new Response("<!DOCTYPE html><p>Log in", { headers: { "content-type": "text/html" } });
    const cases: readonly (readonly [string, () => Promise<unknown> | unknown, RegExp])[] = [
      ["changed checksums", () => edit("SHA256SUMS", (text) => text.replace(/^./, "0")), /the signature .* is wrong/],
      [
        "changed signature",
        () => edit("SHA256SUMS.sig", (text) => text.replace(/ ../, " AA")),
        /signature .* is wrong/,
      ],
      ["no signature in the file", () => edit("SHA256SUMS.sig", () => "# not signed\n"), /it is not signed/],
      ["nonsense as a signature", () => edit("SHA256SUMS.sig", () => "x\n"), /is not a list of signatures/],
      ["no file of signatures", () => Deno.remove(server.pathOf("v1.1.0", "SHA256SUMS.sig")), /has no SHA256SUMS\.sig/],
      ["another key", () => server.publish("v1.1.0", { signer: stranger }), /does not know the key that signed it/],
      [
        "changed description",
        () => edit("release.json", (text) => text.replace("v1", "v2")),
        /SHA-256 of release\.json/,
      ],
      [
        "a page in place of the checksums",
        () => server.answers.set("/v1.1.0/SHA256SUMS", page),
        /SHA256SUMS is a web page/,
      ],
      ["a page in place of the program", () => server.answers.set("/v1.1.0/civitai-dl.js", page), /not a file/],
      [
        "changed program",
        () => edit("civitai-dl.js", (text) => text.replace("//", "/*")),
        /SHA-256 is [0-9a-f]{64}, exp/,
      ],
      ["longer program", () => edit("civitai-dl.js", (text) => `${text}\n`), /bytes|larger|more/],
      ["shorter program", () => edit("civitai-dl.js", (text) => text.slice(0, -5)), /SHA-256 is|bytes/],
    ];
    for (const [title, damage, says] of cases) {
      await server.publish("v1.1.0");
      server.answers.clear();
      await damage();
      const { code, out, err } = await run();
      assertEquals(code, 7, `${title}: ${out}${err}`);
      assertMatch(err, says, title);
      assertMatch(err, /^error: Cannot trust .*v1\.1\.0.*\nhint: /m, title);
      assertEquals(await state(), before, title);
    }
  }));

Deno.test("self-update does not take an older release that is served as a newer one", () =>
  inPlace(async ({ server, run, state }) => {
    const before = await state();
    await server.publish("v0.9.0");
    await Deno.mkdir(server.pathOf("v1.1.0", ""), { recursive: true });
    for (const name of ["SHA256SUMS", "SHA256SUMS.sig", "release.json", "civitai-dl.js"]) {
      await Deno.copyFile(server.pathOf("v0.9.0", name), server.pathOf("v1.1.0", name));
    }
    const { code, err } = await run();
    assertEquals(code, 7, err);
    assertMatch(err, /Cannot trust v1\.1\.0: the files at its address are those of v0\.9\.0/);
    assertEquals(await state(), before);
  }));

Deno.test("self-update accepts a release that the old and the new key have signed, with either", () =>
  inPlace(async ({ server, run }) => {
    const next = await createReleaseKeyPair("2026-06-01");
    await server.publish("v1.1.0");
    const folder = server.pathOf("v1.1.0", "");
    const own = await Deno.readTextFile(join(folder, "SHA256SUMS.sig"));
    await sign(folder, next);
    const both = own + await Deno.readTextFile(join(folder, "SHA256SUMS.sig"));
    await Deno.writeTextFile(join(folder, "SHA256SUMS.sig"), both);
    for (const { key } of [server.pair, next]) {
      const { code, out, err } = await run("--dry-run", "--key", key.publicKey);
      assertEquals(code, 0, err);
      assertStringIncludes(out, `signed with key ${key.id}`);
    }
  }));

Deno.test("self-update keeps the version in use if the new one does not work or is another, and leaves nothing", () =>
  inPlace(async ({ prefix, server, run, state }) => {
    const before = await state();
    for (
      const [program, says] of [
        [{ selfTest: 1 }, /Cannot verify that it works: its self-test ended with 1/],
        [{ says: "9.9.9" }, /Cannot verify version 1\.1\.0: it says "civitai-dl 9\.9\.9"/],
      ] as const
    ) {
      await server.publish("v1.1.0", program);
      const { code, err } = await run();
      assertEquals(code, 1, err);
      assertMatch(err, says);
      assertEquals(await state(), before);
      assertEquals(await versionInUse(prefix), "civitai-dl 1.0.0");
    }
  }));

Deno.test("self-update names a release that does not exist, one without a network, and a host that is not allowed", () =>
  inPlace(async ({ server, run, state }) => {
    const before = await state();
    const missing = await run("--version", "v8.0.0");
    assertEquals(missing.code, 1, missing.err);
    assertMatch(missing.err, /Cannot find release v8\.0\.0 at 127\.0\.0\.1:\d+: there is none/);
    assertEquals((await run("--version", "latest")).code, 2);
    assertEquals((await run("--key", "AAAA")).code, 2);
    assertEquals((await run("--now", "--version", "v1.1.0")).code, 2);
    server.answers.set("/v1.1.0/SHA256SUMS", () => Response.redirect("https://elsewhere.example/x"));
    const redirected = await run();
    assertEquals(redirected.code, 4, redirected.err);
    assertMatch(redirected.err, /points to "elsewhere\.example".*\nhint: If you trust it, pass --redirect-host/);
    server.answers.set("/v1.1.0/SHA256SUMS", () => new Response("", { status: 503 }));
    const broken = await run();
    assertEquals(broken.code, 6, broken.err);
    assertMatch(broken.err, /SHA256SUMS of v1\.1\.0 from .*: it answered 503/);
    const dead = await run("--url", "http://127.0.0.1:9/rollout.json");
    assertEquals(dead.code, 6, dead.err);
    assertEquals(await state(), before);
  }));

Deno.test("self-update takes key, prefix and version from the command line only: a folder may have a hostile file", () =>
  inTempDir(async (folder) => {
    const { key } = await createReleaseKeyPair("2026-01-01");
    const settings = { key: key.publicKey, prefix: join(folder, "x"), version: "v0.1.0" };
    for (const [name, value] of Object.entries(settings)) {
      const path = join(folder, "civitai-dl.yml");
      await Deno.writeTextFile(path, JSON.stringify({ "self-update": { [name]: value } }));
      const { code, err } = await call(["self-update", "--config", path]);
      assertEquals(code, 2, err);
      assertStringIncludes(err, `"${name}" is no setting`);
    }
  }));

Deno.test("self-update replaces an installed version whose program was damaged", () =>
  inPlace(async ({ prefix, server, run }) => {
    await server.publish("v1.1.0");
    assertEquals((await run()).code, 0);
    assertEquals((await run("--version", "v1.1.0")).out, "Stay with 1.1.0: 1.1.0 is in use already\n");
    await switchVersion(prefix, "1.0.0");
    await Deno.writeTextFile(join(prefix, "versions", "1.1.0", "civitai-dl.js"), "damaged");
    const { code, err } = await run();
    assertEquals(code, 0, err);
    assertEquals(await versionInUse(prefix), "civitai-dl 1.1.0");
  }));

Deno.test("self-update says how else to update: a checkout by git, and without a key of the maintainers", () =>
  inTempDir(async (folder) => {
    const checkout = await callCommand(command, []);
    assertEquals(checkout.code, 2, checkout.err);
    assertMatch(checkout.err, /Cannot update: this program is a checkout .*\nhint: Update it with: git -C .* pull\n$/);
    const keyless = await callCommand(command, ["--prefix", join(folder, "empty")]);
    assertEquals(keyless.code, 4, keyless.err);
    assertMatch(keyless.err, /has no key of its maintainers to verify a download\nhint: .*git pull.*docs/);
  }));
