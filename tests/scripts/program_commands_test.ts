import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { program } from "../../cli.ts";
import { VERSION } from "../../lib/base/mod.ts";
import { execute, type Flag, Interruption, loadProgram, MemoryIo } from "../../lib/cli/mod.ts";
import { inTempDir } from "../helpers/temp_dir.ts";
import { IN_LIBRARY, IN_LOGS, IN_REPOSITORY } from "../../scripts/_frame/command_index.ts";
import { checkout } from "../../tasks.ts";
import { call } from "../helpers/call.ts";
import { startServing } from "./_place.ts";

const { commands } = await loadProgram(checkout);

async function inConfig(text: string, story: (path: string) => Promise<void>): Promise<void> {
  await inTempDir(async (folder) => {
    const path = join(folder, "my.yml");
    await Deno.writeTextFile(path, text);
    await story(path);
  });
}

Deno.test("--version and --help print to standard output", async () => {
  assertEquals(await call(["--version"]), { code: 0, out: `civitai-dl ${VERSION}\n`, err: "" });
  const help = await call(["--help"]);
  for (const { name } of commands) assert(help.out.includes(`  ${name} `), name);
});

Deno.test("--help of every command shows flags and exit codes", async () => {
  for (const { name } of commands) {
    const { code, out } = await call([name, "--help"]);
    assertEquals(code, 0);
    assertStringIncludes(out, `Usage: civitai-dl ${name}`);
    assertMatch(out, /^Exit codes:\n {2}0 [^]*^ {2}129\/130\/143 /m);
  }
});

Deno.test("library, logs and repository are carried to exactly the commands that have such a flag", () => {
  const found = (is: (flag: Flag) => boolean): Record<string, string> =>
    Object.fromEntries(commands.flatMap(({ name, flags = [] }) => {
      const flag = flags.find(is);
      return flag === undefined ? [] : [[name, flag.name]];
    }));
  assertEquals(found((flag) => flag.env === "CIVITAI_DL_OUTPUT"), IN_LIBRARY);
  assertEquals(found((flag) => flag.name === "logs" && flag.default === "logs"), IN_LOGS);
  assertEquals(found((flag) => flag.name === "repo"), IN_REPOSITORY);
});

Deno.test("config show prints each setting and its source", () =>
  inConfig("limit-rate: 5M\nlist:\n  limit: 7\n", async (path) => {
    const { code, out } = await call(["config", "show", "--config", path], {
      env: { CIVITAI_API_KEY: "s3cr3t-token" },
    });
    assertEquals(code, 0);
    assertMatch(out, new RegExp(`^Configuration: ${path}\n`));
    assertMatch(out, /^ {2}limit-rate: "5M" \(config\)$/m);
    assertMatch(out, /^ {2}timeout: 30s \(default\)$/m);
    assertMatch(out, /^ {2}wait: 0s \(default\)$/m);
    assertMatch(out, /^ {2}reserve: 1.00 GiB \(default\)$/m);
    const { settings } = JSON.parse((await call(["config", "show", "--json", "--config", path])).out);
    assertEquals(settings.find((one: { name: string }) => one.name === "limit-rate").value, "5M");
    // Each library has a layout of its own.
    assert(!out.includes("layout"), out);
    assertMatch(out, /^ {2}token: "\[redacted\]" \(env\)$/m);
    assert(!out.includes("s3cr3t-token"));
  }));

Deno.test("config show names what decides beside the flags of download", () =>
  inConfig("engine: turbo\nsandbox: true\noutput: /mnt/models\n", async (path) => {
    const show = async (env: Readonly<Record<string, string>> = {}) =>
      (await call(["config", "show", "--config", path], { env })).out;
    const found = await show({ CIVITAI_DL_DISABLE_EXPERIMENTAL: "1", CIVITAI_TOKEN: "s3cr3t-token" });
    assertMatch(found, /^ {2}engine: "stable" \(CIVITAI_DL_DISABLE_EXPERIMENTAL\)$/m);
    assertMatch(found, /^ {2}output: "sandbox_downloads" \(sandbox\)$/m);
    assertMatch(found, /^ {2}token: "\[redacted\]" \(CIVITAI_TOKEN\)$/m);
    assertMatch(await show(), /^ {2}engine: "turbo" \(config\)$/m);
  }));

