import { KitError } from "../base/mod.ts";
import { runGit, type RunGitOptions } from "./run_git.ts";

/**
 * Run git and require exit code 0.
 *
 * @param args Arguments of git
 * @param options Folder, signal and environment
 * @returns The standard output
 * @throws {KitError} `failed` with the last line of standard error if git fails, and the errors of {@linkcode runGit}
 */
export async function git(args: readonly string[], options: RunGitOptions): Promise<string> {
  const { code, stdout, stderr } = await runGit(args, options);
  if (code === 0) return stdout;
  const setting = explainSetting(stderr);
  if (setting !== null) throw setting;
  const reason = stderr.trim().split("\n").at(-1) || `exit code ${code}`;
  throw new KitError("failed", `Cannot run "git ${verbOf(args).join(" ")}": ${reason}`);
}

/** The first two words after the settings (`-c name=value`). */
function verbOf(args: readonly string[]): readonly string[] {
  return args[0] === "-c" ? verbOf(args.slice(2)) : args.slice(0, 2);
}

/** What git says about a key that is missing or cannot be used: by OpenPGP, by SSH, and for tags. */
const CANNOT_SIGN = new RegExp(
  [
    "failed to sign|gpg failed|signing failed|cannot run gpg|unable to sign",
    "error: Load key|couldn't load public key|couldn't find key in agent",
    "either user\\.signingkey or|gpg\\.ssh\\.defaultKeyCommand",
  ].join("|"),
  "i",
);

/** Recognize failures that a setting of git causes, because git's own words do not say what to do. */
function explainSetting(stderr: string): KitError | null {
  if (CANNOT_SIGN.test(stderr)) {
    return new KitError("usage", "Cannot commit or tag: git is configured to sign, and git cannot sign here", {
      hint: "Set a key that exists (git config user.signingkey), or turn commit.gpgsign and tag.gpgsign off",
    });
  }
  if (/Please tell me who you are|unable to auto-detect email|empty ident name|no email was given/i.test(stderr)) {
    return new KitError("usage", "Cannot commit or tag: git does not know who you are", {
      hint: "Set git config user.name and git config user.email",
    });
  }
  return null;
}
