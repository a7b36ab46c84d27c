import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { ChildOptions } from "../../../scripts/_frame/child.ts";
import { hasProgram } from "../../helpers/has_program.ts";

const CALLS = "trace=open,openat,openat2";

/**
 * Run the program under strace and return the files that it opened.
 *
 * @param args The command line
 * @param options Folder, environment, origins
 * @returns Their paths; `null` if strace is missing or may not trace here
 */
export async function openedFiles(args: readonly string[], options: ChildOptions): Promise<ReadonlySet<string> | null> {
  if (!await hasProgram("strace", "-V")) return null;
  const { folder, env, origins } = options;
  const log = join(folder, "strace.log");
  const permissions = [
    ...["--allow-read", `--allow-write=${folder}`, "--allow-env", "--allow-sys=statfs"],
    `--allow-net=${origins.map((origin) => new URL(origin).host).join(",")}`,
  ];
  const program = fileURLToPath(new URL("../../../cli.ts", import.meta.url));
  const words = [Deno.execPath(), "run", "-q", "--no-prompt", ...permissions, program, ...args];
  const { success } = await new Deno.Command("strace", {
    args: ["-f", "-qq", "-s", "4096", "-e", CALLS, "-o", log, ...words],
    cwd: folder,
    env: { ...env },
    stdin: "null",
    stdout: "null",
    stderr: "null",
  }).output();
  if (!success) return null;
  const quoted = (await Deno.readTextFile(log)).matchAll(/"((?:[^"\\]|\\.)*)"/g);
  const paths = new Set(Array.from(quoted, (match) => unquote(match[1]!)));
  // A trace without the catalog has missed everything.
  return [...paths].some((path) => path.endsWith("/catalog.db")) ? paths : null;
}

/** Decode the escapes of strace: octal bytes, and those of C. */
function unquote(text: string): string {
  const bytes = text.replaceAll(/\\([0-7]{1,3}|.)/g, (_, code: string) => {
    if (/^[0-7]/.test(code)) return String.fromCharCode(Number.parseInt(code, 8));
    return { n: "\n", t: "\t", r: "\r", v: "\v", f: "\f" }[code] ?? code;
  });
  return new TextDecoder().decode(Uint8Array.from(bytes, (sign) => sign.charCodeAt(0)));
}
