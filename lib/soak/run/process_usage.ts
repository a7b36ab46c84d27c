import { linesOf } from "./_work_message.ts";

/** The resource usage of a process, measured from outside. */
export interface ProcessUsage {
  /** Resident memory in bytes. */
  readonly rss: number;
  /** Number of open files and sockets. */
  readonly handles: number;
}

/**
 * Script that prints the number of open files and the resident memory in KiB for each process id on standard input, or
 * an empty line if it may not list the files. It uses only shell builtins.
 */
const SCRIPT = `
while read -r pid; do
  [ -r "/proc/$pid/fd" ] || { echo; continue; }
  set -- "/proc/$pid/fd/"*
  rss=
  if [ -e "/proc/$pid/status" ]; then
    while read -r key value rest; do [ "$key" = VmRSS: ] && rss=$value; done < "/proc/$pid/status"
  fi
  echo "$# $rss"
done 2>/dev/null
`;

/**
 * Measures other processes through `/proc`. Deno allows only programs with all permissions to read it, so a shell reads
 * it instead. One shell is used for all measurements, because starting a shell for each of them would cost more than
 * the measurement itself.
 */
export class ProcessMeter implements AsyncDisposable {
  #shell: { readonly child: Deno.ChildProcess; readonly lines: AsyncGenerator<string> } | null = null;
  #turn: Promise<unknown> = Promise.resolve();

  /**
   * Measure a process.
   *
   * @param pid The id of the process
   * @returns Its resource usage; `null` on systems other than Linux, or if the process is gone or belongs to another
   * user
   */
  async measure(pid: number): Promise<ProcessUsage | null> {
    if (Deno.build.os !== "linux") return null;
    const answer = this.#turn.then(() => this.#query(pid));
    this.#turn = answer.catch(() => {});
    return await answer;
  }

  /** End the shell, if it was started. */
  async [Symbol.asyncDispose](): Promise<void> {
    const shell = this.#shell;
    if (shell === null) return;
    this.#shell = null;
    await shell.child.stdin.close().catch(() => {});
    await shell.lines.return(undefined);
    await shell.child.status;
  }

  async #query(pid: number): Promise<ProcessUsage | null> {
    const { child, lines } = this.#shell ??= start();
    const writer = child.stdin.getWriter();
    try {
      await writer.write(new TextEncoder().encode(`${pid}\n`));
    } finally {
      writer.releaseLock();
    }
    const { value, done } = await lines.next();
    const match = done ? null : /^(\d+) (\d+)$/.exec(value);
    return match === null ? null : { handles: Number(match[1]), rss: Number(match[2]) * 1024 };
  }
}

function start() {
  const child = new Deno.Command("sh", { args: ["-c", SCRIPT], stdin: "piped", stdout: "piped", stderr: "null" })
    .spawn();
  return { child, lines: linesOf(child.stdout) };
}
