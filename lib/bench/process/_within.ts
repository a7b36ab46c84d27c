/** Wait until a promise settles, but at most `limitMs` milliseconds. */
export async function within(something: Promise<unknown>, limitMs: number): Promise<void> {
  const over = Promise.withResolvers<void>();
  const timer = setTimeout(over.resolve, limitMs);
  try {
    await Promise.race([something, over.promise]);
  } finally {
    clearTimeout(timer);
  }
}
