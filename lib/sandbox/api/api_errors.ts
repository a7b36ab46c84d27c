import { type HttpAnswer, jsonAnswer } from "../http/http_message.ts";

/** One thing that is wrong with a parameter. */
export type Issue = Readonly<Record<string, unknown>> & { readonly path: readonly (string | number)[] };

/** The number is above what is allowed. */
export function tooBig(name: string, maximum: number): Issue {
  const message = `Too big: expected number to be <=${maximum}`;
  return { origin: "number", code: "too_big", maximum, inclusive: true, path: [name], message };
}

/** The number is below what is allowed. */
export function tooSmall(name: string, minimum: number): Issue {
  const message = `Too small: expected number to be >=${minimum}`;
  return { origin: "number", code: "too_small", minimum, inclusive: true, path: [name], message };
}

/** The word is none of those known. */
export function badOption(name: string, values: readonly string[]): Issue {
  return { code: "invalid_value", values, path: [name], message: "Invalid option" };
}

/** The text is of the wrong kind. */
export function badType(name: string, expected: string): Issue {
  const message = `Invalid input: expected ${expected}, received string`;
  return { expected, code: "invalid_type", path: [name], message };
}

/** The form in which listings refuse parameters: an object whose message is a text of JSON. */
export function zodAnswer(issues: readonly Issue[]): HttpAnswer {
  return jsonAnswer(400, { error: { name: "ZodError", message: JSON.stringify(issues, null, 2) } });
}

/** The form in which paths and downloads refuse them: text for people. */
export function prettyAnswer(message: string, at: string): HttpAnswer {
  return jsonAnswer(400, { error: `✖ ${message}\n  → at ${at}` });
}

/** Read a number from a path, or refuse it. */
export function parseId(text: string): number | HttpAnswer {
  const id = Number(text);
  if (text.trim() === "" || Number.isNaN(id)) {
    return prettyAnswer("Invalid input: expected number, received NaN", "id");
  }
  if (!Number.isInteger(id)) return prettyAnswer("Invalid input: expected int, received number", "id");
  if (id <= 0) return prettyAnswer("Too small: expected number to be >0", "id");
  if (id > 2_147_483_647) return prettyAnswer("Too big: expected number to be <=2147483647", "id");
  return id;
}

/** Read a whole number parameter; what is wrong with it goes to `issues`. */
export function readNumber(
  query: URLSearchParams,
  name: string,
  range: { readonly min: number; readonly max: number },
  issues: Issue[],
): number | null {
  const text = query.get(name);
  if (text === null) return null;
  const value = Number(text);
  if (!Number.isInteger(value)) issues.push(badType(name, "number"));
  else if (value > range.max) issues.push(tooBig(name, range.max));
  else if (value < range.min) issues.push(tooSmall(name, range.min));
  return value;
}

/** Read a word parameter; what is wrong with it goes to `issues`. */
export function readOption(
  query: URLSearchParams,
  name: string,
  values: readonly string[],
  issues: Issue[],
): string | null {
  const text = query.get(name);
  if (text !== null && !values.includes(text)) issues.push(badOption(name, values));
  return text;
}
