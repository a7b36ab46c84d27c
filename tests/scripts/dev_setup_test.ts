import { assert, assertEquals, assertMatch, assertRejects, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { inProductRepository, type ProductRepository } from "../helpers/repository/product_repository.ts";
import { inRepository } from "../helpers/repository/fixture_repository.ts";
import { explainMissingDeno, readHooks, setHooks, unsetHooks } from "../../scripts/_setup/git_hooks.ts";
import { findTool, isAtLeast, TOOLS } from "../../scripts/_setup/tool_versions.ts";
import { createDevConfig, readTemplate } from "../../scripts/_setup/dev_config.ts";
import { KitError } from "../../lib/base/mod.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

async function run(program: string, args: readonly string[], cwd: string) {
  const env = { NO_COLOR: "1", PATH: `${join(Deno.execPath(), "..")}:${Deno.env.get("PATH")}` };
  const { code, stdout, stderr } = await new Deno.Command(program, { args: [...args], cwd, env, stdin: "null" })
    .output();
  const text = new TextDecoder();
  return { code, out: text.decode(stdout), err: text.decode(stderr) };
}

/** Run `dev-setup` of a copy of this project. */
function devSetup({ root }: Pick<ProductRepository, "root">, ...args: readonly string[]) {
  return run(Deno.execPath(), ["run", "-q", "--no-prompt", "-P=gate", "scripts/dev_setup.ts", ...args], root);
}

/** Copy the parts of the checkout that a product repository leaves out, and commit. */
async function addHooks({ root, git }: ProductRepository): Promise<void> {
  await run("cp", ["-r", join(ROOT, ".githooks"), join(ROOT, ".gitignore"), root], root);
  await git("add", "-A");
  await git("commit", "-q", "-m", "start");
}

Deno.test("dev-setup, .ci/run and the workflows agree on programs and on the version of Deno", async () => {
  const [script, workflow] = await Promise.all(
    [".ci/run", ".github/workflows/ci.yml"].map((path) => Deno.readTextFile(join(ROOT, path))),
  );
  const checks = script!.matchAll(
    /^(?:command -v |\[ -x \/usr\/bin\/)(\S+)(?: >\/dev\/null| \]) \|\| missing\+=\((.*)\)$/gm,
  );
  const installed = [...checks].map(([, program, packages]) => ({ program: program!, packages: packages!.split(" ") }));
  assertEquals(installed.length, script!.match(/missing\+=/g)!.length);
  assertEquals(
    TOOLS.filter(({ needs }) => needs === null).map(({ name }) => name).toSorted(),
    installed.map(({ program }) => program).toSorted(),
  );
  // Ubuntu of GitHub has these, and a browser of its own.
  const onRunner = ["curl", "openssl", "chromium", "fonts-liberation", "python3", "systemd", "bash"];
  const words = /apt-get install .*nginx-light.*strace.*/.exec(workflow!)![0].split(" ");
  const wanted = installed.flatMap(({ packages }) => packages).filter((name) => !onRunner.includes(name));
  assertEquals(wanted.filter((name) => !words.includes(name)), []);
  const [lowest] = /deno: \[v(\S+), v2\.x\]/.exec(workflow!)!.slice(1);
  assertEquals(TOOLS.find(({ name }) => name === "deno")!.needs, lowest);
  assertStringIncludes(script!, `deno@${lowest}`);
});

Deno.test("dev-setup creates the settings once, turns the hook on and off, and the hook refuses a bad commit", () =>
  inProductRepository(async (product) => {
    const { root, git } = product;
    await addHooks(product);
    const config = join(root, "config/dev.config");

    const dry = await devSetup(product, "--dry-run");
    assertStringIncludes(dry.out, "config/dev.config would be created");
    await assertRejects(() => Deno.stat(config), Deno.errors.NotFound);

    const first = await devSetup(product);
    assertEquals(first.code, 0, first.err);
    assertMatch(first.out, /^deno +\d+\.\d+/m);
    assertStringIncludes(first.out, "config/dev.config is created, without an API key");
    assertStringIncludes(first.out, "The git hooks stay off; --hooks turns them on");
    assertStringIncludes(await Deno.readTextFile(config), "sandbox: true");
    if (Deno.build.os !== "windows") assertEquals((await Deno.stat(config)).mode! & 0o777, 0o600);
    assertEquals(await git("status", "--short"), "", "git ignores the settings");

    await Deno.writeTextFile(config, "mine: true\n");
    const second = await devSetup(product, "--hooks", "--json");
    const result = JSON.parse(second.out);
    assertEquals([result.schema, result.config], ["civitai-dl/dev-setup", "config/dev.config is kept"]);
    assertEquals(await Deno.readTextFile(config), "mine: true\n");
    assertEquals((await git("config", "core.hooksPath")).trim(), ".githooks");

    await Deno.writeTextFile(join(root, "lib/base/bad.ts"), 'export const bad: number = "x";\n');
    await git("add", "-A");
    const author = ["-c", "user.name=T", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false"];
    const refused = await run("git", [...author, "commit", "-m", "bad"], root);
    assertEquals(refused.code, 1);
    assertStringIncludes(refused.out + refused.err, "types: fail");
    await Deno.writeTextFile(join(root, "lib/base/bad.ts"), "export const bad: number = 1;\n");
    const all = await run("git", [...author, "commit", "-q", "-a", "-m", "good"], root);
    assertEquals(all.code, 0, all.out + all.err);
    assertEquals((await git("log", "-1", "--format=%s")).trim(), "good");

    assertStringIncludes((await devSetup(product, "--undo")).out, "The git hooks are turned off");
    assertEquals((await run("git", ["config", "core.hooksPath"], root)).code, 1);
    assertStringIncludes((await devSetup(product, "--undo")).out, "The git hooks of this project are not on");
  }));

Deno.test("dev-setup leaves other hooks alone, and says what is missing", () =>
  inProductRepository(async (product) => {
    const { root, git } = product;
    await git("config", "core.hooksPath", "elsewhere");
    const kept = await devSetup(product);
    assertEquals(kept.code, 0, kept.err);
    assertStringIncludes(kept.out, 'The git hooks stay off: core.hooksPath of git is "elsewhere" (local)');
    const refused = await devSetup(product, "--yes");
    assertEquals(refused.code, 4);
    assertStringIncludes(refused.err, 'Cannot turn the git hooks on: core.hooksPath of git is "elsewhere" (local)');

    await Deno.remove(join(root, "config/dev.config"));
    await Deno.remove(join(root, "config/dev.config.template"));
    const missing = await devSetup(product);
    assertEquals(missing.code, 2);
    assertStringIncludes(missing.err, 'Cannot read "config/dev.config.template": no such file');

    await Deno.writeTextFile(join(root, "config/dev.config.template"), "sandbox: true\n");
    await Deno.remove(join(root, ".git"), { recursive: true });
    const bare = await devSetup(product);
    assertEquals(bare.code, 0, bare.err);
    assertStringIncludes(bare.out, "No git hooks: this is not a git repository");
    assertEquals((await devSetup(product, "--hooks")).code, 2);
  }));

Deno.test("readHooks() tells its own hooks from others", () =>
  inRepository(async ({ root, git }) => {
    const common = join(root, ".git");
    assertEquals(await readHooks(root, common), { type: "none" });
    await setHooks(root);
    assertEquals(await readHooks(root, common), { type: "ours" });
    await unsetHooks(root);
    await assertRejects(() => unsetHooks(root), KitError, "Cannot change the settings of git");
    await Deno.mkdir(join(common, "hooks"), { recursive: true });
    await Deno.writeTextFile(join(common, "hooks/pre-push"), "#!/bin/sh\n");
    assertEquals(await readHooks(root, common), { type: "own hooks", names: ["pre-push"] });
    await git("config", "core.hooksPath", "my hooks");
    assertEquals(await readHooks(root, common), { type: "elsewhere", path: "my hooks", scope: "local" });
  }));

Deno.test("explainMissingDeno() warns of a hook that cannot run, because npx has started Deno", () => {
  assertEquals(explainMissingDeno(["deno"]), null);
  assertStringIncludes(explainMissingDeno(["npx", "-y", "deno@2.9.6"])!, "npm install -g deno");
});

Deno.test("createDevConfig() adds a key for the owner only, and never overwrites", () =>
  inRepository(async ({ root, write }) => {
    await assertRejects(() => readTemplate(root), KitError, "no such file");
    await assertRejects(() => createDevConfig(root, "a: 1\n", ""), KitError, 'Cannot create "config/dev.config"');
    await write("config/dev.config.template", "sandbox: true\n");
    await createDevConfig(root, await readTemplate(root), 'a"key');
    assertEquals(await Deno.readTextFile(join(root, "config/dev.config")), 'sandbox: true\ntoken: "a\\"key"\n');
    const error = await assertRejects(() => createDevConfig(root, "other", ""), KitError);
    assertEquals(error.code, "unsafe");
  }));

Deno.test("findTool() compares versions", async () => {
  const looked = (name: string, needs: string | null) => findTool({ name, args: ["--version"], needs, purpose: "x" });
  assertEquals((await looked("git", "1.0")).isEnough, true);
  assertEquals((await looked("git", "999.0")).isEnough, false);
  assertEquals((await looked("no-such-program-here", null)).version, null);
  assert(isAtLeast("2.10.0", "2.9.9") && isAtLeast("2.39", "2.39.0") && !isAtLeast("2.8.9", "2.9"));
});
