import { assertEquals, assertStringIncludes } from "@std/assert";
import { exists, walk } from "@std/fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { runDeno } from "../../checks/mod.ts";
import { setLinks } from "../../scripts/std.ts";
import { denoWords } from "../../scripts/_frame/program_form.ts";
import { readBlock } from "../helpers/pages/read_block.ts";
import { runPageScript } from "../helpers/pages/run_page_script.ts";
import { startJsrRegistry } from "../helpers/servers/jsr_registry.ts";
import { inTempDir } from "../helpers/temp_dir.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
/** The text of deno.json with the local packages of @std, whatever is linked while this test runs. */
const CONFIG = setLinks(Deno.readTextFileSync(join(ROOT, "deno.json")), "local");
const config = JSON.parse(CONFIG);
const links: readonly string[] = config.links.map((link: string) => join(ROOT, link));
const PACKAGE = `${config.name}@${config.version}`;
const PLAIN = { NO_COLOR: "1", PATH: Deno.env.get("PATH")! };
/** One file for each package of @std that the program imports. */
const USE_STD = ["lib/cli/command/_bind_arguments.ts", "lib/journal/read_log.ts", "lib/library/set_aside_corrupt.ts"];
/** What a package has besides its modules. */
const PAPERS = ["/CHANGELOG.md", "/LICENSE", "/README.md", "/deno.json"];

/**
 * What `deno publish` warns of: imports whose names it does not know, so that it cannot make them names of the package.
 * None of them is in the package.
 */
const HARMLESS = [
  // A browser imports the words of its language from the server.
  "unanalyzable-dynamic-import lib/app/page/bundle/main.js",
  // The workload that the user names.
  "unanalyzable-dynamic-import scripts/memory_test.ts",
];

Deno.test("a registry takes the package, which has what its exports reach, and a program imports every export", () =>
  inTempDir(async (folder) => {
    await using registry = await startJsrRegistry(links);
    const env = { JSR_URL: registry.url, DENO_DIR: await cacheWithPackages(folder) };
    const deno = (cwd: string, ...args: readonly string[]) => run(join(folder, cwd), args, env);

    // The package uses the real @std, as the page sets it up.
    const checkout = join(folder, "checkout");
    await copyPackage(checkout);
    const publishing = await readBlock("docs/packaging.md", "deno task std jsr", [{
      from: "deno publish --dry-run --allow-dirty",
      to: "deno publish --token=any --allow-dirty --no-check --no-provenance",
      because: "this registry shall have the package",
    }]);
    const { stderr } = await runPageScript(publishing, { cwd: checkout, env });
    assertEquals(registry.published, [PACKAGE]);
    assertEquals(warningsIn(stderr), HARMLESS);
    assertEquals(await Deno.readTextFile(join(checkout, "deno.json")), CONFIG);

    await Deno.mkdir(join(folder, "program"));
    const names = Object.keys(config.exports).filter((name) => name !== "./cli");
    const imports = names.map((name, index) => `import * as m${index} from "jsr:${PACKAGE}${name.slice(1)}";`);
    const counts = names.map((name, index) => `${JSON.stringify(name)}: Object.keys(m${index}).length > 0`);
    const program = `${imports.join("\n")}\nconsole.log(JSON.stringify({ ${counts.join(", ")} }));\n`;
    await Deno.writeTextFile(join(folder, "program", "main.ts"), program);
    const said = await deno(
      "program",
      "run",
      "-q",
      "--no-config",
      "--no-lock",
      "--no-prompt",
      "--allow-env",
      "main.ts",
    );
    assertEquals(JSON.parse(said), Object.fromEntries(names.map((name) => [name, true])));

    const cli = `jsr:${PACKAGE}/cli`;
    assertStringIncludes(await deno("program", "run", "-q", "--no-lock", "-ERW", cli, "--version"), config.version);

    const reader = join(folder, "reader");
    await Deno.mkdir(reader);
    const { stdout } = await runPageScript(await readBlock("docs/packaging.md", "deno run -ERWSN jsr:"), {
      cwd: reader,
      env,
    });
    assertStringIncludes(stdout, "Usage: ");
    const added = JSON.parse(await Deno.readTextFile(join(reader, "deno.json")));
    assertEquals(added.imports, { [config.name]: `jsr:${config.name}@^${config.version}` });

    // Help names the commands as they are started here.
    const help = await deno("program", "run", "-q", "--no-lock", "-ERW", cli, "list", "--help");
    assertStringIncludes(help, `Usage: ${denoWords().join(" ")} run -ERWSN ${cli} list`);

    const reached = [];
    const { modules } = JSON.parse(await deno("program", "info", "--json", "--no-config", "--no-lock", cli));
    const library = JSON.parse(await deno("program", "info", "--json", "--no-config", "--no-lock", "main.ts"));
    for (const { specifier } of [...modules, ...library.modules]) {
      const [, path] = specifier.split(`${config.name}/${config.version}`);
      if (path !== undefined) reached.push(path);
    }
    assertEquals(registry.filesOf(config.name), [...new Set([...reached, ...PAPERS])].toSorted());
  }));

