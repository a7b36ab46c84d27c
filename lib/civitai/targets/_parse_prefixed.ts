import { hashKinds } from "./hash_kinds.ts";
import { parseId } from "./_parse_id.ts";
import type { HashKind } from "../shapes/entities.ts";
import type { Target } from "./target.ts";
import { userTarget } from "./_user_target.ts";

const HASH_PREFIXES: Readonly<Record<string, HashKind>> = {
  autov1: "AutoV1",
  autov2: "AutoV2",
  autov3: "AutoV3",
  sha256: "SHA256",
  crc32: "CRC32",
  blake3: "BLAKE3",
};

/**
 * Parse a word with a type prefix, such as `user:NAME` or `sha256:…`; `null` if there is no known prefix, or if the
 * value is not valid for the prefix.
 */
export function parsePrefixed(text: string): Target | null {
  const colon = text.indexOf(":");
  if (colon === -1) return null;
  const prefix = text.slice(0, colon).toLowerCase();
  const value = text.slice(colon + 1).trim();
  const kind = HASH_PREFIXES[prefix];
  if (kind !== undefined) return hashTarget(value, hashKinds(value).filter((known) => known === kind));
  if (prefix === "hash") return hashTarget(value, hashKinds(value));
  if (prefix === "user") {
    const [username = "", ...part] = value.split("/");
    return userTarget(username, part.join("/"));
  }
  const id = parseId(value);
  if (id === null) return null;
  if (prefix === "model") return { type: "model", modelId: id, versionId: null };
  if (prefix === "version") return { type: "version", versionId: id, fileId: null };
  if (prefix === "image") return { type: "image", imageId: id };
  return prefix === "post" ? { type: "post", postId: id } : null;
}

function hashTarget(value: string, kinds: readonly HashKind[]): Target | null {
  return kinds.length === 0 ? null : { type: "hash", hash: value.toLowerCase(), kinds };
}
