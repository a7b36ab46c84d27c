import { KitError } from "../../lib/base/mod.ts";

/** What deno.lock says of packages from npm. */
export interface PackageLock {
  /** The packages that this project itself names, as `name@version`. */
  readonly direct: ReadonlySet<string>;
  /** Every package, by `name@version`. */
  readonly packages: ReadonlyMap<string, LockedPackage>;
}

/** A package in deno.lock. */
export interface LockedPackage {
  /** SHA-512 of its archive, in hexadecimal digits. */
  readonly sha512: string;
  /** What it depends on, as `name@version`. */
  readonly dependencies: readonly string[];
}

interface LockFile {
  readonly specifiers: Readonly<Record<string, string>>;
  readonly npm: Readonly<Record<string, { readonly integrity: string; readonly dependencies?: readonly string[] }>>;
}

/**
 * Read the packages of a lock file of version 5.
 *
 * @param text The text of deno.lock
 * @returns Packages and what they depend on
 * @throws {KitError} `usage` for a lock file of another version
 */
export function parsePackageLock(text: string): PackageLock {
  const lock = JSON.parse(text) as LockFile & { readonly version: string };
  if (lock.version !== "5") {
    throw new KitError("usage", `Cannot read deno.lock: its version is ${lock.version}, expected 5`, {
      hint: "Use the version of Deno that .github/workflows/release.yml names",
    });
  }
  const keys = Object.keys(lock.npm).map(withoutPeers);
  // A dependency has no version where the lock file has only one of it.
  const resolve = (dependency: string) => {
    const name = withoutPeers(dependency);
    return name.lastIndexOf("@") > 0 ? name : keys.find((key) => key.slice(0, key.lastIndexOf("@")) === name);
  };
  const packages = Object.entries(lock.npm).map(([key, { integrity, dependencies = [] }]) => {
    const [algorithm, digest] = integrity.split("-");
    if (algorithm !== "sha512") {
      throw new TypeError(`Cannot read the integrity of ${key}: "${algorithm}" is not sha512`);
    }
    const sha512 = Uint8Array.fromBase64(digest!).toHex();
    return [withoutPeers(key), { sha512, dependencies: dependencies.flatMap((one) => resolve(one) ?? []) }] as const;
  });
  const direct = Object.entries(lock.specifiers).flatMap(([specifier, version]) => {
    const [, name] = /^npm:((?:@[^/]+\/)?[^@/]+)/.exec(specifier) ?? [];
    return name === undefined ? [] : [withoutPeers(`${name}@${version}`)];
  });
  return { direct: new Set(direct), packages: new Map(packages) };
}

/** Take the peers off a key, which stand behind an underscore: `a@1.0.0_peer@3.0.0`. */
function withoutPeers(key: string): string {
  return /^@?[^@]+(?:@[^_]+)?/.exec(key)![0];
}
