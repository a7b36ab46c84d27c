/** Removes secrets from text before it is shown or stored. */
export type Redactor = (text: string) => string;

/** Query parameters that grant access: tokens, and the parameters of signed storage URLs. */
const SECRET_PARAMETERS =
  /([?&;](?:token|authorization|x-amz-[a-z0-9-]+|signature|sig|expires|key|api_?key|access_?token|b2contentdisposition|response-content-disposition)=)[^&\s"'<>]+/gi;
const BEARER = /(bearer\s+)[A-Za-z0-9._~+/=-]{6,}/gi;
const MASK = "[redacted]";

/**
 * Create a redactor that masks the given secrets, bearer tokens, and query parameters that grant access.
 *
 * @param secrets Values that must never be shown; those shorter than 6 characters are ignored
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
export function createRedactor(secrets: Iterable<string | undefined> = []): Redactor {
  const known = [...secrets].filter((secret) => secret !== undefined && secret.length >= 6) as string[];
  const forms = known.flatMap((secret) => [secret, encodeURIComponent(secret)])
    // The longest first: if one secret is the beginning of another, masking it first would leave the rest of the other
    // visible.
    .toSorted((a, b) => b.length - a.length);
  return (text) => {
    let clean = text.replace(SECRET_PARAMETERS, `$1${MASK}`).replace(BEARER, `$1${MASK}`);
    for (const form of forms) clean = clean.replaceAll(form, MASK);
    return clean;
  };
}