Deno.test("tasks run with @std from JSR and with the local one again, and the way there and back leaves no change", () =>
  inTempDir(async (folder) => {
    await using registry = await startJsrRegistry(links);
    const env = { JSR_URL: registry.url, DENO_DIR: await cacheWithPackages(folder) };
    const checkout = join(folder, "checkout");
    await copyPackage(checkout);
    await Deno.copyFile(join(ROOT, ".gitignore"), join(checkout, ".gitignore"));
    const git = async (...args: readonly string[]) => {
      const { success, stdout } = await new Deno.Command("git", { args: [...args], cwd: checkout }).output();
      assertEquals(success, true, args.join(" "));
      return new TextDecoder().decode(stdout);
    };
    await git("init", "-q");
    await git("add", "-A");
    await git("-c", "user.name=T", "-c", "user.email=t@example.org", "commit", "-q", "-m", "all");
    const task = (...words: readonly string[]) => start(checkout, ["task", "-q", ...words], env);
    const { signal } = new AbortController();
    for (const which of ["jsr", "jsr", "local", "jsr", "local"]) {
      await task("std", which);
      assertStringIncludes((await task("doctor", "--help")).stdout, "Usage: ");
      // As the gate does it, but only a file for each package of @std that the program uses.
      const args = ["check", "-q", ...USE_STD];
      const checked = await runDeno(args, { folder: checkout, signal, loadsModules: true, env: { ...PLAIN, ...env } });
      assertEquals([checked.code, checked.err], [0, ""]);
      assertEquals(await git("status", "--porcelain"), which === "local" ? "" : " M deno.json\n");
    }
    assertEquals(await git("status", "--porcelain", "--ignored"), "");
  }));

/** A cache of its own, which shares the npm packages that are there already, so that only the registry is asked. */
async function cacheWithPackages(folder: string): Promise<string> {
  const { npmCache } = JSON.parse(await run(folder, ["info", "--json"], {}));
  const own = join(folder, "cache");
  await Deno.mkdir(own);
  if (await exists(npmCache)) await Deno.symlink(npmCache, join(own, "npm"), { type: "dir" });
  return own;
}

async function copyPackage(to: string): Promise<void> {
  await Deno.mkdir(to);
  await Deno.writeTextFile(join(to, "deno.json"), CONFIG);
  for (const name of ["mod.ts", "cli.ts", "LICENSE", "README.md", "CHANGELOG.md", "deno.lock"]) {
    await Deno.copyFile(join(ROOT, name), join(to, name));
  }
  for (const name of ["lib", "scripts", "checks", "benchmarks", "config", "docs", "std"]) {
    for await (const { path } of walk(join(ROOT, name), { includeDirs: false })) {
      const target = join(to, path.slice(ROOT.length));
      await Deno.mkdir(dirname(target), { recursive: true });
      await Deno.copyFile(path, target);
    }
  }
}

async function run(cwd: string, args: readonly string[], env: Readonly<Record<string, string>>): Promise<string> {
  return (await start(cwd, args, env)).stdout;
}

async function start(cwd: string, args: readonly string[], env: Readonly<Record<string, string>>) {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [...args],
    cwd,
    env: { NO_COLOR: "1", DENO_NO_UPDATE_CHECK: "1", ...env },
    stdin: "null",
  }).output();
  const text = new TextDecoder();
  if (!success) throw new Error(`deno ${args[0]} failed: ${errorsIn(text.decode(stderr))}`);
  return { stdout: text.decode(stdout), stderr: text.decode(stderr) };
}

/** The warnings of `deno publish`: what each is about, and its file in the checkout. */
function warningsIn(said: string): readonly string[] {
  const warnings = said.matchAll(/^warning\[([\w-]+)\].*\n\s*--> .*?\/checkout\/(.*?):\d+:\d+$/gm);
  return Array.from(warnings, ([, about, file]) => `${about} ${file}`).toSorted();
}

/** The errors among the warnings of `deno publish`. */
function errorsIn(said: string): string {
  return said.split(/\n(?=(?:error|warning)\b)/).filter((part) => part.startsWith("error")).join("\n");
}
