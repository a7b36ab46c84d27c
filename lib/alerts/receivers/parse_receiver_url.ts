import { closest, systemEnv } from "../../base/mod.ts";
import { AddressError } from "./address_error.ts";
import { expandEnv } from "./expand_env.ts";
import { ReceiverUrl } from "./_receiver_url.ts";
import { FOREIGN_SCHEMES, SCHEMES } from "./receiver_schemes.ts";
import type { Receiver, ReceiverOptions } from "./receiver.ts";

const MAX_LENGTH = 4096;

/**
 * Create the receiver for a URL. `${NAME}` in the URL stands for an environment variable.
 *
 * @param url The URL, such as `ntfy://ntfy.sh/TOPIC`; docs/receivers.md lists all forms
 * @param seams Environment, fetch, clock and anything else that a test replaces
 * @returns The receiver; nothing has been sent or opened yet
 * @throws {KitError} `usage`, with the problem and the expected form of the URL, but never a secret
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { parseReceiverUrl } from "@civitai-dl/civitai-dl/alerts";
 * const receiver = parseReceiverUrl("slack://hook:T000-B000-${SLACK_KEY}@webhook", { env: () => "s3cr3t" });
 * assertEquals(receiver.description, "slack://hooks.slack.com/…");
 * ```
 */
export function parseReceiverUrl(url: string, seams: ReceiverOptions = {}): Receiver {
  const { env = systemEnv } = seams;
  const text = expandEnv(url, env);
  if (text.length > MAX_LENGTH) fail(`the URL has more than ${MAX_LENGTH} characters`);
  if (text === "") fail(`no URL; write one of ${listSchemes()}`);
  if (/[\s\p{Cc}]/u.test(text)) fail('the URL contains a space or a line end; write a space as "%20"');
  const scheme = schemeOf(text);
  const { form, create } = SCHEMES[scheme]!;
  return create(new ReceiverUrl(text, scheme, form), seams);
}

/**
 * Check a receiver's URL without the values of its variables. If it has variables, only their syntax and the scheme are
 * checked.
 *
 * @param url The URL, such as `slack://hook:${SLACK_HOOK}@webhook`
 * @throws {KitError} `usage`, with the problem and the expected form of the URL
 */
export function checkReceiverForm(url: string): void {
  const env = () => "x";
  if (!url.includes("${")) return void parseReceiverUrl(url, { env });
  expandEnv(url, env);
  // The scheme may come from a variable too.
  if (!url.startsWith("${")) schemeOf(url);
}

function schemeOf(text: string): string {
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(text)?.[1]?.toLowerCase();
  if (scheme === undefined) fail(`the URL has no scheme; write one of ${listSchemes()}`);
  if (!Object.hasOwn(SCHEMES, scheme)) fail(unknownScheme(scheme));
  return scheme;
}

function unknownScheme(scheme: string): string {
  // A longer word may be a secret in the wrong place.
  const shown = scheme.length <= 16 ? `"${scheme}:"` : "the scheme";
  const suggested = Object.hasOwn(FOREIGN_SCHEMES, scheme)
    ? FOREIGN_SCHEMES[scheme]
    : closest(scheme, Object.keys(SCHEMES));
  const hint = suggested === undefined ? "supported" : `did you mean ${SCHEMES[suggested]!.form}? Supported`;
  return `${shown} is not supported; ${hint} are ${listSchemes()}`;
}

function listSchemes(): string {
  return Object.keys(SCHEMES).map((scheme) => `${scheme}:`).join(", ");
}

function fail(problem: string): never {
  throw new AddressError("receiver", problem);
}
