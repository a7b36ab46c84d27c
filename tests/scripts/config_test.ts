import { loadProgram } from "../../lib/cli/mod.ts";
import { assert, assertEquals, assertRejects, assertStringIncludes, assertThrows } from "@std/assert";
import { join } from "node:path";
import { program as lazyProgram } from "../../cli.ts";
import { KitError } from "../../lib/base/mod.ts";
import { type ConfigFile, configFor, readConfigFile } from "../../scripts/_frame/settings/config_file.ts";
import { inTempDir } from "../helpers/temp_dir.ts";

const program = await loadProgram(lazyProgram);

const commands = program.commands;
const list = commands.find((command) => command.name === "list")!;

async function parsed(text: string): Promise<ConfigFile> {
  let file: ConfigFile | null = null;
  await inTempDir(async (folder) => {
    const path = join(folder, "c.yml");
    await Deno.writeTextFile(path, text);
    file = await readConfigFile(path, () => undefined);
  });
  return file!;
}

Deno.test("readConfigFile() finds the file in the configuration folder", () =>
  inTempDir(async (folder) => {
    const place = join(folder, ".config", "civitai-dl");
    await Deno.mkdir(place, { recursive: true });
    await Deno.writeTextFile(join(place, "civitai-dl.yml"), "layout: a1111\n");
    const byHome = await readConfigFile(undefined, (name) => name === "HOME" ? folder : undefined);
    assertEquals(byHome?.values, { layout: "a1111" });
    const env = (name: string): string | undefined => name === "XDG_CONFIG_HOME" ? join(folder, ".config") : undefined;
    assertEquals((await readConfigFile(undefined, env))?.path, join(place, "civitai-dl.yml"));
    assertEquals(await readConfigFile(undefined, (name) => name === "HOME" ? join(folder, "none") : undefined), null);
    assertEquals(await readConfigFile(undefined, () => undefined), null);
  }));

Deno.test("readConfigFile() fails for a named file that is missing or unreadable", () =>
  inTempDir(async (folder) => {
    for (const path of [join(folder, "none.yml"), folder]) {
      const error = await assertRejects(() => readConfigFile(path, () => undefined), KitError, path);
      assertEquals([error.code, error.hint], ["usage", "Check --config"]);
    }
  }));

Deno.test("configFor() prefers the section of a command to shared settings, in any order", async () => {
  for (const text of ["wait: 5\nlist:\n  wait: 7\n", "list:\n  wait: 7\nwait: 5\n"]) {
    assertEquals(configFor(await parsed(text), list).values, { wait: 7 });
  }
});

Deno.test("configFor() ignores the sections of other commands", async () => {
  const config = configFor(await parsed("engine: stable\nsearch:\n  limit: 3\noutput: x\n"), list);
  assertEquals([config.values, config.lines], [{ output: "x" }, { output: 4 }]);
});

Deno.test("configFor() takes a name that is a flag and a command for both", async () => {
  const download = commands.find((command) => command.name === "download")!;
  assertEquals(configFor(await parsed("sandbox: true\n"), download).values, { sandbox: true });
  assertEquals(configFor(await parsed("sandbox:\n  seed: 7\n"), download).values, {});
  const sandbox = commands.find((command) => command.name === "sandbox")!;
  assertEquals(configFor(await parsed("sandbox:\n  seed: 7\n"), sandbox).values, { seed: 7 });
});

Deno.test("configFor() gives a key at the top to each command that has such a flag under any name", async () => {
  const named = (name: string) => commands.find((command) => command.name === name)!;
  const file = await parsed("output: x\nengine: stable\n");
  assertEquals(configFor(file, named("download")).values, { output: "x", engine: "stable" });
  assertEquals(configFor(file, named("collect-metrics")).values, { library: "x" });
  for (const name of ["search", "demo", "sandbox"]) {
    assertEquals(configFor(file, named(name)).values, {}, name);
  }
  const own = await parsed("collect-metrics:\n  library: y\n  output: report.json\noutput: x\n");
  assertEquals(configFor(own, named("collect-metrics")).values, { library: "y", output: "report.json" });
});

