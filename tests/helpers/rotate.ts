/** Rename `path` to `path.1`, that to `path.2`, and so on; the next line creates a new file. */
export async function rotate(path: string, keep = 1000): Promise<void> {
  for (let number = await countOld(path, keep) + 1; number >= 1; number--) {
    if (number <= keep) await Deno.rename(number === 1 ? path : `${path}.${number - 1}`, `${path}.${number}`);
  }
}

/** Rotate like `logrotate` with `copytruncate`. */
export async function copyTruncate(path: string): Promise<void> {
  for (let number = await countOld(path, 1000); number >= 1; number--) {
    await Deno.rename(`${path}.${number}`, `${path}.${number + 1}`);
  }
  await Deno.copyFile(path, `${path}.1`);
  await Deno.truncate(path, 0);
}

/** Append text to a log. */
export async function append(path: string, text: string | Uint8Array): Promise<void> {
  const bytes = typeof text === "string" ? new TextEncoder().encode(text) : text;
  await Deno.writeFile(path, bytes, { append: true });
}

async function countOld(path: string, keep: number): Promise<number> {
  let count = 0;
  while (count < keep && await isThere(`${path}.${count + 1}`)) count++;
  return count;
}

async function isThere(path: string): Promise<boolean> {
  try {
    await Deno.stat(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
