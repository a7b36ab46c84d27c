import { MASK } from "./_secret_value.ts";

/** A form that shows by itself that it is a secret, and what takes its place. */
interface SecretForm {
  readonly pattern: RegExp;
  readonly replacement: string | ((...groups: readonly string[]) => string);
}

/** Parameters that grant access: tokens, and the parameters of signed URLs of all storages. */
const PARAMETERS = [
  "(?:[a-z]+[-_])?token",
  "(?:proxy-)?authorization",
  "x-(?:amz|goog|ms|oss|cos|bz)-[a-z0-9-]+",
  "(?:[a-z]+[-_])?signature",
  "sig",
  "expires",
  "(?:[a-z]+[-_])?key",
  "(?:api|access)key",
  "(?:aws|google|oss)?access(?:key)?id",
  "(?:client[-_])?secret",
  "passw(?:or)?d",
  "policy",
  "key-pair-id",
  "verify",
  "hdn(?:ea|ts)",
  "hmac",
  "auth",
  "jwt",
  "b2contentdisposition",
  "response-content-disposition",
];

/** A slash, which JSON may escape, and JSON within JSON again. */
const SLASH = "\\\\{0,15}\\/";
/** A URL up to its end, or to the quote after it. */
const REST = "[^\\s\"'<>`\\\\]";
/** Public services where an address has no secret but its path. */
const PATH_HOSTS = "hc-ping\\.com|ntfy\\.sh";
/**
 * Before a colon, a scheme that is not one of pages, files and repositories; a dash or an encoded character may stand
 * before it. It is looked for backwards from the colon, which most lines have seldom.
 */
const OWN_SCHEME =
  "(?<=(?<![a-z])(?!(?:https?|wss?|s?ftps?|file|ssh|git(?:\\+\\w+)?|socks[45]?[ah]?):)[a-z][a-z0-9+.-]{1,30})";
/** A host that is no word: a name with a dot or a port, this machine, or a number of IPv6. */
const OWN_HOST =
  "(?:localhost(?::\\d+)?|[\\w-]+(?:\\.[\\w-]+)+(?::\\d+)?|[\\w-]+:\\d{1,5}(?![\\w-])|\\[[\\da-f:.]+(?:%[\\w.~-]+)?\\](?::\\d+)?)";
/** What follows a login is a host, whatever it looks like, such as the name of a container. */
const HOST_AFTER_LOGIN = "\\[redacted\\]@[^\\s/?#\"'<>`\\\\]{1,255}";
/** What stands for a secret in a help text or in a configuration. */
const PLACEHOLDER =
  /^(?:\$\{\w+\}|…|\.\.\.|[[\]:@/?=&.,-]|USER|NAME|PASSWORD|TOKEN|TOPIC|KEY|HOST|PATH|ID|hook|webhook|my-topic|telegram|chats|CHANNEL|ADDRESS|-100|from|to|587|465|[TB](?=…))+$/;

function maskUnlessPlaceholder(_: string, lead: string, secret: string): string {
  return `${lead}${PLACEHOLDER.test(secret) ? secret : MASK}`;
}

