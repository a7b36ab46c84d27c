/**
 * Check whether a link to a folder may be followed. Its owner must be this user, root, or the owner of the enclosing
 * folder, who controls everything in it anyway. On a file system without owners, every link is trusted.
 *
 * @param link Result of `lstat` for the link
 * @param folderOwner User ID of the owner of the library, or of the folder that contains the link; `null` if the file
 * system has no owners
 */
export function isTrustedLink(link: Pick<Deno.FileInfo, "uid">, folderOwner: number | null): boolean {
  const { uid } = link;
  return uid === null || folderOwner === null || uid === 0 || uid === folderOwner || uid === ownUid();
}

/** Return this user's ID, or `null` if the permission is not granted. Requesting it would prompt during a run. */
function ownUid(): number | null {
  const { state } = Deno.permissions.querySync({ name: "sys", kind: "uid" });
  return state === "granted" ? Deno.uid() : null;
}
