import { createRedactor, inertJson, type Redactor } from "../../base/mod.ts";
import { cleanOutput } from "../terminal/clean_output.ts";
import { describeError } from "./describe_error.ts";
import { createPaint } from "../terminal/paint.ts";

/** Options of {@linkcode renderError}. */
export interface RenderErrorOptions {
  /**
   * One JSON line instead of text.
   *
   * @default {false}
   */
  readonly json?: boolean;
  /**
   * Also the causes, and the stack of what nobody expected.
   *
   * @default {false}
   */
  readonly verbose?: boolean;
  /**
   * Use colours.
   *
   * @default {false}
   */
  readonly color?: boolean;
  /** Knows this run's secrets. */
  readonly redact?: Redactor;
}

/**
 * Say what went wrong, for standard error: what was attempted, what happened, what to do. Without secrets, and without anything that
 * a terminal would obey but our own colours.
 *
 * @param error What was thrown
 * @param options Form and detail
 * @returns Lines with a line break each
 */
export function renderError(error: unknown, options: RenderErrorOptions = {}): string {
  const { json = false, verbose = false, color = false, redact = createRedactor() } = options;
  const { code, exit, message, hint, causes, stack } = describeError(error);
  if (json) {
    const shown = {
      code,
      exit,
      message: redact(message),
      hint: hint === undefined ? null : redact(hint),
      ...(verbose && causes.length > 0 ? { causes: causes.map(redact) } : {}),
    };
    return `${inertJson(JSON.stringify({ error: shown }))}\n`;
  }
  const paint = createPaint({ color });
  const clean = (text: string): string => cleanOutput(text, { redact, color: false });
  const lines = [`${paint.red("error:")} ${clean(message)}`];
  if (verbose) lines.push(...causes.map((cause) => `${paint.dim("caused by:")} ${clean(cause)}`));
  if (hint !== undefined) lines.push(`${paint.cyan("hint:")} ${clean(hint)}`);
  // The first line of a stack repeats the message.
  if (verbose && stack !== undefined) lines.push(paint.dim(clean(stack.slice(stack.indexOf("\n") + 1))));
  return `${lines.join("\n")}\n`;
}
