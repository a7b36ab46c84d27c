/** Wait until a promise settles, but no longer than `limitMs` milliseconds. */
export async function within(promise: Promise<unknown>, limitMs: number): Promise<void> {
  const timeout = Promise.withResolvers<void>();
  const timer = setTimeout(timeout.resolve, limitMs);
  try {
    await Promise.race([promise, timeout.promise]);
  } finally {
    clearTimeout(timer);
  }
}
