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

/**
 * Copy arrays and plain objects without what std ignores in comparisons: a null prototype, and the sign of zero.
 * `copies` holds what has been copied, because a value may contain itself.
 */
function plain(value: unknown, copies: Map<object, unknown> = new Map()): unknown {
  if (value === 0) return 0;
  if (typeof value !== "object" || value === null) return value;
  if (copies.has(value)) return copies.get(value);
  if (![null, Object.prototype, Array.prototype].includes(Object.getPrototypeOf(value))) return value;
  const copy: object = Array.isArray(value) ? Object.assign(new Array(value.length), value) : { ...value };
  copies.set(value, copy);
  for (const key of Reflect.ownKeys(copy)) {
    Object.defineProperty(copy, key, { value: plain(Reflect.get(copy, key), copies) });
  }
  return copy;
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

/** A class whose constructor may take any arguments. */
type Class<T> = abstract new (...args: never[]) => T;

/** What must have been thrown, and the text that a failure ends with. */
interface Expectation {
  readonly type: Class<Error> | undefined;
  readonly includes: string | undefined;
  readonly text: string | undefined;
}

/** Without a class, the first text is the one that a failure ends with. */
function expectation(type?: Class<Error> | string, includes?: string, text?: string): Expectation {
  if (typeof type === "function") return { type, includes, text };
  return { type: undefined, includes: undefined, text: type ?? includes };
}

/** Without a class, anything may have been thrown. */
function checkThrown(thrown: unknown, { type, includes, text }: Expectation): void {
  if (type === undefined) return;
  if (!(thrown instanceof Error)) refuse(`Expected an Error, got ${show(thrown)}`, text);
  const { name, message } = thrown;
  if (!(thrown instanceof type)) {
    refuse(`Expected error to be instance of "${type.name}", got "${name}: ${message}"`, text);
  }
  if (includes !== undefined && !message.includes(includes)) {
    refuse(`Expected error message to include ${show(includes)}, got ${show(message)}`, text);
  }
}

/** Assert that a function throws. Returns what it throws. */
export function assertThrows(fn: () => unknown, message?: string): unknown;
/** Assert that a function throws an error of a class, whose message includes a text. Returns the error. */
export function assertThrows<E extends Error = Error>(
  fn: () => unknown,
  type: Class<E>,
  includes?: string,
  message?: string,
): E;
export function assertThrows(
  fn: () => unknown,
  type?: Class<Error> | string,
  includes?: string,
  message?: string,
): unknown {
  const expected = expectation(type, includes, message);
  try {
    fn();
  } catch (error) {
    checkThrown(error, expected);
    return error;
  }
  refuse("Expected function to throw", expected.text);
}

/** Assert that a promise is rejected; a function that throws instead fails. Returns the reason. */
export function assertRejects(fn: () => PromiseLike<unknown>, message?: string): Promise<unknown>;
/** Assert that a promise is rejected with an error of a class, whose message includes a text. Returns the error. */
export function assertRejects<E extends Error = Error>(
  fn: () => PromiseLike<unknown>,
  type: Class<E>,
  includes?: string,
  message?: string,
): Promise<E>;
export async function assertRejects(
  fn: () => PromiseLike<unknown>,
  type?: Class<Error> | string,
  includes?: string,
  message?: string,
): Promise<unknown> {
  const expected = expectation(type, includes, message);
  const promise = promiseOf(fn, expected.text);
  try {
    await promise;
  } catch (error) {
    checkThrown(error, expected);
    return error;
  }
  refuse("Expected function to reject", expected.text);
}

function promiseOf(fn: () => PromiseLike<unknown>, text?: string): PromiseLike<unknown> {
  let promise: PromiseLike<unknown>;
  try {
    promise = fn();
  } catch (error) {
    refuse(`Expected function to reject, but it throws ${show(error)}`, text);
  }
  if (typeof promise?.then !== "function") refuse(`Expected a promise, got ${show(promise)}`, text);
  return promise;
}

/** Assert that a value is an instance of a class. */
export function assertInstanceOf<T>(actual: unknown, type: Class<T>, message?: string): asserts actual is T {
  if (!(actual instanceof type)) refuse(`Expected an instance of "${type.name}", got ${show(actual)}`, message);
}
