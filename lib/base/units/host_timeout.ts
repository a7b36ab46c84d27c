import { parseDuration } from "./duration.ts";

/** A timeout for one step of the requests to one host. */
export interface HostTimeout {
  /** The host, with a port other than the default; `*.` before a domain for all hosts below it; `*` for all hosts. */
  readonly host: string;
  /** What it limits. */
  readonly step: "connect" | "tls" | "headers" | "body";
  /** The limit in milliseconds. */
  readonly ms: number;
}

const STEPS = ["connect", "tls", "headers", "body"] as const;

/**
 * Parse a timeout for a host, such as `b2.civitai.com headers 45s`.
 *
 * @param text Host, step and duration, separated by spaces
 * @throws {SyntaxError} If the text has another form, or the duration is less than a second
 */
export function parseHostTimeout(text: string): HostTimeout {
  const [host, word, duration, ...rest] = text.trim().split(/\s+/);
  const step = STEPS.find((known) => known === word);
  const isHost = host !== undefined && /^(?:\*|(?:\*\.)?[a-z\d[\]._:-]+)$/i.test(host);
  if (!isHost || step === undefined || duration === undefined || rest.length > 0) {
    throw new SyntaxError(
      `Cannot parse host timeout "${text}": write HOST STEP DURATION, such as "b2.civitai.com headers 45s"; ` +
        `STEP is one of ${STEPS.join(", ")}`,
    );
  }
  const ms = parseDuration(duration);
  if (ms < 1000) throw new SyntaxError(`Cannot use host timeout "${text}": it is less than a second`);
  return { host: host.toLowerCase(), step, ms };
}
