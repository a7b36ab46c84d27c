/** One character of a name: no control character, no space, and none of `~ ^ : ? * [ \`. */
export const REF_CHARACTER: string = String.raw`[!-)+-9;->@-Z\]_-}\P{ASCII}]`;
/** What a name must not contain, or begin or end with, as negative lookaheads at its beginning. */
export const REF_LIMITS: string = String
  .raw`(?![-/]|@$|HEAD$)(?!.*(?:\.\.|//|@\{|/$|\.$))(?!(?:.*/)?\.)(?!.*\.lock(?:/|$))`;

/** The names that git allows for branches, as `git check-ref-format --branch` judges them. */
export const REF_NAME: RegExp = new RegExp(`^${REF_LIMITS}${REF_CHARACTER}+$`, "u");

/** Each rule of git-check-ref-format(1), and how to say it. */
const RULES: readonly (readonly [mistake: RegExp, text: string])[] = [
  [/^$/, "must not be empty"],
  [/\p{Cc}/u, "must not contain control characters"],
  [/ /, "must not contain a space"],
  [/[~^:?*[\\]/, "must not contain ~ ^ : ? * [ or \\"],
  [/\.\./, 'must not contain ".."'],
  [/@\{/, 'must not contain "@{"'],
  [/^@$|^HEAD$/, "must not be HEAD or @, which git uses itself"],
  [/^-/, 'must not begin with "-"'],
  [/^\/|\/$|\/\//, 'must not begin or end with "/", or contain "//"'],
  [/\.$/, 'must not end with "."'],
  [/(^|\/)\./, 'must not have a part that begins with "."'],
  [/\.lock(\/|$)/, 'must not have a part that ends with ".lock"'],
];

/**
 * Explain why git does not allow a name for a branch.
 *
 * @param name Short name, such as `feature/monitoring`
 * @returns The rule that it breaks, such as `must not contain a space`; `null` if git allows it
 */
export function explainRefName(name: string): string | null {
  if (REF_NAME.test(name)) return null;
  return RULES.find(([mistake]) => mistake.test(name))?.[1] ?? "must be a name that git allows for a branch";
}
