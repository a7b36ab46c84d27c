/** A program that work on this project needs or can use. */
export interface Tool {
  readonly name: string;
  readonly args: readonly string[];
  /** The lowest version; `null` for a program without which the tests that use it are skipped. */
  readonly needs: string | null;
  readonly purpose: string;
}

/** A program that was looked for. */
export interface FoundTool {
  readonly name: string;
  /** Its version; `null` if it is not installed. */
  readonly version: string | null;
  readonly needs: string | null;
  readonly isEnough: boolean;
  readonly purpose: string;
}

/** The programs, those that are needed first. */
export const TOOLS: readonly Tool[] = [
  { name: "deno", args: ["--version"], needs: "2.9.6", purpose: "everything" },
  { name: "git", args: ["--version"], needs: "2.39.0", purpose: "branches, releases, comparisons of commits" },
  { name: "nginx", args: ["-v"], needs: null, purpose: "tests and benchmarks against a real web server" },
  { name: "curl", args: ["--version"], needs: null, purpose: "tests of the sandbox, and a peer of benchmarks" },
  { name: "openssl", args: ["version"], needs: null, purpose: "tests with TLS" },
  { name: "promtool", args: ["--version"], needs: null, purpose: "tests of the exported metrics" },
  { name: "chromium", args: ["--version"], needs: null, purpose: "tests of the live page" },
  { name: "strace", args: ["--version"], needs: null, purpose: "tests of what is flushed before a rename" },
  { name: "mkfs.exfat", args: ["-V"], needs: null, purpose: "tests on exFAT, as root" },
  { name: "mount.exfat-fuse", args: ["-V"], needs: null, purpose: "tests on exFAT, as root" },
  { name: "python3", args: ["--version"], needs: null, purpose: "tests of pickles that Python writes" },
  { name: "systemd-notify", args: ["--version"], needs: null, purpose: "tests of the service of systemd" },
  { name: "bash", args: ["--version"], needs: null, purpose: "tests of its completions" },
  { name: "zsh", args: ["--version"], needs: null, purpose: "tests of its completions" },
  { name: "fish", args: ["--version"], needs: null, purpose: "tests of its completions" },
  { name: "time", args: ["--version"], needs: null, purpose: "tests of processor time and memory" },
];

/** Look for a program and compare its version. */
export async function findTool({ name, args, needs, purpose }: Tool): Promise<FoundTool> {
  const version = name === "deno" ? Deno.version.deno : await readVersion(name, args);
  const isEnough = version !== null && (needs === null || isAtLeast(version, needs));
  return { name, version, needs, isEnough, purpose };
}

async function readVersion(name: string, args: readonly string[]): Promise<string | null> {
  try {
    const { stdout, stderr } = await new Deno.Command(name, { args: [...args], stdin: "null" }).output();
    const text = new TextDecoder();
    // nginx writes its version to standard error.
    return /\d+(?:\.\d+)+/.exec(text.decode(stdout) + text.decode(stderr))?.[0] ?? "unknown";
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.PermissionDenied) return null;
    throw error;
  }
}

/** Compare versions of two or three numbers. */
export function isAtLeast(version: string, least: string): boolean {
  const [have, want] = [version, least].map((text) => text.split(".").map(Number));
  for (const [index, number] of want!.entries()) {
    const own = have![index] ?? 0;
    if (own !== number) return own > number;
  }
  return true;
}
