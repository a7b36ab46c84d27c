import { assertEquals } from "@std/assert";
import { installationOf, type ProgramPlace, wayElsewhere } from "../../scripts/_update/update_way.ts";

function place(form: ProgramPlace["form"], path: string, runtime = "/usr/bin/deno"): ProgramPlace {
  return { form, path, runtime };
}

Deno.test("installationOf() finds the folder of installed versions by the path of a program", () => {
  const cases: readonly (readonly [ProgramPlace, string | null])[] = [
    [
      place("bundle", "/home/a/.local/share/civitai-dl/versions/1.0.0/civitai-dl.js"),
      "/home/a/.local/share/civitai-dl",
    ],
    [place("executable", "/opt/x/versions/1.0.0/civitai-dl"), "/opt/x"],
    [place("executable", "C:\\a\\versions\\1.0.0\\civitai-dl.exe"), "C:/a"],
    [place("executable", "/usr/local/bin/civitai-dl"), null],
    [place("checkout", "/opt/x/versions/1.0.0/civitai-dl"), null],
  ];
  for (const [given, folder] of cases) assertEquals(installationOf(given), folder, given.path);
});

Deno.test("wayElsewhere() names the command of each other form", () => {
  const cases: readonly (readonly [ProgramPlace, string, string])[] = [
    [place("checkout", "/home/a/civitai dl"), "a checkout (/home/a/civitai dl)", "git -C '/home/a/civitai dl' pull"],
    [
      place("url", "https://jsr.io/@civitai-dl/civitai-dl/1.0.0/cli.ts"),
      "from JSR",
      "deno run --reload -ERWSN jsr:@civitai-dl/civitai-dl/cli",
    ],
    [place("url", "https://example.com/cli.ts"), "from a URL", "deno run --reload https://example.com/…"],
    [
      place("bundle", "/usr/lib/node_modules/civitai-dl/civitai-dl.js"),
      "from npm",
      "npm install -g civitai-dl@latest",
    ],
    [
      place("bundle", "/home/a/.npm/_npx/1/node_modules/civitai-dl/civitai-dl.js"),
      "from npx",
      "npx civitai-dl@latest",
    ],
    [
      place("bundle", "/usr/lib/civitai-dl/civitai-dl.js", "/usr/lib/civitai-dl/deno"),
      "a Debian package",
      "sudo apt install ./civitai-dl_*.deb",
    ],
    [
      place("executable", "/opt/homebrew/Cellar/civitai-dl/1.0.0/bin/civitai-dl"),
      "from Homebrew",
      "brew upgrade civitai-dl",
    ],
    [
      place("executable", "C:\\Users\\a\\scoop\\apps\\civitai-dl\\1.0.0\\civitai-dl.exe"),
      "from Scoop",
      "scoop update civitai-dl",
    ],
    [
      place("bundle", "/usr/lib/civitai-dl/civitai-dl.js"),
      "in a container image",
      "docker pull ghcr.io/civitai-dl/civitai-dl",
    ],
    [
      place("executable", "/home/a/Downloads/civitai-dl"),
      "an executable outside of a folder of installed versions",
      "civitai-dl self-update --prefix ~/.local/share/civitai-dl",
    ],
  ];
  for (const [given, what, command] of cases) {
    assertEquals(wayElsewhere(given), { type: "elsewhere", what, command }, given.path);
  }
});
