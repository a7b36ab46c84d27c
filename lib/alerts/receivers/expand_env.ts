import type { Env } from "../../base/mod.ts";
import { AddressError } from "./address_error.ts";

const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

/**
 * Replace each `${NAME}` in a URL with the value of the environment variable. Within a URL, the value is
 * percent-encoded, so that a password may contain any character. A URL that consists only of `${NAME}` becomes the
 * trimmed value without encoding.
 *
 * @param what What the URL belongs to, for error messages
 */
export function expandEnv(text: string, env: Env, what = "receiver"): string {
  const whole = /^\$\{([^{}]*)\}$/.exec(text);
  if (whole !== null) return valueOf(whole[1]!, { env, what }).trim();
  return text.replace(/\$\{([^{}]*)(\}?)/g, (_, name: string, end: string) => {
    if (end === "") fail(what, 'a "${" is not closed; write ${NAME}');
    return encodeURIComponent(valueOf(name, { env, what }));
  });
}

function valueOf(name: string, { env, what }: { readonly env: Env; readonly what: string }): string {
  // An invalid name is not repeated: it may be a secret in the wrong place.
  if (!NAME.test(name)) fail(what, "the text in ${} is not the name of an environment variable; write ${NAME}");
  const value = env(name);
  return value ??
    fail(what, `the environment variable "${name}" is not set; set it, or replace \${NAME} with the value`);
}

function fail(what: string, problem: string): never {
  throw new AddressError(what, problem);
}
