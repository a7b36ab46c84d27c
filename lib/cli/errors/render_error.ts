import { createRedactor, escapeJsonControls, type Language, type Redactor } from "../../base/mod.ts";
import { cleanOutput } from "../terminal/clean_output.ts";
import { describeError } from "./describe_error.ts";
import type { ErrorDescription } from "./error_description.ts";
import type { NameCommands } from "../name_commands.ts";
import { createPaint } from "../terminal/paint.ts";

/** Options of {@linkcode renderError}. */
export interface RenderErrorOptions {
  /**
   * Whether to write one line of JSON instead of text.
   *
   * @default {false}
   */
  readonly json?: boolean;
  /**
   * Whether to include causes, and for text also the stack trace of an unexpected error.
   *
   * @default {false}
   */
  readonly verbose?: boolean;
  /**
   * Whether to use colors; ignored for JSON.
   *
   * @default {false}
   */
  readonly color?: boolean;
  /** Removes the secrets of this run. */
  readonly redact?: Redactor;
  /**
   * Rewrites the commands in message and hint into those that the reader can type.
   *
   * @default {text stays as it is}
   */
  readonly nameCommands?: NameCommands | undefined;
}

/**
 * Render an error for standard error: message, causes, hint. Secrets are removed, and so are all terminal control
 * sequences except the colors that are added here.
 *
 * @returns Lines, each with a line break
 */
export function renderError(error: unknown, options: RenderErrorOptions = {}): string {
  return renderDescription(describeError(error), options);
}

const LABELS: Readonly<Record<Language, { readonly error: string; readonly hint: string }>> = {
  en: { error: "error:", hint: "hint:" },
  ja: { error: "エラー:", hint: "ヒント:" },
};

/**
 * Render what {@linkcode renderError} has found out about an error.
 *
 * @returns Lines, each with a line break
 */
export function renderDescription(description: ErrorDescription, options: RenderErrorOptions = {}): string {
  const { json = false, verbose = false, color = false, redact = createRedactor() } = options;
  const { nameCommands = (text) => text } = options;
  const { code, exit, causes, stack, language = "en", ...described } = description;
  const message = nameCommands(described.message);
  const hint = described.hint === undefined ? undefined : nameCommands(described.hint);
  if (json) {
    const shown = {
      code,
      exit,
      message: redact(message),
      hint: hint === undefined ? null : redact(hint),
      ...(verbose && causes.length > 0 ? { causes: causes.map(redact) } : {}),
    };
    return `${escapeJsonControls(JSON.stringify({ error: shown }))}\n`;
  }
  const paint = createPaint({ color });
  const clean = (text: string): string => cleanOutput(text, { redact, color: false });
  const lines = [`${paint.red(LABELS[language].error)} ${clean(message)}`];
  if (verbose) lines.push(...causes.map((cause) => `${paint.dim("caused by:")} ${clean(cause)}`));
  if (hint !== undefined) lines.push(`${paint.cyan(LABELS[language].hint)} ${clean(hint)}`);
  // The first line of a stack repeats the message.
  if (verbose && stack !== undefined) lines.push(paint.dim(clean(stack.slice(stack.indexOf("\n") + 1))));
  return `${lines.join("\n")}\n`;
}
