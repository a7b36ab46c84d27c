import { fileURLToPath } from "node:url";

/** A process under test, ready to be watched. */
export function childCommand(): Deno.Command {
  const permissions = ["--allow-read=/dev/null", "--allow-sys"];
  return new Deno.Command(Deno.execPath(), {
    args: ["run", "-q", "--no-prompt", ...permissions, fileURLToPath(new URL("_child.ts", import.meta.url))],
    stdin: "piped",
    stdout: "piped",
    stderr: "inherit",
  });
}
