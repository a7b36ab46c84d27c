import { assertPlainFile, type Env, KitError, readReason } from "../../../lib/base/mod.ts";
import type { FlagSource } from "../../../lib/cli/mod.ts";

/** The earlier tool's file for the key, in the working directory. */
const KEY_FILE = "api_key.md";

/** An API key and where it came from. */
export interface FoundToken {
  /** The key. */
  readonly token: string;
  /** Where it was found, for messages: a flag, a variable or a file. */
  readonly origin: string;
  /** Warning for the user if other users can read the file that contains the key; otherwise `null`. */
  readonly warning: string | null;
}

/**
 * Find the API key: flag, environment, named file, `api_key.md`.
 *
 * @returns The key, or `null` when there is none
 * @throws {KitError} `usage` if a specified file cannot be read or contains no key, `unsafe` if `api_key.md` is a pipe
 * or a device
 */
export function findToken(
  places: {
    readonly flag?: string | undefined;
    readonly source?: FlagSource | undefined;
    readonly file?: string | undefined;
    /** Path of the configuration file, if the key is in it. */
    readonly config?: string | undefined;
    readonly env: Env;
  },
): FoundToken | null {
  const { flag, source, file, config, env } = places;
  // --token-file takes precedence over a key from the environment or the configuration.
  const isBeaten = file !== undefined && source !== "flag";
  if (flag !== undefined && !isBeaten) {
    const exposed = "--token shows the key to other users of this machine: prefer CIVITAI_API_KEY";
    const openConfig = config === undefined ? null : openFileWarning(config);
    const warning = source === "flag" ? exposed : openConfig;
    const token = flag.trim();
    return { token, origin: originOf(token, source, config), warning };
  }
  if (file !== undefined) return readKeyFile(file, { isNamed: true });
  for (const origin of ["CIVITAI_API_KEY", "CIVITAI_TOKEN"]) {
    const fromEnv = env(origin);
    if (fromEnv !== undefined) return { token: fromEnv.trim(), origin, warning: null };
  }
  return readKeyFile(KEY_FILE, { isNamed: false });
}

function originOf(token: string, source: FlagSource | undefined, config: string | undefined): string {
  if (source === "flag") return "--token";
  if (source === "env") return "CIVITAI_API_KEY";
  return config === undefined ? "the configuration" : `"${config}"${lineOf(token, config)}`;
}

