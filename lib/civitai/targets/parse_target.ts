import { createRedactor, KitError } from "../../base/mod.ts";
import { hashKinds } from "./hash_kinds.ts";
import { isUsername } from "./_is_username.ts";
import { parseAir } from "./_parse_air.ts";
import { parseId } from "./_parse_id.ts";
import { parsePrefixed } from "./_parse_prefixed.ts";
import { parseSiteUrl } from "./_parse_site_url.ts";
import type { Target } from "./target.ts";

const SITE = /^(?:www\.)?civitai\.(?:com|red|green|blue)$/;
const FORMS =
  "Write a user name, a model id, a Civitai URL (/user/NAME, /user/NAME/models, /user/NAME/images, /models/1, /model-versions/1, /images/1, " +
  "/posts/1, /api/download/models/1), an AIR (civitai:1@2), a hash, or a typed word such as user:NAME, model:1, " +
  "version:1, image:1, post:1, hash:…, sha256:…";

/** Options of {@linkcode parseTarget}. */
export interface ParseTargetOptions {
  /**
   * How to read a word without a prefix. With `user`, it is a user name, even if it consists of digits. With `any` and
   * `model`, a number is a model id.
   *
   * @default {"any"}
   */
  readonly kind?: "user" | "model" | "any";
  /**
   * Hosts that count as Civitai in addition to its own, such as a proxy or a sandbox. Include the port if the URL
   * contains one.
   */
  readonly hosts?: readonly string[] | undefined;
}

/**
 * Parse one word from the user.
 *
 * A bare number is ambiguous, because model ids and version ids overlap. It is read as a model id; use `version:1` for
 * a version. A bare hexadecimal word is ambiguous, too. With 64 characters it is always a hash. With 8, 10 or 12
 * characters it is a hash if it mixes digits with letters of one case; use `user:cafe1234` for a user.
 *
 * @param text The word
 * @param options How to read it, and additional hosts
 * @returns The target
 * @throws {KitError} `usage` if the word is not a target, or is a URL of another site
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { parseTarget } from "@civitai-dl/civitai-dl/civitai";
 * const target = parseTarget("https://civitai.com/models/123/some-name?modelVersionId=456");
 * assertEquals(target.type === "model" && target.versionId, 456);
 * ```
 */
export function parseTarget(text: string, options: ParseTargetOptions = {}): Target {
  const { kind = "any", hosts = [] } = options;
  const trimmed = text.trim();
  const url = toUrl(trimmed, hosts);
  if (url !== null && !SITE.test(url.hostname) && !hosts.includes(url.host)) {
    throw new KitError("usage", `Cannot use "${redactTarget(text)}": its host "${url.hostname}" is not Civitai`, {
      hint: FORMS,
    });
  }
  const target = url !== null
    ? parseSiteUrl(url)
    : parseAir(trimmed) ?? parsePrefixed(trimmed) ?? parseBare(trimmed, kind);
  if (target?.type === "other-page") {
    throw new KitError("usage", `Cannot use "${redactTarget(text)}": ${target.state}`, { hint: target.hint });
  }
  if (target !== null && "username" in target && !/[A-Za-z0-9]/.test(target.username)) {
    throw new KitError("usage", `Cannot use "${redactTarget(text)}": the user name has no ASCII letter or digit`, {
      hint: "Copy the name from the address of the creator's page, civitai.com/user/NAME",
    });
  }
  if (target === null) {
    const state = trimmed === "" ? "it is empty" : "not a user, model, version, image, post or hash";
    throw new KitError("usage", `Cannot use "${redactTarget(text)}": ${state}`, { hint: FORMS });
  }
  return target;
}

/**
 * Read the word as a URL: one with a scheme, one that begins with a known host, or a path of the site. Returns `null`
 * if it is none of these.
 */
function toUrl(word: string, hosts: readonly string[]): URL | null {
  const host = word.split(/[/?#]/, 1)[0]!.toLowerCase();
  const isHosted = SITE.test(host) || hosts.includes(host);
  const withScheme = isHosted ? `https://${word}` : word;
  const address = word.startsWith("/") ? `https://civitai.com${word}` : withScheme;
  if (!/^https?:\/\//i.test(address) || /\s/.test(address)) return null;
  return URL.parse(address);
}

function parseBare(word: string, kind: "user" | "model" | "any"): Target | null {
  if (kind === "user") return isUsername(word) ? { type: "user", username: word } : null;
  const kinds = hashKinds(word);
  if (/^\d+$/.test(word) && word.length !== 64) {
    const modelId = parseId(word);
    return modelId === null ? null : { type: "model", modelId, versionId: null };
  }
  const looksHashed = word.length === 64 || (/\d/.test(word) && (/^[0-9a-f]+$/.test(word) || /^[0-9A-F]+$/.test(word)));
  if (kinds.length > 0 && looksHashed) return { type: "hash", hash: word.toLowerCase(), kinds };
  return isUsername(word) ? { type: "user", username: word } : null;
}

function redactTarget(text: string): string {
  const clean = createRedactor()(text);
  return clean.length > 120 ? `${clean.slice(0, 120)}…` : clean;
}
