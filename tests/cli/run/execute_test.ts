import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { createRedactor, KitError } from "../../../lib/base/mod.ts";
import {
  type Command,
  type CommandContext,
  execute,
  type ExecuteOptions,
  Interruption,
  MemoryIo,
  withExit,
} from "../../../lib/cli/mod.ts";
import { fetchCommand, sampleProgram, verifyCommand } from "../sample_program.ts";

interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

async function run(argv: readonly string[], options: ExecuteOptions = {}): Promise<Ran> {
  const io = new MemoryIo();
  const code = await execute(sampleProgram, argv, { io, env: () => undefined, ...options });
  return { code, out: io.out, err: io.err };
}

async function runWith(
  action: (context: CommandContext) => Promise<unknown>,
  argv: readonly string[] = [],
  options: ExecuteOptions = {},
): Promise<Ran> {
  const command: Command = { ...verifyCommand, run: action, render: (result) => String(result) };
  const io = new MemoryIo();
  const program = { ...sampleProgram, commands: [fetchCommand, command] };
  const code = await execute(program, ["verify", ...argv], { io, env: () => undefined, ...options });
  return { code, out: io.out, err: io.err };
}

Deno.test("execute() prints the result as text and exits with 0", async () => {
  assertEquals(await run(["fetch", "-n", "5", "a"]), { code: 0, out: "limit 5: a\n", err: "" });
});

Deno.test("execute() prints exactly one JSON document with --json", async () => {
  const { code, out, err } = await run(["a", "--json"]);
  assertEquals([code, err, JSON.parse(out)], [0, "", {
    schema: "sample/fetch",
    version: 1,
    limit: 20,
    args: ["a"],
  }]);
});

Deno.test("execute() prints help and version on standard output", async () => {
  assertStringIncludes((await run(["fetch", "--help"])).out, "Usage: sample fetch");
  assertStringIncludes((await run(["--help"])).out, "Usage: sample COMMAND");
  assertEquals((await run(["--version"])).out, "sample 1.2.3\n");
});

Deno.test("execute() exits with 2 for wrong usage and gives a hint", async () => {
  assertEquals(await run(["fetch", "--limit", "x"]), {
    code: 2,
    out: "",
    err: 'error: Cannot use "x" for --limit: must be a whole number\n',
  });
  const { err } = await run(["verfy", "--json"]);
  assertEquals(JSON.parse(err).error.code, "usage");
});

Deno.test("execute() tells its caller the error that it writes, and the reason of a result", async () => {
  const told: (readonly [string, string | undefined])[] = [];
  const options: ExecuteOptions = { onFailure: ({ message, hint }) => told.push([message, hint]) };
  await runWith(
    () => Promise.reject(new KitError("failed", "Cannot verify: gone", { hint: "Try again" })),
    [],
    options,
  );
  await runWith(() => Promise.resolve(withExit("x", 1, { message: "Two are wrong" })), [], options);
  await run(["fetch", "a"], options);
  assertEquals(told, [["Cannot verify: gone", "Try again"], ["Two are wrong", undefined]]);
});

const CODES = { failed: 1, usage: 2, inconclusive: 3, unsafe: 4, auth: 5, network: 6, integrity: 7 } as const;
for (const [code, exit] of Object.entries(CODES)) {
  Deno.test(`execute() exits with ${exit} if a command fails with "${code}"`, async () => {
    const ran = await runWith(() => Promise.reject(new KitError(code as keyof typeof CODES, "Cannot x: y")));
    assertEquals(ran, { code: exit, out: "", err: "error: Cannot x: y\n" });
  });
}

Deno.test("execute() exits with the code of an outcome", async () => {
  const ran = await runWith(() => Promise.resolve(withExit("no", 3)));
  assertEquals(ran, { code: 3, out: "no\n", err: "" });
});

Deno.test("execute() says on standard error why an outcome is not 0, also with --quiet", async () => {
  const reason = { message: "2 files failed: a: 404", hint: "run again" };
  const fail = () => Promise.resolve(withExit("no", 7, reason));
  for (const flags of [[], ["--quiet"]]) {
    assertEquals(await runWith(fail, flags), {
      code: 7,
      out: "no\n",
      err: "error: 2 files failed: a: 404\nhint: run again\n",
    });
  }
  const { out, err } = await runWith(() => Promise.resolve(withExit({ files: 2 }, 7, reason)), ["--json"]);
  assertEquals(JSON.parse(out).files, 2);
  assertEquals(JSON.parse(err), { error: { code: "integrity", exit: 7, ...reason } });
});

