/** Removes secrets from text before it is shown or stored. */
export type Redactor = (text: string) => string;

/** Query parameters that grant access: tokens, and the parameters of signed storage URLs. */
const SECRET_PARAMETERS =
  /([?&;](?:token|authorization|x-amz-[a-z0-9-]+|signature|sig|expires|key|api_?key|access_?token|b2contentdisposition|response-content-disposition)=)[^&\s"'<>]+/gi;
const BEARER = /(bearer\s+)[A-Za-z0-9._~+/=-]{6,}/gi;
const MASK = "[redacted]";

/** Options of {@linkcode createRedactor}. */
export interface RedactorOptions {
  /**
   * Text that identifies a person or a machine, such as a home folder or a user name, and what stands in its place. Case
   * is ignored. Text of 3 to 5 characters is replaced only as a whole word, shorter text never.
   *
   * @default {none}
   */
  readonly substitutes?: ReadonlyMap<string, string> | undefined;
}

/** From this length on, a name is also replaced inside of a longer word. */
const LONG_NAME = 6;

/**
 * Create a redactor that masks the given secrets, bearer tokens, and query parameters that grant access.
 *
 * @param secrets Values that must never be shown; those shorter than 6 characters are ignored
 * @param options Names to replace, for text that leaves this machine
 * @returns The redactor
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { createRedactor } from "@civitai-dl/civitai-dl";
 * const redact = createRedactor(["s3cr3t-token"]);
 * assertEquals(redact("with s3cr3t-token"), "with [redacted]");
 * ```
 */
export function createRedactor(
  secrets: Iterable<string | undefined> = [],
  options: RedactorOptions = {},
): Redactor {
  const substitute = createSubstitute(options.substitutes ?? new Map());
  const known = [...secrets].filter((secret) => secret !== undefined && secret.length >= 6) as string[];
  const forms = known.flatMap((secret) => [secret, encodeURIComponent(secret)])
    // The longest first: if one secret is the beginning of another, masking it first would leave the rest of the other
    // visible.
    .toSorted((a, b) => b.length - a.length);
  return (text) => {
    let clean = text.replace(SECRET_PARAMETERS, `$1${MASK}`).replace(BEARER, `$1${MASK}`);
    for (const form of forms) clean = clean.replaceAll(form, MASK);
    return substitute(clean);
  };
}

/** Replace all names in one pass, so that no substitute is replaced in its turn. */
function createSubstitute(substitutes: ReadonlyMap<string, string>): Redactor {
  const forms = new Map<string, string>();
  for (const [text, word] of substitutes) {
    if (text.length < 3) continue;
    for (const form of [text, encodeURIComponent(text)]) forms.set(form.toLowerCase(), word);
  }
  if (forms.size === 0) return (text) => text;
  const patterns = [...forms.keys()].toSorted((a, b) => b.length - a.length).map((form) => {
    const pattern = RegExp.escape(form);
    return form.length >= LONG_NAME ? pattern : `(?<![\\p{L}\\p{N}])${pattern}(?![\\p{L}\\p{N}])`;
  });
  const any = new RegExp(patterns.join("|"), "giu");
  return (text) => text.replace(any, (found) => forms.get(found.toLowerCase()) ?? MASK);
}
