/**
 * Whether a link to a folder may be followed: this user made it, or root, or whoever owns the folder that it belongs to
 * (then everything there is in that user's hands anyway). Where files have no owners, every link is.
 *
 * @param link What `lstat` says of the link
 * @param folderOwner User id of the owner of the library, or of the folder that the link stands in
 * @returns Whether to follow it
 */
export function isTrustedLink(link: Pick<Deno.FileInfo, "uid">, folderOwner: number | null): boolean {
  const { uid } = link;
  return uid === null || folderOwner === null || uid === 0 || uid === folderOwner || uid === ownUid();
}

/** Read only if the permission is granted, so that the runtime does not prompt during a run. */
function ownUid(): number | null {
  const { state } = Deno.permissions.querySync({ name: "sys", kind: "uid" });
  return state === "granted" ? Deno.uid() : null;
}
