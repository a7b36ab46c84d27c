import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { program as lazyProgram } from "../../cli.ts";
import { type Command, type Flag, loadProgram } from "../../lib/cli/mod.ts";
import { startSandbox } from "../../lib/sandbox/mod.ts";
import { configFor, readConfigFile } from "../../scripts/_frame/settings/config_file.ts";
import { KNOWN_SETTINGS } from "../../scripts/_frame/settings/known_settings.ts";
import { call } from "../helpers/call.ts";
import { PLAIN } from "../helpers/library/download_bench.ts";
import { inTempDir } from "../helpers/temp_dir.ts";

const SCRIPTS = fileURLToPath(new URL("../../scripts/", import.meta.url));
const { commands } = await loadProgram(lazyProgram);

/** Commands of the program, and those that only a checkout has as tasks. */
async function allCommands(): Promise<readonly Command[]> {
  const names = (await Array.fromAsync(Deno.readDir(SCRIPTS))).map(({ name }) => name).filter((name) =>
    name.endsWith(".ts") && name !== "run_tests.ts"
  );
  const modules = await Promise.all(names.map((name) => import(join(SCRIPTS, name))));
  const house = modules.map((module): unknown => module.command).filter((found) => found !== undefined) as Command[];
  return [...commands, ...house.filter(({ name }) => !commands.some((command) => command.name === name))];
}

interface Declared {
  readonly command: string;
  readonly flag: Flag;
}

async function allFlags(): Promise<readonly Declared[]> {
  return (await allCommands()).flatMap(({ name, flags = [] }) => flags.map((flag) => ({ command: name, flag })));
}

/** What a setting means. Its name, its place in help and what other commands call it do not change that. */
function meaningOf({ type, summary, unit, choices, min, max, multiple, split, default: value, env, check }: Flag) {
  return { type, summary, unit, choices, min, max, multiple, split, value, env, check };
}

/**
 * Words of the specification that some commands have for something else: the output of most is a report, and the token of
 * the monitor protects its page. A key at the top never sets those.
 */
const OTHER_WORDS = ["output", "token"];

Deno.test("each key at the top of the configuration means the same for every command that it sets", async () => {
  const flags = await allFlags();
  const shared = flags.filter(({ flag }) => flag.setting === "shared");
  const byKey = Map.groupBy(shared, ({ flag }) => flag.key ?? flag.name);
  assert(byKey.size > 20);
  for (const [key, declared] of byKey) {
    const [first] = declared;
    for (const { command, flag } of declared) {
      assertEquals(meaningOf(flag), meaningOf(first!.flag), `${key} of ${command}`);
    }
  }
  // A flag of this name that the key does not set would be taken for it. Tasks of the checkout read no settings.
  const isInProgram = (name: string) => commands.some((command) => command.name === name);
  const strays = flags.filter(({ command, flag }) =>
    isInProgram(command) && flag.setting !== "shared" && byKey.has(flag.name)
  );
  assertEquals([...new Set(strays.map(({ flag }) => flag.name))].sort(), OTHER_WORDS.toSorted());
  assertEquals([...byKey.keys()].sort(), [...KNOWN_SETTINGS.shared].sort());
});

Deno.test("each variable means the same for every command, and sets no flag that is only typed", async () => {
  const variables = Map.groupBy(
    (await allFlags()).filter(({ flag }) => flag.env !== undefined),
    ({ flag }) => flag.env,
  );
  for (const [name, declared] of variables) {
    for (const { command, flag } of declared) {
      assertEquals(meaningOf(flag), meaningOf(declared[0]!.flag), `${name} of ${command}`);
      assert(flag.setting !== "none", `${name} of ${command}`);
    }
  }
});

Deno.test("no setting makes a command do something else: dry-run, list, force, fix and their like are typed", async () => {
  const actions = ["dry-run", "list", "force", "fix", "version", "check", "undo", "override", "apply", "rebuild"];
  for (const { command, flag } of await allFlags()) {
    // Commands that only a checkout has have no section.
    if (!commands.some(({ name }) => name === command) || !actions.includes(flag.name)) continue;
    assertEquals(flag.setting, "none", `${flag.name} of ${command}`);
  }
});

