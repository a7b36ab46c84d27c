/**
 * Write a version for dpkg, which takes `1.1.0-rc.1` for newer than `1.1.0`; after a tilde it is older.
 *
 * @param version Such as `1.1.0` or `1.1.0-rc.1`
 * @returns The version with the revision of the package, such as `1.1.0~rc.1-1`
 */
export function debianVersion(version: string): string {
  return `${version.replace("-", "~")}-1`;
}