Deno.test("execute() says the reason once on a terminal that shows the result too", async () => {
  const reason = { message: "2 files failed" };
  for (const [result, err] of [["2 files failed", ""], [undefined, "error: 2 files failed\n"]] as const) {
    const io = new MemoryIo({ terminal: true });
    const program = { ...sampleProgram, commands: [fetchCommand, failing(result, reason)] };
    const code = await execute(program, ["verify", "--no-color"], { io, env: () => undefined });
    assertEquals([code, io.err], [1, err]);
  }
});

function failing(result: string | undefined, reason: { readonly message: string }): Command {
  return { ...verifyCommand, run: () => Promise.resolve(withExit(result, 1, reason)), render: (text) => `${text}\n` };
}

Deno.test("execute() exits with 1 for an unexpected error, with the stack only if verbose", async () => {
  const bug = () => Promise.reject(new RangeError("oops"));
  const plain = await runWith(bug);
  assertEquals([plain.code, plain.err.includes("execute_test")], [1, false]);
  assertStringIncludes((await runWith(bug, ["--verbose"])).err, "execute_test.ts");
});

Deno.test("execute() prints the result of an interrupted run and exits with the code of the signal", async () => {
  for (const [signal, exit] of [["SIGINT", 130], ["SIGTERM", 143], ["SIGHUP", 129]] as const) {
    const controller = new AbortController();
    const ran = await runWith(
      () => {
        controller.abort(new Interruption(signal));
        return Promise.resolve("half");
      },
      [],
      { signal: controller.signal },
    );
    assertEquals([ran.code, ran.out], [exit, "half\n"]);
    assertStringIncludes(ran.err, "Stopping cleanly");
    assertStringIncludes(ran.err, `error: Stopped before completion: received ${signal}\nhint: Run again with: `);
  }
});

Deno.test("execute() reports the interruption instead of the error that it caused", async () => {
  const controller = new AbortController();
  const ran = await runWith(
    () => {
      controller.abort(new Interruption("SIGTERM"));
      return Promise.reject(new TypeError("body closed"));
    },
    ["--quiet"],
    { signal: controller.signal },
  );
  assertEquals(ran.code, 143);
  assertStringIncludes(ran.err, "error: Stopped before completion: received SIGTERM\n");
});

Deno.test("execute() prefers an outcome to the interruption, as when a server ends", async () => {
  const controller = new AbortController();
  const { code } = await runWith(
    () => {
      controller.abort(new Interruption("SIGINT"));
      return Promise.resolve(withExit(undefined, 0));
    },
    [],
    { signal: controller.signal },
  );
  assertEquals(code, 0);
});

Deno.test("execute() does not start if its signal is already aborted", async () => {
  let began = false;
  const action = () => {
    began = true;
    return Promise.resolve();
  };
  const { code } = await runWith(action, [], { signal: AbortSignal.abort(new Interruption("SIGINT")) });
  assertEquals([code, began], [130, false]);
});

Deno.test("execute() ends silently if standard output is closed", async () => {
  const io = new MemoryIo();
  io.writeOut = () => {
    throw new Deno.errors.BrokenPipe("Broken pipe");
  };
  assertEquals([await execute(sampleProgram, ["fetch", "a"], { io, env: () => undefined }), io.err], [0, ""]);
});

Deno.test("execute() reports a broken pipe elsewhere", async () => {
  const { code } = await runWith(() => Promise.reject(new Deno.errors.BrokenPipe("socket")));
  assertEquals(code, 1);
});

Deno.test("execute() applies values of the configuration and the file of --config", async () => {
  const asked: unknown[] = [];
  const loadConfig: ExecuteOptions["loadConfig"] = (command, path) => {
    asked.push([command.name, path]);
    return Promise.resolve({ path: path ?? "found.yml", values: { limit: 9 } });
  };
  assertEquals((await run(["a"], { loadConfig })).out, "limit 9: a\n");
  assertEquals((await run(["--config", "x.yml", "fetch", "a", "-n1"], { loadConfig })).out, "limit 1: a\n");
  await run(["a"], { loadConfig, env: (name) => name === "SAMPLE_CONFIG" ? "env.yml" : undefined });
  assertEquals(asked, [["fetch", undefined], ["fetch", "x.yml"], ["fetch", "env.yml"]]);
});

