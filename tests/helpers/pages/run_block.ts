import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import type { PagePlace } from "./page_place.ts";
import { readBlock, type Replacement } from "./read_block.ts";
import { startShell } from "./start_shell.ts";

/** How a command of a block ends: with 0 and this in its output, or in another way. */
export type End = string | OtherEnd;

interface OtherEnd {
  readonly code: number;
  /** Part of what it prints. */
  readonly prints: string;
  /** For a command that never ends: what to do once it has printed that; Ctrl-C follows. */
  readonly meanwhile?: (printed: string) => Promise<void>;
}

/** Describe a command that ends with this code, as the page says. */
export function endsWith(code: number, prints: string): End {
  return { code, prints };
}

/** Options of {@linkcode runsUntilStopped}. */
interface RunsOptions {
  /** Look at what it does, before Ctrl-C. */
  readonly meanwhile?: (printed: string) => Promise<void>;
  /**
   * The exit code after Ctrl-C.
   *
   * @default {130}
   */
  readonly code?: number;
}

/** Describe a command that does not end by itself: once it has printed this, it gets Ctrl-C. */
export function runsUntilStopped(prints: string, options: RunsOptions = {}): End {
  const { meanwhile = async () => {}, code = 130 } = options;
  return { code, prints, meanwhile };
}

/** Options of {@linkcode runBlock}. */
export interface RunBlockOptions {
  /** The words that a reader replaces as well. */
  readonly replaced?: readonly Replacement[];
  /** Variables that the reader has set. */
  readonly env?: Readonly<Record<string, string>>;
  /** The working folder, if it is another one than the home. */
  readonly cwd?: string;
  /** What the reader types. */
  readonly input?: string;
}

/**
 * Run a block of a page in one shell, and compare how each of its commands ends.
 *
 * @param place Where to run it
 * @param page Path of the page in this repository
 * @param beginning How the block begins; no other block of the page does
 * @param ends For each command, in their order
 * @param options What the reader replaces, sets and types
 * @returns What each command printed to standard output and standard error
 */
export async function runBlock(
  place: PagePlace,
  page: string,
  beginning: string,
  ends: readonly End[],
  options: RunBlockOptions = {},
): Promise<readonly string[]> {
  const { replaced, env = {}, cwd = place.folder, input = "" } = options;
  const commands = commandsOf(await readBlock(page, beginning, replaced));
  assertEquals(commands.length, ends.length, `${page} has other commands:\n${commands.join("\n")}`);
  const marked = commands.map((command) => `${command}\nprintf '${MARK}%s\\n' "$?"\n`);
  const script = `exec 2>&1\n${marked.join("")}`;
  using shell = startShell(script, { flags: "-c", cwd, env: { ...place.env, ...env } });
  // A command that reads nothing may have ended by now.
  await new Response(input).body!.pipeTo(shell.process.stdin).catch(() => {});
  await shell.process.stderr.cancel();
  const printed = await readWithStops(shell.process.stdout, place, ends);
  await shell.process.status;
  return compareEnds(commands, printed, ends);
}

/** What the shell prints after each command, before its exit code: a control character that no program prints. */
const MARK = "\x1e";

/** The commands of a block, one for each line that does not continue the one before. */
function commandsOf(script: string): readonly string[] {
  const lines = script.replaceAll(/\\\n */g, "").split("\n");
  return lines.filter((line) => /^[^#]/.test(line));
}

/** Read what the commands print, and stop those that never end. */
async function readWithStops(
  output: ReadableStream<Uint8Array<ArrayBuffer>>,
  { startedFile }: PagePlace,
  ends: readonly End[],
): Promise<string> {
  let printed = "";
  const stopped = new Set<End>();
  for await (const chunk of output.pipeThrough(new TextDecoderStream())) {
    printed += chunk;
    const outputs = printed.split(MARK);
    const end = ends[outputs.length - 1];
    const current = outputs.at(-1)!;
    if (typeof end !== "object" || end.meanwhile === undefined) continue;
    if (stopped.has(end) || !current.includes(end.prints)) continue;
    stopped.add(end);
    await end.meanwhile(current);
    Deno.kill(Number(await Deno.readTextFile(startedFile)), "SIGINT");
  }
  return printed;
}

/** Compare codes and outputs; returns the outputs. */
function compareEnds(commands: readonly string[], printed: string, ends: readonly End[]): readonly string[] {
  const parts = [...printed.matchAll(new RegExp(`([^${MARK}]*)${MARK}(\\d+)\n`, "g"))];
  return ends.map((end, index) => {
    const { code, prints } = typeof end === "string" ? { code: 0, prints: end } : end;
    const command = commands[index]!;
    const part = parts[index];
    assert(part !== undefined, `${command}\ndid not end:\n${printed.split(MARK).at(-1)}`);
    const [, output, status] = part;
    assertEquals(Number(status), code, `${command}\n${output}`);
    assertStringIncludes(output!, prints, command);
    return output!;
  });
}
