import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { VERSION } from "../../lib/base/mod.ts";
import { hasProgram } from "../helpers/has_program.ts";
import { readCommands } from "../helpers/pages/read_block.ts";
import { inTempDir } from "../helpers/temp_dir.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

Deno.test({
  name:
    "the Debian package has the program, its papers and units, and its launcher runs with the permissions of a command",
  ignore: Deno.build.os !== "linux" || !await hasProgram("dpkg-deb", "--version"),
  fn: () =>
    inTempDir(async (folder) => {
      const place = {
        from: "deno task deb",
        to: `deno task -q deb --json --folder '${folder}'`,
        because: "dist/ may have another one, and the test reads the result",
      };
      const [words] = await readCommands("docs/packaging.md", "deno task deb", [place]);
      const PATH = `${await quickDpkg(join(folder, "bin"))}:${Deno.env.get("PATH")}`;
      const made = await run([Deno.execPath(), ...words!.slice(1)], { PATH });
      assertEquals(made.code, 0, made.stderr);
      const { file } = JSON.parse(made.stdout);
      const field = async (name: string) => (await run(["dpkg-deb", "-f", file, name])).stdout.trim();
      assertEquals([await field("Package"), await field("Version")], ["civitai-dl", `${VERSION}-1`]);
      const { stdout } = await run(["dpkg-deb", "--contents", file]);
      const files = stdout.split("\n").filter((line) => line.startsWith("-"));
      // Mode, owner and place of each file.
      const listed = files.map((line) => line.replace(/^(\S+) (\S+) .* \.\//, "$1 $2 ")).toSorted();
      assertEquals(listed, FILES.map((line) => line.replace(" ", " root/root ")).toSorted());

      const tree = join(folder, "tree");
      await run(["dpkg-deb", "-x", file, tree]);
      // It is not installed, so the places of the launcher begin elsewhere.
      const launcher = join(tree, "usr/bin/civitai-dl");
      const text = await Deno.readTextFile(launcher);
      await Deno.writeTextFile(launcher, text.replaceAll("/usr/lib/civitai-dl", join(tree, "usr/lib/civitai-dl")));
      const version = await run([launcher, "--version"]);
      assertEquals([version.stdout, version.code], [`civitai-dl ${VERSION}\n`, 0], version.stderr);
      assertEquals((await run([launcher, "self-test"])).code, 0);
      assertEquals((await run([launcher, "--user", "a b", "--no-such flag"])).code, 2);
      // Messages name the program as it is typed, not the Deno that runs it.
      const unknown = await run([launcher, "doctor", "xyzzy"]);
      assertStringIncludes(unknown.stderr, "hint: civitai-dl doctor checks everything");
      const [, cases] = /case "\$\{1-\}" in\n([^]*)esac/.exec(text)!;
      assertMatch(cases!, /^ {2}download \| .*\n {4}set -- .*--allow-net=civitai\.com,/m);
    }),
});

/** Write a `dpkg-deb` that does not compress: the runtime in the package is 100 MB. Returns its folder. */
async function quickDpkg(folder: string): Promise<string> {
  const real = (await run(["sh", "-c", "command -v dpkg-deb"])).stdout.trim();
  await Deno.mkdir(folder);
  const script = `#!/bin/sh
for word do
  shift
  case $word in -Zgzip) set -- "$@" -Znone ;; -z6) ;; *) set -- "$@" "$word" ;; esac
done
exec '${real}' "$@"
`;
  await Deno.writeTextFile(join(folder, "dpkg-deb"), script, { mode: 0o755 });
  return folder;
}

const FILES = [
  "-rw-r--r-- etc/civitai-dl/alerts.yml",
  "-rw-r--r-- etc/civitai-dl/civitai-dl.yml",
  "-rw------- etc/civitai-dl/environment",
  "-rw-r--r-- etc/civitai-dl/users.txt",
  "-rw------- etc/civitai-dl/verify.environment",
  "-rwxr-xr-x usr/bin/civitai-dl",
  "-rw-r--r-- usr/lib/civitai-dl/civitai-dl.js",
  "-rwxr-xr-x usr/lib/civitai-dl/deno",
  "-rw-r--r-- usr/lib/systemd/system/civitai-dl-failed@.service",
  "-rw-r--r-- usr/lib/systemd/system/civitai-dl-monitor.service",
  "-rw-r--r-- usr/lib/systemd/system/civitai-dl-update.service",
  "-rw-r--r-- usr/lib/systemd/system/civitai-dl-update.timer",
  "-rw-r--r-- usr/lib/systemd/system/civitai-dl-verify.service",
  "-rw-r--r-- usr/lib/systemd/system/civitai-dl-verify.timer",
  "-rw-r--r-- usr/share/bash-completion/completions/civitai-dl",
  "-rw-r--r-- usr/share/doc/civitai-dl/changelog.Debian.gz",
  "-rw-r--r-- usr/share/doc/civitai-dl/changelog.gz",
  "-rw-r--r-- usr/share/doc/civitai-dl/copyright",
  "-rw-r--r-- usr/share/fish/vendor_completions.d/civitai-dl.fish",
  "-rw-r--r-- usr/share/lintian/overrides/civitai-dl",
  "-rw-r--r-- usr/share/man/man1/civitai-dl.1.gz",
  "-rw-r--r-- usr/share/zsh/vendor-completions/_civitai-dl",
];

async function run([program, ...args]: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const { code, stdout, stderr } = await new Deno.Command(program!, {
    args,
    cwd: ROOT,
    env: { NO_COLOR: "1", ...env },
    stdin: "null",
  }).output();
  const text = new TextDecoder();
  return { code, stdout: text.decode(stdout), stderr: text.decode(stderr) };
}
