import { KitError } from "../../lib/base/mod.ts";

interface Tool {
  /** Arguments that print the version. */
  readonly words: readonly string[];
  /** Debian package that contains the program. */
  readonly debian: string;
}

const TOOLS = {
  nginx: { words: ["-v"], debian: "nginx-light" },
  openssl: { words: ["version"], debian: "openssl" },
  curl: { words: ["--version"], debian: "curl" },
  sha256sum: { words: ["--version"], debian: "coreutils" },
  aria2c: { words: ["--version"], debian: "aria2" },
  wget2: { words: ["--version"], debian: "wget2" },
  axel: { words: ["--version"], debian: "axel" },
} as const satisfies Readonly<Record<string, Tool>>;

/** A program that the benchmarks use. */
export type ToolName = keyof typeof TOOLS;

/** The programs that this machine has. */
export interface Tools {
  /** Versions of the installed programs, by name; `?` if unknown. */
  readonly versions: Readonly<Partial<Record<ToolName, string>>>;
  /** Whether all of these programs are installed. */
  has(...names: readonly ToolName[]): boolean;
  /** Format a note that a program is missing, and how to install it. */
  missing(name: ToolName): string;
  /** Throw `inconclusive` unless all of these programs are installed. */
  need(...names: readonly ToolName[]): void;
}

/** Find out which programs are installed, by running each for its version. */
export async function findTools(): Promise<Tools> {
  const names = Object.keys(TOOLS) as ToolName[];
  const found = await Promise.all(names.map(async (name) => [name, await versionOf(name)] as const));
  const versions = Object.fromEntries(found.filter(([, version]) => version !== null));
  const has = (...wanted: readonly ToolName[]) => wanted.every((name) => name in versions);
  const missing = (name: ToolName) => `${name} is not installed (Debian: apt-get install ${TOOLS[name].debian})`;
  return {
    versions,
    has,
    missing,
    need(...wanted) {
      const lacks = wanted.filter((name) => !has(name));
      if (lacks.length > 0) throw new KitError("inconclusive", `Cannot measure: ${lacks.map(missing).join("; ")}`);
    },
  };
}

async function versionOf(name: ToolName): Promise<string | null> {
  try {
    const { stdout, stderr } = await new Deno.Command(name, { args: [...TOOLS[name].words], stdin: "null" }).output();
    const text = new TextDecoder();
    return /\d+(?:\.\d+)+/.exec(text.decode(stdout) + text.decode(stderr))?.[0] ?? "?";
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}
