import { maskEncoded } from "./_mask_encoded.ts";
import { maskNamedValues } from "./_mask_named_values.ts";
import { STRICT_FORMS, USUAL_FORMS } from "./_secret_forms.ts";
import { MASK } from "./_secret_value.ts";

/** Removes secrets from text before it is shown or stored. */
export type Redactor = (text: string) => string;

/** Options of {@linkcode createRedactor}. */
export interface RedactorOptions {
  /**
   * Text that identifies a person or a machine, such as a home folder or a user name, and what stands in its place. Case
   * is ignored. Text of 3 to 5 characters is replaced only as a whole word, shorter text never.
   *
   * @default {none}
   */
  readonly substitutes?: ReadonlyMap<string, string> | undefined;
  /**
   * Whether the text is for other people: also mask what only may be a secret, such as the word after `token`, or a long
   * value of a parameter that is not known. Paths, hashes, versions and plain URLs stay.
   *
   * @default {false}
   */
  readonly isStrict?: boolean | undefined;
}

/** From this length on, a name is also replaced inside of a longer word. */
const LONG_NAME = 6;

/**
 * Create a redactor that masks the given secrets, and every form of text that grants access: parameters of signed URLs
 * and tokens, in percent-encoded URLs too; passwords in URLs and addresses of webhooks; headers for login and cookies;
 * fields and settings whose name says that they are secret, in JSON within JSON too; and keys of a known form. This is
 * the only mechanism of the program that removes secrets.
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
  const { isStrict = false } = options;
  const substitute = createSubstitute(options.substitutes ?? new Map());
  const known = [...secrets].filter((secret) => secret !== undefined && secret.length >= 6) as string[];
  const forms = [...new Set(known.flatMap(spellings))]
    // The longest first: if one secret is the beginning of another, masking it first would leave the rest of the other
    // visible.
    .toSorted((a, b) => b.length - a.length);
  const maskForms = (text: string, depth: number): string => {
    let clean = maskEncoded(text, (decoded) => maskForms(decoded, depth + 1), depth);
    for (const form of isStrict ? ALL_FORMS : USUAL_FORMS) {
      clean = clean.replace(form.pattern, form.replacement as string);
    }
    return maskNamedValues(clean, { isStrict });
  };
  return (text) => {
    let clean = text;
    // First, because the other forms may cover only a part of a known secret.
    for (const form of forms) clean = clean.replaceAll(form, MASK);
    return substitute(maskForms(clean, 0));
  };
}

const ALL_FORMS = [...USUAL_FORMS, ...STRICT_FORMS];

/** List how a secret may be written: as it is, in a URL, in a URL within a URL, in JSON. */
function spellings(secret: string): readonly string[] {
  const encoded = encodeURIComponent(secret);
  return [secret, encoded, encodeURIComponent(encoded), JSON.stringify(secret).slice(1, -1)];
}

/**
 * The names of this program, its variables and metrics, and of the site, in texts of the program. They stay, although a
 * creator may be called like a part of them: they say nothing of that creator, and a report without them says less.
 */
const OWN_NAMES = String
  .raw`civitai[-_]dl(?![\p{L}\p{N}])|civitai\.(?:com|red|info)(?![\p{L}\p{N}])|civitai_(?:api_key|token)`;

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
  const any = new RegExp(`(${OWN_NAMES})|${patterns.join("|")}`, "giu");
  return (text) => text.replace(any, (found, own?: string) => own ?? forms.get(found.toLowerCase()) ?? MASK);
}