Deno.test("execute() runs a command that works without a configuration although the file has a mistake", async () => {
  const seen: unknown[] = [];
  const verify = async (argv: readonly string[], loadConfig: ExecuteOptions["loadConfig"], works = true) => {
    const io = new MemoryIo();
    const command: Command = {
      name: "verify",
      summary: "Verify",
      flags: [{ name: "limit", type: "integer", summary: "How many", default: 3 }],
      worksWithoutConfig: works,
      run: ({ flags, configError }) => Promise.resolve(void seen.push([flags.limit, configError?.message ?? null])),
    };
    const program = { ...sampleProgram, commands: [fetchCommand, command] };
    return [await execute(program, ["verify", ...argv], { io, env: () => undefined, loadConfig }), io.err];
  };
  const broken = () => Promise.reject(new KitError("usage", "Cannot use x.yml:1:1: junk"));
  const wrong = () => Promise.resolve({ path: "x.yml", values: { limit: "many" } });
  const sound = () => Promise.resolve({ path: "x.yml", values: { limit: 9 } });
  const warning = "warning: The configuration is not used: Cannot use x.yml:1:1: junk\n";
  assertEquals(await verify([], broken), [0, warning]);
  assertEquals((await verify([], wrong))[0], 0);
  assertEquals(await verify([], sound), [0, ""]);
  assertEquals((await verify([], broken, false))[0], 2);
  assertEquals((await verify(["--limit", "few"], sound))[0], 2, "a mistake in the arguments");
  assertEquals((await verify([], () => Promise.reject(new TypeError("a bug"))))[0], 1);
  assertEquals(seen, [
    [3, "Cannot use x.yml:1:1: junk"],
    [3, 'Cannot use "many" for --limit (x.yml): must be a whole number'],
    [9, null],
  ]);
});

Deno.test("execute() imports a lazy command only when it runs", async () => {
  let loads = 0;
  const { name, summary } = verifyCommand;
  const load = () => {
    loads++;
    return Promise.resolve(verifyCommand);
  };
  const program = { ...sampleProgram, commands: [fetchCommand, { name, summary, load }] };
  const io = new MemoryIo();
  await execute(program, ["--help"], { io, env: () => undefined });
  await execute(program, ["fetch"], { io, env: () => undefined });
  assertEquals(loads, 0);
  assertEquals([await execute(program, ["verify"], { io, env: () => undefined }), loads], [0, 1]);
});

Deno.test("execute() removes secrets from result, log and error", async () => {
  const redact = createRedactor(["secret-token"]);
  const ran = await runWith(
    ({ display }) => {
      display.log("secret-token");
      return Promise.resolve("secret-token");
    },
    [],
    { redact },
  );
  assertEquals(ran, { code: 0, out: "[redacted]\n", err: "[redacted]\n" });
  const failed = await runWith(() => Promise.reject(new Error("secret-token")), ["--verbose"], { redact });
  assert(!failed.err.includes("secret-token"));
});

Deno.test("execute() clears the status area before the result", async () => {
  const io = new MemoryIo({ terminal: true });
  const command: Command = {
    ...verifyCommand,
    run: ({ display }) => {
      display.openStatus().update(["bar"]);
      return Promise.resolve();
    },
  };
  await execute({ ...sampleProgram, commands: [fetchCommand, command] }, ["verify"], { io, env: () => undefined });
  assertEquals(io.err, "bar\n\x1b[1A\r\x1b[J");
});

Deno.test("execute() uses colors on a terminal, but not with NO_COLOR or --no-color", async () => {
  const err = async (argv: readonly string[], env: Record<string, string> = {}): Promise<string> => {
    const io = new MemoryIo({ terminal: true });
    await execute(sampleProgram, argv, { io, env: (name) => env[name] });
    return io.err;
  };
  assertStringIncludes(await err(["verfy"]), "\x1b[31merror:");
  assertEquals((await err(["verfy"], { NO_COLOR: "1" })).includes("\x1b"), false);
  assertEquals((await err(["verfy", "--no-color"])).includes("\x1b"), false);
});

