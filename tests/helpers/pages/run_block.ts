import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import type { PagePlace } from "./page_place.ts";
import { readBlock, type Replacement } from "./read_block.ts";

/** How a command of a block ends: with 0, and this in its output; or in another way. */
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
 * @param ends For each command, in their order
 * @returns What each command printed to standard output and standard error
 */
export async function runBlock(
  place: PagePlace,
  page: string,
  beginning: string,
  ends: readonly End[],
  options: RunBlockOptions = {},
): Promise<readonly string[]> {
  return await runScript(place, await readBlock(page, beginning, options.replaced), ends, options);
}

/** What the shell prints after each command, before its exit code: a control character that no program prints. */
const MARK = "\x1e";

async function runScript(
  { folder, env, startedFile }: PagePlace,
  script: string,
  ends: readonly End[],
  { env: more = {}, cwd = folder, input = "" }: RunBlockOptions,
): Promise<readonly string[]> {
  const commands = commandsOf(script);
  assertEquals(commands.length, ends.length, `The ends of ${commands.length} commands must be stated:\n${script}`);
  const marked = commands.map((command) => `${command}\nprintf '${MARK}%s\\n' "$?"\n`);
  const child = new Deno.Command("sh", {
    args: ["-c", `exec 2>&1\n${marked.join("")}`],
    cwd,
    clearEnv: true,
    env: { ...env, ...more },
    stdin: "piped",
    stdout: "piped",
    // A guard against a hang: a block takes some seconds of a quiet machine.
    signal: AbortSignal.timeout(120_000),
  }).spawn();
  await new Response(input).body!.pipeTo(child.stdin).catch(() => {});
  let printed = "";
  const stopped = new Set<number>();
  for await (const chunk of child.stdout.pipeThrough(new TextDecoderStream())) {
    printed += chunk;
    const done = printed.split(MARK);
    const index = done.length - 1;
    const end = ends[index];
    if (typeof end !== "object" || end.meanwhile === undefined || stopped.has(index)) continue;
    if (!done.at(-1)!.includes(end.prints)) continue;
    stopped.add(index);
    await end.meanwhile(done.at(-1)!);
    Deno.kill(Number(await Deno.readTextFile(startedFile)), "SIGINT");
  }
  await child.status;
  const outputs: string[] = [];
  const rest = commands.reduce((text, command, index) => {
    const match = new RegExp(`^([^${MARK}]*)${MARK}(\\d+)\n`).exec(text);
    assert(match !== null, `${command}\ndid not end:\n${text}`);
    const [whole, output, code] = match;
    const end = ends[index]!;
    const { code: expected, prints } = typeof end === "string" ? { code: 0, prints: end } : end;
    assertEquals(Number(code), expected, `${command}\n${output}`);
    assertStringIncludes(output!, prints, command);
    outputs.push(output!);
    return text.slice(whole.length);
  }, printed);
  assertEquals(rest, "");
  return outputs;
}

/** The commands of a block, one for each line that does not continue the one before. */
function commandsOf(script: string): readonly string[] {
  const lines = script.replaceAll(/\\\n */g, "").split("\n");
  return lines.filter((line) => /^[^#]/.test(line));
}
