/** A temporary folder; disposing it removes it. */
export interface TempDir extends AsyncDisposable {
  /** Its real path. */
  readonly path: string;
}

/** Make a temporary folder, the name of which begins with that of the test file: what is left behind names its maker. */
export async function openTempDir(): Promise<TempDir> {
  const path = await Deno.realPath(await Deno.makeTempDir({ prefix: `${testFile()}-` }));
  return { path, [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }) };
}

/** Run a test in a temporary folder that is always removed. */
export async function inTempDir(test: (folder: string) => Promise<void> | void): Promise<void> {
  await using folder = await openTempDir();
  await test(folder.path);
}

/** The test file that called this module, without its ending; `test` if its frame is no longer in the stack. */
function testFile(): string {
  const frame = /file:\/\/\S*?([^/]+)_test\.ts:\d/.exec(new Error().stack ?? "");
  return frame === null ? "test" : frame[1]!;
}