for (const name of ["config/dev.config.template", "config/civitai-dl.example.yml"]) {
  Deno.test(`configFor() accepts ${name} for every command`, async () => {
    const text = await Deno.readTextFile(new URL(`../../${name}`, import.meta.url));
    // In the example, each setting is a comment.
    const file = await parsed(text.replaceAll(/^#(?= *[a-z-]+: )|^#(?=[a-z-]+:$)/gm, ""));
    for (const command of commands) configFor(file, command);
  });
}

for (const page of ["guide/configuration.md", "guide/nas.md", "troubleshooting.md"]) {
  Deno.test(`configFor() accepts the files that docs/${page} shows in both languages, for every command`, async () => {
    for (const folder of ["docs", "docs/ja"]) {
      const text = await Deno.readTextFile(new URL(`../../${folder}/${page}`, import.meta.url));
      const blocks = [...text.matchAll(/^```yaml\n([^]*?)^```$/gm)].map(([, block]) => block!);
      assert(blocks.length > 0);
      for (const block of blocks) {
        const file = await parsed(block);
        for (const command of commands) configFor(file, command);
      }
    }
  });
}

Deno.test("configFor() refuses an unknown key and reports its place", async () => {
  const file = await parsed("wait: 5\n\n'creatr': x\n");
  const error = assertThrows(() => configFor(file, list), KitError, `:3:1: unknown key "creatr"`);
  assertEquals(error.code, "usage");
  assertEquals(error.hint, 'Did you mean "creator"? Write it in a section, as list: {creator: x}');
  const shared = await parsed("ouput: x\n");
  assertEquals(assertThrows(() => configFor(shared, list), KitError).hint, 'Did you mean "output"?');
  const nothing = await parsed("zzzzzzzzzzzz: 1\n");
  assertStringIncludes(assertThrows(() => configFor(nothing, list), KitError).hint!, "--help");
});

Deno.test("configFor() says which settings a section has, and who has the one that is wrong there", async () => {
  const hintOf = async (name: string, text: string): Promise<string> => {
    const command = commands.find((one) => one.name === name)!;
    const file = await parsed(text);
    return assertThrows(() => configFor(file, command), KitError).hint!;
  };
  const monitor = await hintOf("monitor", "monitor: {wait: 1h}\n");
  assertEquals(monitor, "Write it at the top of the file: it counts for download, update, list and others");
  const update = await hintOf("update", "update: {user: foo}\n");
  assertEquals(
    update,
    "Write it in the section of download or search; civitai-dl update --help --all lists the settings of update",
  );
  assertEquals(
    await hintOf("update", "update: {zzzzzzzzzzzz: 1}\n"),
    "civitai-dl update --help --all lists the settings of update",
  );
  assertEquals(await hintOf("update", "update: {exclud: x}\n"), 'Did you mean "exclude"?');
  assertEquals((await hintOf("list", "出力: x\n")).includes("Did you mean"), false);
});

Deno.test("configFor() refuses a command without settings", async () => {
  const file = await parsed("wait: 5\nsearch: 5\n");
  const error = assertThrows(() => configFor(file, list), KitError, `:2:1: "search" is a command`);
  assertEquals(error.code, "usage");
});

Deno.test("configFor() refuses a mapping where a flag takes a value", async () => {
  const file = await parsed("no-such-command:\n  limit: 1\n");
  assertThrows(() => configFor(file, list), KitError, "unknown key");
});

Deno.test("configFor() does not pass the global API key to commands with another token", async () => {
  const { command: monitor } = await import("../../scripts/monitor.ts");
  const file = await parsed("token: k3y\nmonitor:\n  interval: 10s\n");
  assertEquals(configFor(file, monitor).values, { interval: "10s" });
  assertEquals(configFor(file, commands.find((command) => command.name === "download")!).values, { token: "k3y" });
  const own = await parsed("token: k3y\nmonitor:\n  token: of the page\n");
  assertEquals(configFor(own, monitor).values, { token: "of the page" });
});

Deno.test("readConfigFile() refuses a file that is too large, too deep or grows by aliases", async () => {
  const rows = Array.from({ length: 30 }, (_, row) => `k${row + 1}: &a${row + 1} [${`*a${row},`.repeat(10)}]`);
  const bomb = `list:\n  k0: &a0 [x]\n${rows.map((row) => `  ${row}`).join("\n")}\n`;
  for (const text of [`# ${"x".repeat(2 ** 20)}\n`, `output: ${"[".repeat(50_000)}`, bomb]) {
    const error = await assertRejects(() => parsed(text), KitError);
    assertEquals(error.code, "usage");
  }
});
