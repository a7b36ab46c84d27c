import { type Env, KitError } from "../../base/mod.ts";

const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

/**
 * Replace each `${NAME}` in a URL with the value of the environment variable. Within a URL the value is
 * percent-encoded, so that a password may contain any character; a URL that consists of `${NAME}` alone becomes the
 * value as it is.
 */
export function expandEnv(text: string, env: Env): string {
  const whole = /^\$\{([^{}]*)\}$/.exec(text);
  if (whole !== null) return valueOf(whole[1]!, env).trim();
  return text.replace(/\$\{([^{}]*)(\}?)/g, (_, name: string, end: string) => {
    if (end === "") fail('a "${" is not closed; write ${NAME}');
    return encodeURIComponent(valueOf(name, env));
  });
}

function valueOf(name: string, env: Env): string {
  // An invalid name is not repeated: it may be a secret in the wrong place.
  if (!NAME.test(name)) fail("the text in ${} is not the name of an environment variable; write ${NAME}");
  const value = env(name);
  return value ?? fail(`the environment variable "${name}" is not set; set it, or write its value in its place`);
}

function fail(problem: string): never {
  throw new KitError("usage", `Cannot use the receiver: ${problem}`);
}
