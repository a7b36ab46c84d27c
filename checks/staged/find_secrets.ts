/** A secret in an added line. */
export interface FoundSecret {
  readonly file: string;
  readonly line: number;
  /** What it looks like; never the secret itself. */
  readonly kind: string;
}

const KINDS: readonly (readonly [string, RegExp])[] = [
  ["a private key", /-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----/],
  ["an API key", /(?:CIVITAI_API_KEY|CIVITAI_TOKEN|api[_-]?key|token)["']?\s*[:=]\s*["']?([0-9a-f]{32})\b/i],
  ["a signed URL", /[?&]X-Amz-Signature=([0-9a-f]{64})\b/i],
  ["a token of GitHub", /\b(gh[pousr]_[A-Za-z0-9]{36,}|github_pat_\w{50,})/],
  ["a token of JSR or npm", /\b((?:jsrp|npm)_[A-Za-z0-9]{36,})/],
  ["an access key of AWS", /\b(AKIA[0-9A-Z]{16})\b/],
];

/** Files that only hold secrets. */
const SECRET_FILES = /(?:^|\/)(?:api_key\.md|\.env|dev\.config)$/;

/**
 * Find secrets in what a change adds.
 *
 * @param diff Output of `git diff --cached -U0 --no-color --no-ext-diff --src-prefix=a/ --dst-prefix=b/`
 * @param files Names of the added and changed files
 */
export function findSecrets(diff: string, files: readonly string[]): readonly FoundSecret[] {
  const found: FoundSecret[] = files.filter((file) => SECRET_FILES.test(file))
    .map((file) => ({ file, line: 1, kind: "a file that holds secrets" }));
  let file = "";
  let line = 0;
  for (const text of diff.split("\n")) {
    const hunk = /^@@ -\S+ \+(\d+)/.exec(text);
    if (hunk !== null) line = Number(hunk[1]);
    else if (text.startsWith("+++ ")) file = text.replace(/^\+\+\+ (?:b\/)?/, "");
    else if (text.startsWith("+")) {
      const kind = KINDS.find(([, pattern]) => isSecret(pattern.exec(text)));
      if (kind !== undefined) found.push({ file, line, kind: kind[0] });
      line++;
    }
  }
  return found;
}

/** Whether a match is not an obvious example, such as 0123456789abcdef twice or one letter repeated. */
function isSecret(match: RegExpExecArray | null): boolean {
  if (match === null) return false;
  const value = match[1];
  return value === undefined || (!/0123456789|abcdefgh/i.test(value) && new Set(value).size > 6);
}
