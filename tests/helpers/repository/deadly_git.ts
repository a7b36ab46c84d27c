import { join } from "node:path";

/** When the process that runs git is killed: before git does its work, or after. */
export type KillMoment = "before" | "after";

/** A `git` that kills the process that calls it, at one of the calls. */
export interface DeadlyGit {
  /** Environment for a process that shall use it. */
  readonly envAt: (call: number, moment: KillMoment) => Readonly<Record<string, string>>;
  /** Start counting calls anew. */
  readonly reset: () => Promise<void>;
  /** Number of calls since the last reset. */
  readonly count: () => Promise<number>;
  /** Arguments of every call since the last reset. */
  readonly calls: () => Promise<readonly string[]>;
}

/** Put a `git` into a folder that counts its calls, and kills its parent with SIGKILL at the call that `envAt` names. */
export async function writeDeadlyGit(folder: string): Promise<DeadlyGit> {
  const { stdout } = await new Deno.Command("sh", { args: ["-c", "command -v git"] }).output();
  const real = new TextDecoder().decode(stdout).trim();
  const log = join(folder, "calls");
  await Deno.mkdir(folder, { recursive: true });
  const script = `#!/bin/sh
printf '%s\\n' "$*" | tr '\\n' ' ' >> '${log}'; echo >> '${log}'
if [ "$(wc -l < '${log}')" = "$KILL_AT" ]; then
  [ "$KILL_WHEN" = after ] && ${real} "$@" > /dev/null 2>&1 < /dev/null
  kill -9 $PPID
  exit 1
fi
exec ${real} "$@"
`;
  await Deno.writeTextFile(join(folder, "git"), script, { mode: 0o755 });
  const reset = () => Deno.writeTextFile(log, "");
  await reset();
  const calls = async () => (await Deno.readTextFile(log)).split("\n").filter(Boolean);
  return {
    envAt: (call, moment) => ({
      PATH: `${folder}:${Deno.env.get("PATH")}`,
      KILL_AT: String(call),
      KILL_WHEN: moment,
    }),
    reset,
    count: async () => (await calls()).length,
    calls,
  };
}
