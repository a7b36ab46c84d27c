import type { Env } from "../../base/mod.ts";
import { SCHEMES } from "./receiver_schemes.ts";

/** The URL of a receiver, also one that is commented out or in a file that is no valid YAML. */
const ADDRESS = /(?<![a-z0-9+.-])[a-z][a-z0-9+.-]{0,30}:\/\/[^\s"'`<>]+/gi;
/** An address of a page in place of a receiver, which a person may have pasted; elsewhere it is that of a runbook. */
const PASTED = /^\s*#?\s*-\s*["']?https?:/i;
const VARIABLE = /\$\{(\w+)\}/g;

/**
 * Find what is secret in the addresses of receivers: logins, tokens, topics, paths of webhooks, and variables. Words that
 * ordinary text has, such as the path `alerts`, are left out.
 *
 * @param text The text of an alert rules file, valid or not
 * @param env The environment
 * @returns The secrets, decoded, without duplicates
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { findReceiverSecrets } from "@civitai-dl/civitai-dl/alerts";
 * const text = "receivers: [ntfys://ntfy.sh/my-topic-77, slack://hook:T01-B02-s3cr3t@webhook]";
 * assertEquals(findReceiverSecrets(text, () => undefined), ["my-topic-77", "T01-B02-s3cr3t"]);
 * ```
 */
export function findReceiverSecrets(text: string, env: Env): readonly string[] {
  const secrets = [...text.matchAll(VARIABLE)].flatMap(([, name]) => partsOf(env(name!) ?? ""));
  for (const line of text.split("\n")) {
    for (const [address] of line.matchAll(ADDRESS)) {
      if (!/^https?:/i.test(address) || PASTED.test(line)) secrets.push(...partsOf(address));
    }
  }
  return [...new Set(secrets)];
}

/** A variable may hold an address or a part of one. */
function partsOf(text: string): readonly string[] {
  const url = text.includes("://") ? URL.parse(text.trim().replaceAll(/[,;\]}]+$/g, "")) : null;
  if (url === null) return [text.trim()].filter(isRare);
  // All of a URL with another scheme is secret, as it may be that of another tool.
  const shown = SCHEMES[url.protocol.replace(":", "")]?.shown ?? [];
  if (shown === "all") return [];
  const parameters = [...url.searchParams].filter(([name]) => !shown.includes(name.toLowerCase()));
  return [url.username, url.password, ...url.pathname.split("/"), ...parameters.map(([, value]) => value)]
    .map(decode).filter(isRare);
}

/** Whether a text cannot be a word of a log, such as `alerts` or `services`. */
function isRare(text: string): boolean {
  return !/^(?:[a-z]{0,9}|v\d+|\$\{.*)$/i.test(text) && !text.includes("${");
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // A "%" that encodes nothing.
    return text;
  }
}
