import { assertEquals, assertThrows } from "@std/assert";
import {
  type CommandContext,
  defineCommand,
  execute,
  type FlagsOf,
  inGroup,
  MemoryIo,
  parseCommand,
} from "../../../lib/cli/mod.ts";

const NETWORK_FLAGS = inGroup("Network", [
  { name: "max-time", type: "duration", summary: "At most" },
  { name: "engine", type: "choice", summary: "How", choices: ["stable", "turbo"], default: "turbo" },
]);

/** Reads one flag of each kind. A wrong type in FlagsOf does not compile. */
const command = defineCommand({
  name: "fetch",
  summary: "Fetch",
  flags: [
    ...NETWORK_FLAGS,
    { name: "user", type: "string", summary: "Whose", multiple: true },
    { name: "rate", type: "size", summary: "How fast", default: "1K" },
    { name: "since", type: "date", summary: "From" },
    { name: "dry-run", type: "boolean", summary: "Only plan" },
    { name: "key", type: "string", summary: "Key", required: true },
    { name: "kind", type: "choice", summary: "What", choices: ["file", "image"], multiple: true },
  ],
  run({ flags }) {
    const engine: "stable" | "turbo" = flags.engine;
    const maxTime: number | undefined = flags.maxTime;
    const user: readonly string[] = flags.user;
    const rate: number = flags.rate;
    const since: string | undefined = flags.since;
    const dryRun: boolean = flags.dryRun;
    const key: string = flags.key;
    const kind: readonly ("file" | "image")[] = flags.kind;
    const json: boolean = flags.json;
    return Promise.resolve({ engine, maxTime, user, rate, since, dryRun, key, kind, json });
  },
});

async function resultOf(...words: readonly string[]): Promise<unknown> {
  const io = new MemoryIo();
  const program = { name: "sample", version: "1.0.0", summary: "Sample", commands: [command] };
  assertEquals(await execute(program, ["--json", ...words], { io, env: () => undefined }), 0, io.err);
  const { schema: _, version: __, ...result } = JSON.parse(io.out);
  return result;
}

Deno.test("the flags of a command are camelCase properties of their declared types", async () => {
  const words = [
    "--max-time",
    "2m",
    "--engine=stable",
    "--user",
    "a",
    "--user=b",
    "--rate",
    "2K",
    "--since=2026-01-02",
  ];
  assertEquals(await resultOf(...words, "--dry-run", "--key", "k", "--kind", "image"), {
    engine: "stable",
    maxTime: 120_000,
    user: ["a", "b"],
    rate: 2048,
    since: "2026-01-02T00:00:00.000Z",
    dryRun: true,
    key: "k",
    kind: ["image"],
    json: true,
  });
});

Deno.test("a flag without a value is its default, false, an empty list or undefined", async () => {
  assertEquals(await resultOf("--key", "k"), {
    engine: "turbo",
    user: [],
    rate: 1024,
    dryRun: false,
    key: "k",
    kind: [],
    json: true,
  });
});

Deno.test("given() returns where a value comes from, and refuses undeclared flags", () => {
  const { sourceOf } = parseCommand(command, ["--key", "k"]);
  assertEquals([sourceOf("key"), sourceOf("engine"), sourceOf("user")], ["flag", "default", undefined]);
  assertThrows(() => sourceOf("kee"), TypeError, "does not declare it");
});

Deno.test("a helper that declares its flags accepts every command that has them", () => {
  const timeOf = ({ flags }: Pick<CommandContext<Pick<FlagsOf<typeof NETWORK_FLAGS>, "maxTime">>, "flags">) =>
    flags.maxTime ?? null;
  const { flags } = parseCommand(command, ["--key", "k", "--max-time", "1s"]);
  assertEquals(timeOf({ flags: { ...flags, maxTime: flags.maxTime as number } }), 1000);
});
