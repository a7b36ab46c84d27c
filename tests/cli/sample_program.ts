import { type Command, type CommandContext, defineCommand, type Program } from "../../lib/cli/mod.ts";

/** A command with one flag of each type. */
export const fetchCommand = defineCommand({
  name: "fetch",
  summary: "Fetch what a target names",
  description: "Reads the target, asks the service, writes files.\n\nStops cleanly when asked to.",
  args: [{ name: "TARGET", summary: "Number or address", multiple: true }],
  flags: [
    { name: "user", short: "u", type: "string", summary: "Whose models", placeholder: "NAME", multiple: true },
    { name: "limit", short: "n", type: "integer", summary: "How many at most", default: 20, min: 1, max: 100 },
    { name: "ratio", type: "number", summary: "A share", min: -1, max: 1 },
    { name: "timeout", type: "duration", summary: "Give up after", default: "30s", env: "SAMPLE_TIMEOUT", min: "1s" },
    { name: "rate", type: "size", summary: "Bytes", unit: "per second", max: "1G", group: "Network" },
    { name: "since", type: "date", summary: "Only newer ones" },
    { name: "kind", type: "choice", summary: "What kind", choices: ["model", "image"], group: "Network" },
    { name: "out", short: "o", type: "path", summary: "Where to", example: "./models" },
    { name: "tags", type: "string", summary: "Tags", multiple: true, split: "," },
    { name: "resume", type: "boolean", summary: "Go on where it stopped", default: true },
    { name: "yes", short: "y", type: "boolean", summary: "Answer yes" },
    { name: "all", type: "boolean", summary: "Everything" },
    { name: "secret-mode", type: "boolean", summary: "Hidden", hidden: true },
  ],
  excludes: [["user", "all"], ["kind", "tags"]],
  examples: [{ command: "sample fetch 123 -o ./models", summary: "Fetch one model" }],
  exits: { 1: "A file could not be fetched", 9: "The moon was full" },
  run: ({ flags, args }: CommandContext) => Promise.resolve({ limit: flags.limit, args }),
  render: (result: { limit: number; args: string[] }) => `limit ${result.limit}: ${result.args.join(" ")}`,
});

/** A command without flags and arguments. */
export const verifyCommand = defineCommand({
  name: "verify",
  summary: "Check every file's hash",
  group: "Library",
  run: () => Promise.resolve(undefined),
});

/** A command whose argument is one of several words. */
export const branchCommand = defineCommand({
  name: "branch",
  summary: 'Handle the branches: it\'s "safe"',
  group: "Maintenance",
  args: [{ name: "ACTION", summary: "What to do", required: true, choices: ["start", "finish"] }],
  run: ({ args }: CommandContext) => Promise.resolve([...args]),
});

/** A program with a default command, a lazy command and a shared flag. */
export const sampleProgram: Program & { readonly commands: readonly Command[] } = {
  name: "sample",
  version: "1.2.3",
  summary: "Fetch and keep",
  description: "A sample.",
  commands: [fetchCommand, verifyCommand, branchCommand],
  defaultCommand: "fetch",
  flags: [{
    name: "config",
    type: "path",
    summary: "Configuration file",
    env: "SAMPLE_CONFIG",
    group: "Global options",
  }],
  examples: [{ command: "sample 123", summary: "Fetch one" }],
};
