/**
 * `@std/assert` on top of `node:assert`, for networks that reach npm only. It has just the functions that the tests
 * use.
 *
 * @module
 */
import { deepStrictEqual, notDeepStrictEqual } from "node:assert/strict";

/** Thrown by every failed assertion. */
export class AssertionError extends Error {
  /** The name that stack traces print. */
  override name = "AssertionError";
}

function refuse(message: string, detail?: string): never {
  throw new AssertionError(detail === undefined ? message : `${message}: ${detail}`);
}

function show(value: unknown): string {
  return Deno.inspect(value, { depth: 8, strAbbreviateSize: 2000 });
}

function check(run: () => void, detail?: string): void {
  try {
    run();
  } catch (error) {
    refuse(error instanceof Error ? error.message : String(error), detail);
  }
}

/** Assert that `condition` is truthy. */
export function assert(condition: unknown, message = ""): asserts condition {
  if (!condition) refuse(message || "Expected a truthy value");
}

/** Assert that two values are deeply equal. */
export function assertEquals<T>(actual: T, expected: T, message?: string): void {
  check(() => deepStrictEqual(plain(actual), plain(expected)), message);
}

/** Assert that two values are not deeply equal. */
export function assertNotEquals<T>(actual: T, expected: T, message?: string): void {
  check(() => notDeepStrictEqual(plain(actual), plain(expected)), message);
}

/** Copy plain objects without regard to a null prototype, which std ignores in comparisons too. */
function plain(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(plain);
  const prototype = Object.getPrototypeOf(value);
  if (prototype !== null && prototype !== Object.prototype) return value;
  return Object.fromEntries(Reflect.ownKeys(value).map((key) => [key, plain(Reflect.get(value, key))]));
}

/** Assert that two values are the same by `Object.is`. */
export function assertStrictEquals<T>(actual: unknown, expected: T, message?: string): asserts actual is T {
  if (!Object.is(actual, expected)) refuse(`Expected ${show(expected)}, got ${show(actual)}`, message);
}

/** Assert that a value is neither null nor undefined. */
export function assertExists<T>(actual: T, message?: string): asserts actual is NonNullable<T> {
  if (actual === undefined || actual === null) refuse("Expected a value", message);
}

/** Assert that a string contains another. */
export function assertStringIncludes(actual: string, expected: string, message?: string): void {
  if (!actual.includes(expected)) refuse(`Expected ${show(actual)} to contain ${show(expected)}`, message);
}

/** Assert that a string matches a regular expression. */
export function assertMatch(actual: string, expected: RegExp, message?: string): void {
  if (!expected.test(actual)) refuse(`Expected ${show(actual)} to match ${expected}`, message);
}

/** Assert that `actual` is greater than `expected`. */
export function assertGreater<T>(actual: T, expected: T, message?: string): void {
  if (!(actual > expected)) refuse(`Expected ${show(actual)} > ${show(expected)}`, message);
}

/** Assert that `actual` is less than or equal to `expected`. */
export function assertLessOrEqual<T>(actual: T, expected: T, message?: string): void {
  if (!(actual <= expected)) refuse(`Expected ${show(actual)} <= ${show(expected)}`, message);
}

// deno-lint-ignore no-explicit-any -- the class may take any arguments, as in std
type ErrorClass<E extends Error> = new (...args: any[]) => E;

function checkError<E extends Error>(error: unknown, type?: ErrorClass<E>, includes?: string, message?: string): E {
  if (!(error instanceof Error)) refuse(`Expected an Error, got ${show(error)}`, message);
  if (type !== undefined && !(error instanceof type)) {
    refuse(`Expected error to be instance of "${type.name}", got "${error.name}: ${error.message}"`, message);
  }
  if (includes !== undefined && !error.message.includes(includes)) {
    refuse(`Expected error message to include ${show(includes)}, got ${show(error.message)}`, message);
  }
  return error as E;
}

/** Assert that a function throws, optionally an error of a class whose message includes a text. Returns the error. */
export function assertThrows<E extends Error = Error>(
  fn: () => unknown,
  type?: ErrorClass<E>,
  includes?: string,
  message?: string,
): E {
  try {
    fn();
  } catch (error) {
    return checkError(error, type, includes, message);
  }
  refuse("Expected function to throw", message);
}

/**
 * Assert that a promise is rejected, optionally with an error of a class whose message includes a text. Returns the
 * error.
 */
export async function assertRejects<E extends Error = Error>(
  fn: () => PromiseLike<unknown>,
  type?: ErrorClass<E>,
  includes?: string,
  message?: string,
): Promise<E> {
  try {
    await fn();
  } catch (error) {
    return checkError(error, type, includes, message);
  }
  refuse("Expected function to reject", message);
}

/** Assert that a value is an instance of a class. */
export function assertInstanceOf<E extends Error>(
  actual: unknown,
  type: ErrorClass<E>,
  message?: string,
): asserts actual is E {
  if (!(actual instanceof type)) refuse(`Expected an instance of "${type.name}"`, message);
}
