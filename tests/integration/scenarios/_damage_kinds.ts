import { dirname, join } from "node:path";
import type { Random } from "../../../lib/base/mod.ts";

/** Accidental damage of a file. */
export const DAMAGE_KINDS = [
  "truncated",
  "flipped",
  "zeroed",
  "emptied",
  "missing",
  "swapped",
  "appended",
  "html",
  "noise",
] as const;

/** A kind of damage. */
export type DamageKind = typeof DAMAGE_KINDS[number];

/** One file to damage. */
export interface Damage {
  readonly kind: DamageKind;
  /** Absolute. */
  readonly path: string;
  /** Whether the damage changes the date of the file, as a program does, or keeps it, as a disk error does. */
  readonly isDated: boolean;
}

const PAGE = "<!DOCTYPE html><html><head><title>Sign in</title></head><body>Please sign in</body></html>\n";
const ZEROED_BYTES = 4096;

/** Damage one file; swapped files are handled by {@linkcode swapFiles}. */
export async function damageFile({ kind, path, isDated }: Damage, random: Random): Promise<void> {
  const { mtime } = await Deno.stat(path);
  if (kind === "missing") return await Deno.remove(path);
  const bytes = await Deno.readFile(path);
  await Deno.writeFile(path, damaged(kind, bytes, random));
  const date = isDated ? new Date(mtime!.getTime() + 3_600_000) : mtime!;
  await Deno.utime(path, date, date);
}

/** Rename each of some files, with its date, to the next. */
export async function swapFiles(paths: readonly string[]): Promise<void> {
  if (paths.length < 2) throw new RangeError("Cannot swap files: there are fewer than two");
  const first = join(dirname(paths[0]!), "swapping");
  await Deno.rename(paths[0]!, first);
  for (const [index, path] of paths.slice(1).entries()) await Deno.rename(path, paths[index]!);
  await Deno.rename(first, paths.at(-1)!);
}

function damaged(kind: Exclude<DamageKind, "missing">, bytes: Uint8Array, random: Random): Uint8Array {
  switch (kind) {
    case "truncated":
      return bytes.subarray(0, Math.floor(bytes.length * (0.1 + 0.8 * random())));
    case "flipped": {
      const copy = bytes.slice();
      copy[Math.floor(random() * bytes.length)]! ^= 1 << Math.floor(random() * 8);
      return copy;
    }
    case "zeroed": {
      // Only where there are other bytes: pictures may be padded with zeros.
      let at = Math.floor(random() * bytes.length);
      while (bytes[at] === 0) at = (at + 1) % bytes.length;
      return bytes.slice().fill(0, at, at + ZEROED_BYTES);
    }
    case "emptied":
      return new Uint8Array(0);
    case "appended":
      return Uint8Array.from([...bytes, ...noise(1 + Math.floor(random() * 2000), random)]);
    case "html":
      return new TextEncoder().encode(PAGE);
    case "noise":
      return noise(bytes.length, random);
    case "swapped":
      throw new RangeError("Cannot swap a file alone");
  }
}

function noise(length: number, random: Random): Uint8Array {
  return Uint8Array.from({ length }, () => Math.floor(random() * 256));
}