Deno.test("config check accepts a valid file with dates, and an empty one", async () => {
  const rates = ["limit-rate: 08:00-23:00 5M, 0\n", "limit-rate: 0\n", "limit-rate: 5242880\n"];
  const lists = ['user: [brambleforge, "4712"]\n', "model: [1, 2]\n", "size: pruned\n  format: SafeTensor\n"];
  for (
    const text of [
      ...rates,
      ...lists.map((list) => `download:\n  ${list}`),
      "layout: comfyui\ndownload:\n  since: 2026-01-02\n",
      "",
      "# nothing\n",
    ]
  ) {
    await inConfig(text, async (path) => {
      assertEquals(await call(["config", "check", "--config", path]), {
        code: 0,
        out: `Configuration: ${path}: no mistake found\n`,
        err: "",
      });
    });
  }
});

const MISTAKES: readonly [text: string, place: string, says: string][] = [
  ["layout: comfyui\nlayuot: x\n", ":2:1", 'Did you mean "layout"?'],
  ["download:\n  latest-onyl: true\n", ":2:3", 'Did you mean "latest-only"?'],
  ["list:\n  layout: classic\n", ":2:3", "hint: Write it at the top of the file: it counts for download or update"],
  ["a: b: c\n", ":1:", "invalid YAML: "],
  ["layout: comfyui\nlist:\n  limit: 5\n  layuot: x\nlatest-onyl: true\n", ":5:1", 'Did you mean "latest-only"?'],
  ["- a list\n", ":1:1", "no mapping"],
  ["output: [a, b]\n", "my.yml:1", "must be one value"],
  ["search:\n  user: [a, b]\n", "my.yml:2", "must be one value"],
  ["layout: sideways\n", "my.yml", '"classic"'],
  ["limit-rate: fast\n", "my.yml", "limit-rate"],
  ["limit-rate: 08:00-25:00 5M, 0\n", "my.yml", "invalid time 25:00"],
];

for (const [text, place, says] of MISTAKES) {
  Deno.test(`config check exits with 2 for ${JSON.stringify(text)}`, () =>
    inConfig(text, async (path) => {
      const { code, err } = await call(["config", "check", "--config", path]);
      assertEquals(code, 2);
      assertStringIncludes(err, place);
      assertStringIncludes(err, says);
    }));
}

Deno.test("config check names each file that is missing, with its line, and says where it was looked for", () =>
  inTempDir(async (folder) => {
    const there = join(folder, "there.txt");
    await Deno.writeTextFile(there, "a\n");
    const text = [
      `token-file: ${there}/x`,
      "download:",
      `  whitelist: ${folder}/none.txt`,
      `  from: [${there}, "-"]`,
      `  models: [${there}, ${folder}/models.txt]`,
      "memory-test:",
      "  repeat: 400",
    ].join("\n");
    const path = join(folder, "my.yml");
    await Deno.writeTextFile(path, text);
    const { code, err } = await call(["config", "check", "--config", path]);
    assertEquals([code, err.match(/my\.yml:[^\n]*/g)], [2, [
      `my.yml:1:13: there is no file "${there}/x" (Write it, or correct the path)`,
      `my.yml:3:14: there is no file "${folder}/none.txt" (Write it, or correct the path)`,
      `my.yml:5:${14 + there.length}: there is no file "${folder}/models.txt" (Write it, or correct the path)`,
    ]]);
  }));

Deno.test("every command exits with 2 for an invalid bandwidth, before it acts", () =>
  inTempDir(async (folder) => {
    const output = join(folder, "library");
    for (const name of ["download", "update", "repair"]) {
      const { code, err } = await call([name, "--output", output, "--limit-rate", "08:00-23:00 5M, 8:30-9:00 0"]);
      assertEquals(code, 2);
      assertStringIncludes(err, 'overlaps with "08:00-23:00 5M"');
      assertStringIncludes(err, 'such as "08:00-23:00 5M, 0"');
    }
    assertEquals(await Array.fromAsync(Deno.readDir(folder)), []);
  }));