/** The line of a configuration file that has the key, as `, line 3`; empty if it cannot be found. */
function lineOf(token: string, path: string): string {
  // A pipe would be empty, or never end.
  if (!Deno.statSync(path).isFile) return "";
  const lines = Deno.readTextFileSync(path).split("\n");
  const index = lines.findIndex((line) => line.includes(token) && /^\s*["']?token["']?\s*:/.test(line));
  return index === -1 ? "" : `, line ${index + 1}`;
}

/**
 * Refuse a key that no server can get in a header, before anything is created for it. The usual mistakes are named.
 *
 * @throws {KitError} `usage`
 */
export function requireUsableKey({ token, origin }: Pick<FoundToken, "token" | "origin">): void {
  const refuse = (reason: string, hint: string) => {
    throw new KitError("usage", `Cannot use the API key from ${origin}: ${reason}`, { hint });
  };
  if (/^bearer\s/i.test(token)) refuse('it begins with "Bearer"', "Give only the key, without that word");
  if (/^(["'`]).*\1$/.test(token)) refuse("it is in quotation marks", "Leave out the marks");
  if (!/^[\x21-\x7e]*$/.test(token)) {
    refuse(
      "it contains spaces or invalid characters",
      "Copy it again from https://civitai.com/user/account, on one line",
    );
  }
}

/**
 * Create the warning for a run without an API key.
 *
 * @param token The key, if there is one
 * @returns The warning; `null` if there is a key, or the address does not belong to Civitai
 */
export function missingKeyWarning(token: string | undefined, baseUrl: string): string | null {
  const isCivitai = /^(?:www\.)?civitai\.(?:com|red)$/.test(URL.parse(baseUrl)?.hostname ?? "");
  if (token !== undefined || !isCivitai) return null;
  return "no API key is given, and Civitai documents that every download needs one: make one at " +
    "https://civitai.com/user/account, and put it into CIVITAI_API_KEY";
}

/** Collect every key that might be in use, for the redactor. */
export function findSecrets(argv: readonly string[], env: Env): readonly string[] {
  const secrets = [env("CIVITAI_API_KEY"), env("CIVITAI_TOKEN"), env("GITHUB_TOKEN"), env("GH_TOKEN")];
  argv.forEach((word, index) => {
    if (word === "--token") secrets.push(argv[index + 1]);
    if (word.startsWith("--token=")) secrets.push(word.slice("--token=".length));
  });
  const fileAt = argv.findIndex((word) => word === "--token-file");
  const named = argv.find((word) => word.startsWith("--token-file="))?.slice("--token-file=".length) ??
    argv[fileAt + 1];
  for (const path of [KEY_FILE, ...(fileAt >= 0 || named !== argv[0] ? [named] : [])]) {
    try {
      if (path !== undefined) secrets.push(readKeyFile(path, { isNamed: false })?.token);
    } catch {
      // The command itself reports a file that cannot be used.
    }
  }
  return secrets.filter((secret) => secret !== undefined);
}

/** Collect every key in a configuration, in its sections, and in the key files that it specifies, for the redactor. */
export function findConfigSecrets(values: Readonly<Record<string, unknown>>): readonly string[] {
  const secrets: string[] = [];
  for (const [name, value] of Object.entries(values)) {
    if (name === "token" && value !== null) secrets.push(String(value));
    else if (name === "token-file" && typeof value === "string") {
      secrets.push(...findSecrets(["--token-file", value], NO_ENV));
    } else if (typeof value === "object" && value !== null && !Array.isArray(value)) {
      secrets.push(...findConfigSecrets(value as Record<string, unknown>));
    }
  }
  return secrets;
}

const NO_ENV: Env = () => undefined;

/**
 * Create the warning about a file with a key that other users can read.
 *
 * @returns The warning; `null` if other users cannot read it, or the system has no file modes
 */
export function openFileWarning(path: string): string | null {
  const { mode } = Deno.statSync(path);
  const isOpen = Deno.build.os !== "windows" && mode !== null && (mode & 0o077) !== 0;
  return isOpen ? `"${path}" can be read by other users: chmod 600 ${path}` : null;
}

function readKeyFile(path: string, options: { readonly isNamed: boolean }): FoundToken | null {
  let text: string;
  try {
    const info = Deno.statSync(path);
    // Nothing can interrupt this read. A pipe that the user named is empty at the second read.
    if (!options.isNamed) assertPlainFile(path, info);
    else if (!info.isFile && !info.isDirectory) {
      throw new KitError(
        "usage",
        `Cannot read the API key from "${path}": it is a device or a pipe, and the file is read more than once`,
        { hint: "Put the key into CIVITAI_API_KEY, or name a file" },
      );
    }
    text = Deno.readTextFileSync(path);
  } catch (error) {
    if (error instanceof KitError) throw error;
    if (!options.isNamed && error instanceof Deno.errors.NotFound) return null;
    throw new KitError(
      "usage",
      `Cannot read the API key from "${path}": ${readReason(error)}`,
      {
        hint: options.isNamed ? "Check --token-file" : "Take it away, or make it a file that holds the key",
        cause: error,
      },
    );
  }
  const token = parseKeyFile(text);
  if (token === null) {
    // Also applies to a file that no flag specifies: whoever wrote it expects it to be used.
    throw new KitError("usage", `Cannot read the API key from "${path}": no line looks like a key`, {
      hint: "Write the key alone on a line, or API_KEY=KEY, or remove the file",
    });
  }
  return { token, origin: `"${path}"`, warning: openFileWarning(path) };
}

const KEY = /^[A-Za-z0-9_.-]{8,}$/;
/** `API_KEY=…`, `CIVITAI_API_KEY: …`, `export CIVITAI_TOKEN=…`, `API key: …`. */
const ASSIGNMENT = /^(?:export\s+)?(?:civitai[_\s-]*)?(?:api[_\s-]*(?:key|token)|token|key)\s*[:=]\s*(.+)$/i;

/**
 * Find the key in free-form text: alone on a line or after a name, among other lines, in quotes, or in Markdown.
 *
 * @returns The key, or `null` if there is none. A key after a name takes precedence over a key alone on a line
 */
export function parseKeyFile(text: string): string | null {
  const lines = text.replace(/^\uFEFF/, "").split(/\r\n?|\n/).map(plainLine).filter((line) => line !== "");
  const named = lines.map((line) => unquoted(ASSIGNMENT.exec(line)?.[1] ?? "")).find((value) => KEY.test(value));
  return named ?? lines.map(unquoted).find((line) => KEY.test(line)) ?? null;
}

/** Strip Markdown markup from a line; headings, fences and comments become empty. */
function plainLine(line: string): string {
  if (/^\s*(?:#|```|~~~|<!--)/.test(line)) return "";
  return line.replace(/^\s*(?:>\s*)*(?:(?:[-*+]|\d{1,3}[.)])\s+)?/, "").replaceAll(/\*\*|`/g, "").trim();
}

function unquoted(text: string): string {
  return text.trim().replace(/^(["'])(.*)\1[;,]?$/, "$2").replace(/\s+#.*$/, "").trim();
}
