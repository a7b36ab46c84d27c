import { type HttpResponse, jsonResponse } from "../http/http_message.ts";

/** An issue with a parameter, in the form of Zod. */
export type Issue = Readonly<Record<string, unknown>> & { readonly path: readonly (string | number)[] };

/** Build the issue for a number above the maximum. */
export function tooBig(name: string, maximum: number): Issue {
  const message = `Too big: expected number to be <=${maximum}`;
  return { origin: "number", code: "too_big", maximum, inclusive: true, path: [name], message };
}

/** Build the issue for a number below the minimum. */
export function tooSmall(name: string, minimum: number): Issue {
  const message = `Too small: expected number to be >=${minimum}`;
  return { origin: "number", code: "too_small", minimum, inclusive: true, path: [name], message };
}

/** Build the issue for a value that is not one of the options. */
export function badOption(name: string, values: readonly string[]): Issue {
  return { code: "invalid_value", values, path: [name], message: "Invalid option" };
}

/** Build the issue for a string that is not of the expected type. */
export function badType(name: string, expected: string): Issue {
  const message = `Invalid input: expected ${expected}, received string`;
  return { expected, code: "invalid_type", path: [name], message };
}

/** Refuse parameters as listings do: with an object whose message is JSON in a string. */
export function zodResponse(issues: readonly Issue[]): HttpResponse {
  return jsonResponse(400, { error: { name: "ZodError", message: JSON.stringify(issues, null, 2) } });
}

/** Refuse parameters as paths and downloads do: with text for humans. */
export function prettyResponse(message: string, path: string): HttpResponse {
  return jsonResponse(400, { error: `✖ ${message}\n  → at ${path}` });
}

/** Parse an id from a path, or return the refusal. */
export function parseId(text: string): number | HttpResponse {
  const id = Number(text);
  if (text.trim() === "" || Number.isNaN(id)) {
    return prettyResponse("Invalid input: expected number, received NaN", "id");
  }
  if (!Number.isInteger(id)) return prettyResponse("Invalid input: expected int, received number", "id");
  if (id <= 0) return prettyResponse("Too small: expected number to be >0", "id");
  if (id > 2_147_483_647) return prettyResponse("Too big: expected number to be <=2147483647", "id");
  return id;
}

/** Parse a parameter that is an integer. Issues are added to `issues`. */
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

/** Read a parameter that is one of several options. Issues are added to `issues`. */
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
