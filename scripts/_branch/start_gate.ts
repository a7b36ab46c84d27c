import { endProcess, type ErrorCode, KitError } from "../../lib/base/mod.ts";
import { type Display, renderCommandLine } from "../../lib/cli/mod.ts";
import { type CheckStep, openTreeScratch } from "../../lib/git/mod.ts";

/** The kind of the error for an exit code of a gate, and what it says. */
interface GateEnd {
  readonly kind: ErrorCode;
  readonly state: string;
}

const ENDS: Readonly<Record<number, GateEnd>> = {
  2: { kind: "usage", state: "its configuration is invalid" },
  3: { kind: "inconclusive", state: "evidence is missing" },
};

/** Any other exit code. */
const FAILED: GateEnd = { kind: "failed", state: "it failed" };

/**
 * Time in milliseconds that a gate has to end what it started; the command is to end within five seconds, and has to
 * remove what a gate leaves that takes longer.
 */
const GRACE_MS = 3000;

/** Options of {@linkcode startGate}. */
export interface StartGateOptions {
  /** Receives the lines that the gate prints. */
  readonly display: Display;
  /** Ends the gate. */
  readonly signal: AbortSignal;
}

/**
 * Run the gate of a branch in a temporary tree. Its output goes to standard error, line by line.
 *
 * @param step The check
 * @param folder The tree
 * @param options Display and signal
 * @returns `null` if it passed, otherwise the error that the command ends with
 */
export async function startGate(step: CheckStep, folder: string, options: StartGateOptions): Promise<KitError | null> {
  const { display, signal } = options;
  signal.throwIfAborted();
  const [program, ...args] = step.command;
  const words = renderCommandLine(step.command);
  display.log(`Runs ${words} in a temporary tree`);
  const isGroup = Deno.build.os !== "windows";
  // A gate that is killed leaves what it has written there, such as the coverage of thousands of tests.
  await using scratch = await openTreeScratch(folder);
  const { path: temporary } = scratch;
  try {
    const child = new Deno.Command(program === "deno" ? Deno.execPath() : program!, {
      args,
      cwd: folder,
      // A task runs in the folder from which it was started, and this program may be a task itself.
      env: { INIT_CWD: folder, NO_COLOR: "1", TMPDIR: temporary, TMP: temporary, TEMP: temporary },
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
      // Ctrl-C reaches this process alone, which then ends the gate with all that it started.
      detached: isGroup,
    }).spawn();
    const code = await watchGate(child, { display, signal, isGroup });
    if (code === 0) return null;
    const { kind, state } = ENDS[code] ?? FAILED;
    return new KitError(kind, `Cannot finish: the gate "${words}" did not pass: ${state}`, {
      hint: 'Nothing was changed. Mend the cause, or record why it does not count: --override "REASON"',
    });
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    return new KitError("usage", `Cannot run the gate "${words}": there is no program "${program}"`, { cause: error });
  }
}

/** Show the lines of a gate until it ends, and end it by the signal, whose reason is then thrown. */
async function watchGate(
  child: Deno.ChildProcess,
  { display, signal, isGroup }: StartGateOptions & { readonly isGroup: boolean },
): Promise<number> {
  const cut = new AbortController();
  const show = (stream: ReadableStream<Uint8Array>) => logLines(stream, { display, signal: cut.signal });
  const ended = Promise.all([child.status, show(child.stdout), show(child.stderr)]);
  let stopping: Promise<void> | undefined;
  const stop = () => {
    // A process of another group may live on and keep the output open.
    stopping = endProcess(child, { isGroup, exited: ended, graceMs: GRACE_MS }).finally(() => cut.abort());
  };
  signal.addEventListener("abort", stop, { once: true });
  try {
    const [{ code }] = await ended;
    signal.throwIfAborted();
    return code;
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    signal.removeEventListener("abort", stop);
    await stopping;
  }
}

async function logLines(stream: ReadableStream<Uint8Array>, { display, signal }: StartGateOptions): Promise<void> {
  let rest = "";
  for await (const text of stream.pipeThrough(new TextDecoderStream(), { signal })) {
    const lines = `${rest}${text}`.split("\n");
    rest = lines.pop()!;
    for (const line of lines) display.log(`  ${line}`);
  }
  if (rest !== "") display.log(`  ${rest}`);
}