/** Run with a configuration, in this process. */
async function withConfig(text: string, words: readonly string[]) {
  let called;
  await inTempDir(async (folder) => {
    const path = join(folder, "my.yml");
    await Deno.writeTextFile(path, text);
    called = await call([...words, "--config", path]);
  });
  return called!;
}

Deno.test("a whole configuration sets only shared flags, of each command and task", () =>
  inTempDir(async (folder) => {
    const path = join(folder, "my.yml");
    await Deno.writeTextFile(path, [...KNOWN_SETTINGS.shared].map((key) => `${key}: "1"\n`).join(""));
    const file = (await readConfigFile(path, () => undefined))!;
    for (const command of await allCommands()) {
      const set = Object.keys(configFor(file, command).values);
      const shared = (command.flags ?? []).filter(({ setting }) => setting === "shared").map(({ name }) => name);
      assertEquals(set.sort(), shared.sort(), command.name);
    }
  }));

const STRAYS: readonly (readonly [text: string, words: readonly string[], place: string, hint: string])[] = [
  ["logs: x\nlimit: 1\n", ["list"], "2:1", "Write it in a section, as list: {limit: 1}; download, search, "],
  [
    "type: [LORA]\n",
    ["search", "x"],
    "1:1",
    "Write it in a section, as search: {type: [LORA]}; download, update, list",
  ],
  [
    "latest-only: true\n",
    ["list"],
    "1:1",
    "Write it in a section, as download: {latest-only: true}; update, serve have it too",
  ],
  ["search:\n  layout: classic\n", ["search", "x"], "2:3", "Write it at the top of the file: it counts for download"],
  ["search:\n  deep: true\n", ["search", "x"], "2:3", "Write it in the section of verify; "],
  ["from: a.txt\n", ["download"], "1:1", "Write it in a section, as download: {from: a.txt}"],
  ["duration: 4h\n", ["list"], "1:1", "Write it in a section, as memory-test: {duration: 4h}"],
  ["seed: 3\n", ["list"], "1:1", "Write it in a section, as sandbox: {seed: 3}"],
  [
    "since: 2026-01-01\n",
    ["update"],
    "1:1",
    "Write it in a section, as update: {since: 2026-01-01}; download, serve have it too",
  ],
  ["for: 1h\n", ["failsafe"], "1:1", "Write it in a section, as failsafe: {for: 1h}; alerts has it too"],
  ["deep: true\n", ["list"], "1:1", "Write it in a section, as verify: {deep: true}"],
  ["library: x\n", ["failsafe"], "1:1", 'Write "output" instead'],
  ...["list", "force", "dry-run"].map((key) =>
    [`${key}: true\n`, ["update"], "1:1", key === "list" ? "" : `write --${key} on the command line`] as const
  ),
  ["verify:\n  rebuild: true\n", ["verify"], "2:3", "write --rebuild on the command line when you want it"],
];

for (const [text, words, place, hint] of STRAYS) {
  Deno.test(`${words.join(" ")} refuses ${JSON.stringify(text)} with its place and what to write`, async () => {
    const { code, err } = await withConfig(text, words);
    assertEquals(code, 2, err);
    assertStringIncludes(err, `my.yml:${place}: "`);
    assertStringIncludes(err, hint);
  });
}

Deno.test("search and list say which configured filters leave something out", () =>
  inTempDir(async (folder) => {
    await using sandbox = await startSandbox(PLAIN);
    const [model] = [...sandbox.catalog.models()];
    const place = `base-url: ${sandbox.apiOrigin}\noutput: ${folder}\n`;
    const text = `${place}search:\n  sfw: true\n  limit: 1\nlist:\n  type: [LORA]\n  limit: 2\n`;
    const found = await withConfig(text, ["search", model!.name]);
    assertEquals([found.code, found.err], [0, "By the configuration: --sfw --limit 1\n"]);
    assertEquals((await withConfig(text, ["search", model!.name, "--no-sfw", "--limit", "5"])).err, "");
    await Deno.mkdir(join(folder, ".civitai-dl"));
    const listed = await withConfig(text, ["list", "--limit", "5"]);
    assertStringIncludes(listed.err, "By the configuration: --type LORA\n");
  }));

