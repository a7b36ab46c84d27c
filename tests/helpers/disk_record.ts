import { relative, resolve } from "node:path";

/** A call that changed what is on the disk, as strace recorded it. */
export interface DiskCall {
  /** The call and its paths, such as `flush /x/a.tmp`, `rename /x/a.tmp to /x/a` or `remove /x/a`. */
  readonly step: string;
  /** Place in the record at which it began. */
  readonly start: number;
  /** Place in the record at which it had ended; a flush counts from here on. */
  readonly end: number;
}

/** What a program wrote to standard output, and what it did to the disk. */
export interface DiskRecord {
  readonly code: number;
  readonly out: string;
  /** Standard error. */
  readonly err: string;
  readonly calls: readonly DiskCall[];
}

const UUID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/;

const CALLS: Readonly<Record<string, string>> = {
  fsync: "flush",
  fdatasync: "flush",
  rename: "rename",
  renameat: "rename",
  renameat2: "rename",
  link: "link",
  linkat: "link",
  unlink: "remove",
  unlinkat: "remove",
};

/**
 * Run a program under strace, which records the order of flushes, renames, links and removals in all of its threads and
 * child processes.
 *
 * @param words The program and its arguments
 * @param cwd Working directory, for paths of calls that are relative
 */
export async function recordDisk(words: readonly string[], cwd: string): Promise<DiskRecord> {
  const log = await Deno.makeTempFile();
  try {
    const tracing = ["-f", "-qq", "-y", "-s", "4096", "--seccomp-bpf", "-e", `trace=${Object.keys(CALLS)}`, "-o", log];
    const { code, stdout, stderr } = await new Deno.Command("strace", { args: [...tracing, ...words], cwd }).output();
    const [out, err] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
    return { code, out: out!, err: err!, calls: parseDiskRecord(await Deno.readTextFile(log), cwd) };
  } finally {
    await Deno.remove(log);
  }
}

/**
 * Parse what strace wrote. A call that another thread interrupted stands on two lines; calls that failed are left out.
 *
 * @param text Lines of `strace -f -y -o`
 * @param cwd Folder to which relative paths belong
 */
export function parseDiskRecord(text: string, cwd: string): readonly DiskCall[] {
  const open = new Map<string, { readonly head: string; readonly start: number }>();
  const calls: DiskCall[] = [];
  for (const [place, line] of text.split("\n").entries()) {
    const [, thread, rest] = /^(\d+) +(.*)$/.exec(line) ?? [];
    if (thread === undefined || rest === undefined) continue;
    if (rest.endsWith("<unfinished ...>")) {
      open.set(thread, { head: rest.slice(0, -"<unfinished ...>".length), start: place });
      continue;
    }
    const begun = open.get(thread);
    const [, tail] = /^<\.\.\. \w+ resumed>(.*)$/.exec(rest) ?? [];
    open.delete(thread);
    const whole = tail === undefined ? rest : `${begun?.head ?? ""}${tail}`;
    const step = parseCall(whole, cwd);
    if (step !== null) calls.push({ step, start: tail === undefined ? place : begun?.start ?? place, end: place });
  }
  return calls.toSorted((a, b) => a.start - b.start);
}

function parseCall(line: string, cwd: string): string | null {
  const [, name, args] = /^(\w+)\((.*)\) += 0$/.exec(line) ?? [];
  const verb = CALLS[name ?? ""];
  if (verb === undefined || args === undefined) return null;
  if (verb === "flush") return `flush ${/<(.*)>/.exec(args)?.[1]?.replace(/ \(deleted\)$/, "")}`;
  // Of the calls that end with "at", each path follows the folder to which it belongs.
  const paths = [...args.matchAll(/(?:(?:AT_FDCWD|\d+)(?:<([^>]*)>)?, )?"((?:[^"\\]|\\.)*)"/g)]
    .map(([, folder, path]) => resolve(folder ?? cwd, path!));
  return `${verb} ${paths.join(" to ")}`;
}

/**
 * Find the first of some steps that is not in a record at its place: each must begin after the one before has ended.
 *
 * @param calls The record
 * @param steps Such as `flush a.tmp`, `rename a.tmp to a`, `flush .`, with paths relative to `root`
 * @param root The folder
 * @returns The step that is missing; `null` if none is
 */
export function findMissingStep(calls: readonly DiskCall[], steps: readonly string[], root: string): string | null {
  const own = callsIn(calls, root);
  let after = -1;
  for (const step of steps) {
    const found = own.filter((call) => call.step === step && call.start > after)
      .reduce<DiskCall | undefined>(
        (first, call) => first === undefined || call.end < first.end ? call : first,
        undefined,
      );
    if (found === undefined) return step;
    after = found.end;
  }
  return null;
}

/** The calls below a folder, with paths relative to it; a random id in a path is `UUID`. */
export function callsIn(calls: readonly DiskCall[], root: string): readonly DiskCall[] {
  return calls.flatMap((call) => {
    const [, verb, paths] = /^(\w+) (.*)$/.exec(call.step)!;
    const inner = paths!.split(" to ").map((path) => (relative(root, path) || ".").replace(UUID, "UUID"));
    return inner.some((path) => path.startsWith("..")) ? [] : [{ ...call, step: `${verb} ${inner.join(" to ")}` }];
  });
}
