import { fileURLToPath } from "node:url";

/** An error that the system returns instead of doing a call. */
export interface Fault {
  /** The file or folder that the call is about; other files are left alone. */
  readonly path: string;
  /**
   * Call and error as strace injects them, such as `fsync:error=EIO`. Not `when=`: strace counts by thread, and nobody
   * knows which thread of the runtime does a call.
   */
  readonly inject: string;
}

/** Options of {@linkcode runWithFault}. */
export interface FaultyRunOptions {
  /** Working directory; the program may write only here and to the temporary folder. */
  readonly folder: string;
  /** Variables added to the environment. */
  readonly env: Readonly<Record<string, string>>;
  /** The only origins that the program may reach. */
  readonly origins: readonly string[];
  /** The error to inject; `undefined` for a run on a sound disk. */
  readonly fault?: Fault | undefined;
}

/** How a run of the program ended. */
export interface FaultyRun {
  readonly code: number;
  /** Standard output and standard error. */
  readonly text: string;
  /** Number of calls that failed because of the fault. */
  readonly faults: number;
}

/** Run the program under strace, which makes a system call on one path fail. */
export async function runWithFault(args: readonly string[], options: FaultyRunOptions): Promise<FaultyRun> {
  const { folder, env, origins, fault } = options;
  const log = await Deno.makeTempFile();
  const tracing = fault === undefined ? [] : tracingWords(fault, log);
  const words = [
    ...tracing,
    Deno.execPath(),
    "run",
    "-q",
    "--no-prompt",
    "--allow-read",
    `--allow-write=${folder},${Deno.env.get("TMPDIR") ?? "/tmp"}`,
    `--allow-net=${origins.map((origin) => new URL(origin).host).join(",")}`,
    "--allow-env",
    "--allow-sys=statfs,uid",
    fileURLToPath(new URL("../../cli.ts", import.meta.url)),
    ...args,
  ];
  try {
    const command = new Deno.Command(words[0]!, {
      args: words.slice(1),
      cwd: folder,
      env: { NO_PROXY: "127.0.0.1", NO_COLOR: "1", ...env },
    });
    const { code, stdout, stderr } = await command.output();
    const text = new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
    return { code, text, faults: (await Deno.readTextFile(log)).split("(INJECTED)").length - 1 };
  } finally {
    await Deno.remove(log);
  }
}

/** Follow all threads, stop at no other call than the one that fails, and say nothing on standard error. */
function tracingWords({ path, inject }: Fault, log: string): readonly string[] {
  const calls = inject.slice(0, inject.indexOf(":"));
  const filters = ["-P", path, "-e", `trace=${calls}`, "-e", `inject=${inject}`];
  return ["strace", "-f", "-qq", "--seccomp-bpf", "-o", log, ...filters];
}

/** Why errors cannot be injected here; `null` if they can. */
export async function noFaults(): Promise<string | null> {
  if (Deno.build.os !== "linux") return "strace runs on Linux only";
  try {
    const words = [...tracingWords({ path: "/", inject: "fsync:error=EIO" }, "/dev/null"), "true"];
    const { success } = await new Deno.Command(words[0]!, { args: words.slice(1), stdout: "null", stderr: "null" })
      .output();
    return success ? null : "strace may not trace here";
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return "strace is not installed";
    throw error;
  }
}