Deno.test("demo takes neither environment nor configuration for its folder", () => {
  const demo = commands.find(({ name }) => name === "demo")!;
  for (const { env, setting } of demo.flags!) assertEquals([env, setting], [undefined, "none"]);
});

Deno.test("what adds up to one answer are flags and arguments of the command", () => {
  for (const { name, args = [], flags = [], unions = [] } of commands) {
    const known = [...args, ...flags].map((part) => part.name);
    for (const word of unions.flat()) assert(known.includes(word), `${word} of ${name}`);
  }
});

Deno.test("a target that is typed replaces those of the configuration", () =>
  inTempDir(async (folder) => {
    await using sandbox = await startSandbox(PLAIN);
    const [model] = [...sandbox.catalog.models()];
    const [creator] = [...sandbox.catalog.creators()];
    const [users, models, config] = ["users.txt", "models.txt", "my.yml"].map((name) => join(folder, name));
    await Deno.writeTextFile(users!, `${creator!.username}\n`);
    await Deno.writeTextFile(models!, `${model!.id}\n`);
    const place = ["-o", join(folder, "library"), "--logs", join(folder, "logs"), "--reserve", "0"];
    const plan = async (text: string, words: readonly string[]): Promise<number> => {
      await Deno.writeTextFile(config!, `download:\n  images: false\n${text}`);
      const argv = ["download", ...words, "--config", config!, "--dry-run", "--json", ...place];
      const { code, out, err } = await call([...argv, "--base-url", sandbox.apiOrigin], {
        env: { CIVITAI_API_KEY: sandbox.token },
      });
      assertEquals(code, 0, err);
      return JSON.parse(out).plan.models;
    };
    for (const text of [`  users: ${users}\n`, `  from: ${users}\n  user: ${creator!.username}\n`]) {
      assertEquals(await plan(text, []), 3);
      assertEquals(await plan(text, [`model:${model!.id}`]), 1);
      assertEquals(await plan(text, ["--models", models!]), 1);
      assertEquals(await plan(text, ["--query", model!.name]), 1);
    }
    assertEquals(await plan(`  query: ${model!.name}\n`, ["--users", users!]), 3);
    // What is typed together is wanted together.
    assertEquals(await plan("", [`model:${model!.id}`, "--users", users!]), 3);
  }));

Deno.test("config alone shows the settings in force", async () => {
  const { code, out, err } = await withConfig("limit-rate: 5M\n", ["config"]);
  assertEquals(code, 0, err);
  assertMatch(out, /^Configuration: .*my\.yml\nSettings of download:\n {2}/);
  assertMatch(out, /^ {2}limit-rate: "5M" \(config\)$/m);
});

Deno.test("config show names the settings of any command, without its secrets", async () => {
  const text = "output: lib\ntoken: k3yk3yk3y\nmonitor:\n  token: page-secret\n  interval: 10s\n";
  const monitor = await withConfig(text, ["config", "show", "monitor"]);
  assertMatch(monitor.out, /^ {2}interval: 10s \(config\)$/m);
  assertMatch(monitor.out, /^ {2}library: "lib" \(config\)$/m);
  assertMatch(monitor.out, /^ {2}token: "\[redacted\]" \(config\)$/m);
  assertEquals(/secret|k3y/.test(monitor.out), false);
  const gate = await withConfig(text, ["config", "show", "gate", "--json"]);
  assertEquals(/output|library|token/.test(gate.out), false, gate.out);
  const unknown = await withConfig(text, ["config", "show", "serch"]);
  assertEquals(unknown.code, 2);
  assertStringIncludes(unknown.err, 'Did you mean "search"?');
  assertEquals((await withConfig(text, ["config", "check", "search"])).code, 2);
});

Deno.test("the language of a text has one flag in all commands", async () => {
  const flags = (await allFlags()).filter(({ flag }) => flag.choices?.includes("ja"));
  assert(flags.length > 1);
  for (const { command, flag } of flags) assertEquals(flag.name, "language", command);
});