/** Forms that no other text has. */
export const USUAL_FORMS: readonly SecretForm[] = [
  {
    pattern: /(-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----)(?!\[)[\w+/=\s\\:,]*(?:-----END [A-Z ]{0,30}-----)?/g,
    replacement: `$1${MASK}`,
  },
  {
    pattern: new RegExp(
      `([?&;#]|\\\\u0026|\\\\u003f)(${
        PARAMETERS.join("|")
      })=(?:[^&\\s"'<>\\\\]+|\\\\{1,15}(?:\\/|u(?!0026|003[ce]|002[27])))+`,
      "gi",
    ),
    replacement: `$1$2=${MASK}`,
  },
  // The user name of an address may be a token. `git@` is the user of every SSH address.
  {
    pattern: new RegExp(`(:${SLASH}${SLASH})(?!git@)([^\\s/?#"'<>\`\\\\]+)(?=@)`, "g"),
    replacement: maskUnlessPlaceholder,
  },
  { pattern: /(bearer\s+)[\w.~+/=-]{6,}/gi, replacement: `$1${MASK}` },
  {
    // A webhook: who knows the path of its address may use it.
    pattern: new RegExp(
      `((?:(?<![\\w-])(?:(?:web)?hooks?(?:\\.[\\w-]{1,63}){1,8}\\.[a-z]{2,24}(?::\\d+)?|${PATH_HOSTS})|` +
        `${SLASH}api(?:${SLASH}v\\d+)?${SLASH}webhooks)${SLASH})((?:${REST}|${SLASH})+)`,
      "gi",
    ),
    replacement: maskUnlessPlaceholder,
  },
  {
    // These services have one host, so that a token may stand in its place, also one with a dot.
    pattern: new RegExp(
      `(?<=(?<![a-z])(?:slack|discord|telegram))(:${SLASH}${SLASH})(?!(?:hooks|discord|api)\\.|\\[)(${REST}+)`,
      "gi",
    ),
    replacement: maskUnlessPlaceholder,
  },
  {
    // An address that only a program understands, such as that of a receiver of alerts: its host is no secret.
    pattern: new RegExp(
      `${OWN_SCHEME}(:${SLASH}${SLASH}(?:${HOST_AFTER_LOGIN}|${OWN_HOST})${SLASH})((?:${REST}|${SLASH})+)`,
      "gi",
    ),
    replacement: maskUnlessPlaceholder,
  },
  {
    // What stands in place of a host may be a token.
    pattern: new RegExp(`${OWN_SCHEME}(:${SLASH}${SLASH})(?!${OWN_HOST}(?:[^\\w.-]|$)|\\[)(${REST}+)`, "gi"),
    replacement: maskUnlessPlaceholder,
  },
  { pattern: /(\/bot)\d{3,12}:[\w-]{6,}/g, replacement: `$1${MASK}` },
  {
    // JSON Web Token, GitHub, GitLab, Slack, AWS, Google, Hugging Face, npm, Stripe.
    pattern: new RegExp(
      "eyJ(?<![\\w-]...)[\\w-]{8,}\\.[\\w-]{8,}(?:\\.[\\w-]*)?|gh[pousr]_\\w{20,}|github_pat_\\w{20,}|glpat-[\\w-]{16,}|" +
        "xox[abeprs]-[\\w-]{10,}|(?:AKIA|ASIA)[0-9A-Z]{16}|AIza[\\w-]{30,}|hf_\\w{20,}|npm_\\w{30,}|sk[-_](?:live|test|proj)[-_]\\w{16,}",
      "g",
    ),
    replacement: MASK,
  },
];

/** Parameters whose long values are no secret. */
const OPEN_PARAMETERS =
  /^(?:cursor|hash(?:es)?|ids?|\w*ids?|query|q|url|name|filename|username|tags?|sha256|blake3|etag)$/i;

/** More forms, which other text may have too. */
export const STRICT_FORMS: readonly SecretForm[] = [
  { pattern: /(\bbasic\s+)(?=[\w+/-]*[\dA-Z=])[\w+/-]{8,}={0,2}/gi, replacement: `$1${MASK}` },
  { pattern: /(?<=\b(?:bot)?\d{6,12}):AA[\w-]{30,}/g, replacement: `:${MASK}` },
  { pattern: /(?<=\bbot\d{6,12}):[\w-]{20,}/g, replacement: `:${MASK}` },
  { pattern: /(\s-u\s{1,9})[^\s"'`:-][^\s"'`:]{0,60}:[^\s"'`]+/g, replacement: `$1${MASK}` },
  {
    // A webhook of a service on any host.
    pattern: new RegExp(
      `(:${SLASH}${SLASH}[^\\s/"'<>\`\\\\]{1,255}(?:${SLASH}[\\w.-]{1,60}){0,4}?${SLASH}(?:(?:web)?hooks?\\w{0,3}|key|token)${SLASH})(${REST}+)`,
      "gi",
    ),
    replacement: maskUnlessPlaceholder,
  },
  {
    pattern: /([?&#](?:code|session|sid|ticket|assertion)=)(?!\d+(?:[&\s"'\\]|$))[^&\s"'<>\\]{6,}/gi,
    replacement: `$1${MASK}`,
  },
  {
    // "My token for Civitai is …". A hash is no key.
    pattern:
      /(\b(?:key|token|secret|password)(?: (?!\[)[a-z'-]{1,20}){0,5} )(?!(?:[0-9a-f]{40}|[0-9a-f]{64})\b)(?=[\w-]{0,80}?\d)(?=[\w-]{0,80}?[a-z])[\w-]{9,}(?![\w.:/-])/gi,
    replacement: `$1${MASK}`,
  },
  {
    pattern: new RegExp(`([?&#])([\\w.-]{1,40})=([\\w.~+/=%:-]{16,})`, "g"),
    replacement: (all, lead, name, value) =>
      OPEN_PARAMETERS.test(name!) || !isRandom(value!) ? all! : `${lead}${name}=${MASK}`,
  },
];

/** Whether a value may be random. What is in an encoded URL is examined after it has been decoded. */
function isRandom(value: string): boolean {
  return /\d/.test(value) && /[a-z]/i.test(value) && !/^[a-z+]+%(?:25)*3A/i.test(value);
}
