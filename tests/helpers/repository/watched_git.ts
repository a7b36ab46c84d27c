import { join } from "node:path";

/** When the process that runs git is killed: before git does its work, or after. */
export type KillMoment = "before" | "after";

/** One call of git. */
export interface GitCall {
  /** Process that called it. */
  readonly parent: number;
  /** Number of complete steps in the journal that `WATCHED_JOURNAL` names; `null` if there was none. */
  readonly at: number | null;
  /** Working directory. */
  readonly cwd: string;
  readonly args: readonly string[];
}

/** A `git` that records how it is called, and that kills the process that calls it at one of the calls. */
export interface WatchedGit {
  /** Environment for a process that shall use it. */
  readonly env: Readonly<Record<string, string>>;
  /** Environment for a process that shall be killed at a call, counted from 1. */
  readonly envAt: (call: number, moment: KillMoment) => Readonly<Record<string, string>>;
  /** Start counting calls anew. */
  readonly reset: () => Promise<void>;
  /** Every call since the last reset. */
  readonly calls: () => Promise<readonly GitCall[]>;
}

/** Put such a `git` into a folder. */
export async function writeWatchedGit(folder: string): Promise<WatchedGit> {
  const { stdout } = await new Deno.Command("sh", { args: ["-c", "command -v git"] }).output();
  const real = new TextDecoder().decode(stdout).trim();
  const log = join(folder, "calls");
  const count = join(folder, "count");
  await Deno.mkdir(folder, { recursive: true });
  const script = `#!/bin/sh
at=
[ -n "$WATCHED_JOURNAL" ] && at=$(sed -n 's/.*"at":\\([0-9]*\\),.*/\\1/p' "$WATCHED_JOURNAL" 2> /dev/null)
printf '%s\\0' "$PPID" "$at" "$PWD" "$#" "$@" >> '${log}'
printf . >> '${count}'
if [ -n "$KILL_AT" ] && [ "$(wc -c < '${count}')" -eq "$KILL_AT" ]; then
  [ "$KILL_WHEN" = after ] && '${real}' "$@" > /dev/null 2>&1 < /dev/null
  kill -9 $PPID
  exit 1
fi
exec '${real}' "$@"
`;
  await Deno.writeTextFile(join(folder, "git"), script, { mode: 0o755 });
  const reset = async () => {
    for (const path of [log, count]) await Deno.writeTextFile(path, "");
  };
  await reset();
  const env = { PATH: `${folder}:${Deno.env.get("PATH")}` };
  return {
    env,
    envAt: (call, moment) => ({ ...env, KILL_AT: String(call), KILL_WHEN: moment }),
    reset,
    calls: async () => parseCalls(await Deno.readTextFile(log)),
  };
}

function parseCalls(text: string): readonly GitCall[] {
  const fields = text.split("\0");
  const calls: GitCall[] = [];
  for (let index = 0; index + 3 < fields.length;) {
    const [parent, at, cwd, count] = fields.slice(index, index + 4);
    const end = index + 4 + Number(count);
    calls.push({
      parent: Number(parent),
      at: at === "" ? null : Number(at),
      cwd: cwd!,
      args: fields.slice(index + 4, end),
    });
    index = end;
  }
  return calls;
}
