import { CHECKOUT_TASK_NAMES } from "./command_index.ts";

/** Subcommands of Deno 2.9 that are not commands of this program. */
const DENO_VERBS = [
  ...["add", "approve-scripts", "audit", "bench", "bump-version", "bundle", "cache", "check", "ci", "clean", "compile"],
  ...["coverage", "create", "deploy", "desktop", "doc", "eval", "fmt", "info", "init", "install", "jupyter"],
  ...["link", "lint", "lsp", "outdated", "pack", "publish", "remove", "repl", "run", "serve", "task"],
  ...["test", "transpile", "types", "uninstall", "unlink", "upgrade", "vendor", "watch", "why", "x"],
];

/**
 * Words that are interpreted as a creator only with `--user`, each with the reason: users may call an executable as if
 * it were `deno`, or use a task of the checkout as a command.
 */
export const FOREIGN_WORDS: ReadonlyMap<string, string> = new Map([
  ...DENO_VERBS.map((word) => [word, "it is a subcommand of deno"] as const),
  ...CHECKOUT_TASK_NAMES.map((word) => [word, `it is a task of a checkout (deno task ${word})`] as const),
]);