Deno.test("config requires a known action and an existing file", async () => {
  assertEquals((await call(["config", "edit"])).code, 2);
  const missing = await call(["config", "check", "--config", "/no/such.yml"]);
  assertEquals([missing.code, missing.err.includes("no such file")], [2, true]);
});

Deno.test("config works without a file", () =>
  inTempDir(async (folder) => {
    const env = { HOME: folder };
    assertEquals((await call(["config", "check"], { env })).out, "No configuration file\n");
    for (const words of [["config", "show"], ["config"]]) {
      assertStringIncludes((await call(words, { env })).out, "No configuration file\nSettings of download:\n  ");
    }
  }));

Deno.test("completions prints a script for each shell", async () => {
  for (const shell of ["bash", "zsh", "fish"]) {
    const { code, out } = await call(["completions", shell]);
    assertEquals(code, 0);
    assertStringIncludes(out, "latest-only");
  }
  assertEquals((await call(["completions", "tcsh"])).code, 2);
});

Deno.test("man prints a roff page with every command", async () => {
  const io = new MemoryIo();
  assertEquals(await execute(program, ["man"], { io, env: () => undefined }), 0);
  const { out } = io;
  assertStringIncludes(out, ".TH");
  // In roff, a copyable dash is escaped.
  const plain = out.replaceAll("\\-", "-");
  for (const { name } of program.commands) assertStringIncludes(plain, `civitai-dl ${name}`);
  assert(!/^\.SS "civitai-dl (gate|branch)\b/m.test(plain));
});

Deno.test("sandbox serves until it is stopped, and exits with 0", async () => {
  const stop = new AbortController();
  class StoppingIo extends MemoryIo {
    override writeErr(text: string): void {
      super.writeErr(text);
      if (text.includes("Stop it with")) stop.abort(new Interruption("SIGINT"));
    }
  }
  const { code, err } = await call(["sandbox", "--toxic", "reset:100K,rate=0.2"], {
    io: new StoppingIo(),
    signal: stop.signal,
  });
  assertEquals(code, 0);
  assertMatch(err, /API: +http:\/\/127\.0\.0\.1:\d+/);
});

Deno.test("sandbox exits with 0 at SIGINT, as a process", () =>
  inTempDir(async (folder) => {
    const { said, child } = await startServing(["sandbox"], { folder, word: "Stop it with" });
    const api = /API: +(\S+)/.exec(said)?.[1];
    assertEquals((await (await fetch(`${api}/api/v1/models?limit=1`)).json()).items.length, 1);
    child.kill("SIGINT");
    await child.stdout.cancel();
    assertEquals((await child.status).code, 0);
  }));

Deno.test("sandbox refuses an invalid toxic", async () => {
  const { code, err } = await call(["sandbox", "--toxic", "gremlin"]);
  assertEquals(code, 2);
  assertStringIncludes(err, "gremlin");
});

Deno.test("the program has no command of a checkout, and begins with what everybody uses", () => {
  const names = program.commands.map(({ name }) => name);
  assertEquals(names.slice(0, 6), ["download", "update", "list", "verify", "status", "doctor"]);
  assertEquals([...new Set(program.commands.map(({ group }) => group))], ["Library", "Program", "Operation"]);
  const others = checkout.commands.filter(({ name }) => !names.includes(name));
  assertEquals([...new Set(others.map(({ group }) => group))], ["Maintenance"]);
});

Deno.test("sandbox exits with 2 and a hint if either of its ports is in use", async () => {
  await using other = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, () => new Response());
  for (const flag of ["--port", "--storage-port"]) {
    const { code, err } = await call(["sandbox", flag, String(other.addr.port)]);
    assertEquals(code, 2, err);
    assertStringIncludes(err, `error: Cannot listen on "127.0.0.1:${other.addr.port}": the port is in use`);
    assertStringIncludes(err, "hint: Another sandbox may be using it: stop it, or choose another port");
  }
});