Deno.test("execute() hints at the user's command line when it is interrupted, without secrets", async () => {
  const controller = new AbortController();
  const action = ({ signal }: CommandContext) => {
    controller.abort(new Interruption("SIGTERM"));
    return Promise.reject(signal.reason);
  };
  const options = { signal: controller.signal, started: ["deno", "task"], redact: createRedactor(["a-secret-key"]) };
  const { code, err } = await runWith(action, ["--config", "my a-secret-key.yml"], options);
  assertEquals(code, 143);
  assertStringIncludes(err, "hint: Run again with: deno task verify --config 'my [redacted].yml'");
});

Deno.test("execute() hints at the command's own way to go on once it has set one", async () => {
  const controller = new AbortController();
  const action = ({ signal, setStopHint }: CommandContext) => {
    setStopHint("Complete it with sample verify continue");
    controller.abort(new Interruption("SIGINT"));
    return Promise.reject(signal.reason);
  };
  const { code, err } = await runWith(action, [], { signal: controller.signal });
  assertEquals(code, 130);
  assertStringIncludes(err, "hint: Complete it with sample verify continue\n");
  assert(!err.includes("Run again"), err);
});

Deno.test("execute() repeats a flag in the commands that it names if it was typed and they have it", async () => {
  const carriedTo = { fetch: "output", verify: "library" };
  const flags = [{ name: "library", short: "o", type: "path", summary: "Where", env: "SAMPLE", carriedTo }] as const;
  const program = (action: () => Promise<unknown>) => ({
    ...sampleProgram,
    commands: [fetchCommand, { ...verifyCommand, args: [], flags, run: action, render: String }],
  });
  const text = "sample verify; sample fetch NAME, sample list; sample verify --library /c";
  const show = async (argv: readonly string[], env: Record<string, string> = {}) => {
    const io = new MemoryIo();
    await execute(program(() => Promise.resolve(text)), ["verify", ...argv], { io, env: (name) => env[name] });
    return io.out;
  };
  assertEquals(await show([]), `${text}\n`);
  assertEquals(await show([], { SAMPLE: "/a" }), `${text}\n`);
  assertEquals(
    await show(["--library", "/a b"]),
    "sample verify --library '/a b'; sample fetch --output '/a b' NAME, sample list; sample verify --library /c\n",
  );
  const shown = async (text: string, words: readonly string[]): Promise<string> => {
    const io = new MemoryIo();
    await execute(program(() => Promise.resolve(text)), ["verify", ...words], { io, env: () => undefined });
    return io.out;
  };
  const given = "sample verify -o /c; sample verify --library=/c; sample fetch";
  assertEquals(await shown(given, ["-o", "/a"]), `${given} --output /a\n`);
  assertEquals(await shown("sample verify --library-x", ["-o", "/a"]), "sample verify --library /a --library-x\n");
  // The line that the user typed stays as it is.
  assertEquals(await shown("Again: sample verify -qo /a", ["-qo", "/a"]), "Again: sample verify -qo /a\n");
  const io = new MemoryIo();
  const fail = () => Promise.reject(new KitError("failed", "Cannot verify", { hint: "See sample fetch --all" }));
  await execute(program(fail), ["verify", "--library=/a"], { io, env: () => undefined });
  assertEquals(io.err, "error: Cannot verify\nhint: See sample fetch --output /a --all\n");
});

Deno.test("execute() names commands as the reader types them wherever it writes text", async () => {
  const nameCommands = (text: string): string => text.replaceAll(/sample (?=verify|fetch)/g, "task ");
  const options = { nameCommands };
  assertStringIncludes((await run(["fetch", "--help"], options)).out, "Usage: task fetch");
  assertEquals((await runWith(() => Promise.resolve("sample verify"), [], options)).out, "task verify\n");
  const log = await runWith(({ display }) => Promise.resolve(display.log("sample verify")), [], options);
  assertEquals(log.err, "task verify\n");
  const fail = () => Promise.reject(new KitError("failed", "Cannot sample verify", { hint: "sample verify" }));
  assertEquals((await runWith(fail, [], options)).err, "error: Cannot task verify\nhint: task verify\n");
  const { error } = JSON.parse((await runWith(fail, ["--json"], options)).err);
  assertEquals([error.message, error.hint], ["Cannot task verify", "task verify"]);
});
