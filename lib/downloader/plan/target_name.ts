import { formatCount } from "../../base/mod.ts";
import type { PlanTarget } from "./plan_target.ts";

/**
 * Name of a target in events, reports and `failed.txt`.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { targetName } from "@civitai-dl/civitai-dl/downloader";
 *
 * assertEquals(targetName({ type: "model", modelId: 1, versionId: null }), "model:1");
 * assertEquals(targetName({ type: "model", modelId: 1, versionId: 2 }), "version:2");
 * ```
 */
export function targetName(target: PlanTarget): string {
  switch (target.type) {
    case "user":
      return `user:${target.username}${target.only === undefined ? "" : `/${target.only}`}`;
    case "model":
      return target.versionId === null ? `model:${target.modelId}` : `version:${target.versionId}`;
    case "version":
    case "air":
      return `version:${target.versionId}${fileName(target)}`;
    case "hash":
      return `hash:${target.hash}`;
    case "image":
      return `image:${target.imageId}`;
    case "post":
      return `post:${target.postId}`;
    case "search":
      return `search ${JSON.stringify(target.query)}`;
    case "models":
      return `${formatCount(target.ids.length, "model")} of the library`;
  }
}

/** A target, as planning names it. */
export interface TargetIdentity {
  /** What {@linkcode targetName} returns. */
  readonly name: string;
  /** Name of the target that plans this one too: `user:NAME` for `user:NAME/images`; absent if there is none. */
  readonly partOf?: string | undefined;
}

/** Name a target, and the target that it is a part of. */
export function nameTarget(target: PlanTarget): TargetIdentity {
  const name = targetName(target);
  const isPart = target.type === "user" && target.only !== undefined;
  return isPart ? { name, partOf: targetName({ type: "user", username: target.username }) } : { name };
}

/** The posted images of a creator: the target `user:NAME/images`. */
export function imagesTarget(username: string): TargetIdentity {
  return nameTarget({ type: "user", username, only: "images" });
}

/** Name of the gallery of a version: that of the version, since no target is a gallery alone. */
export function galleryTarget(versionId: number): string {
  return targetName({ type: "version", versionId, fileId: null });
}

/**
 * Find the target that plans this one too by its name in a log or a note: `user:NAME` for `user:NAME/images`; otherwise
 * the name itself. What is being planned has it as {@linkcode TargetIdentity.partOf}.
 */
export function wholeTarget(name: string): string {
  return /^(user:[^/]+)\/(?:models|images)$/.exec(name)?.[1] ?? name;
}

/**
 * Write the name of a target as a word that a command and `--from` read.
 *
 * @param name What {@linkcode targetName} returns
 * @returns The word; `null` if there is none, as for a search
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { targetWord } from "@civitai-dl/civitai-dl/downloader";
 *
 * assertEquals(targetWord("user:NAME/images"), "user:NAME/images");
 * assertEquals(targetWord("version:1?fileId=2"), "https://civitai.com/api/download/models/1?fileId=2");
 * assertEquals(targetWord('search {"tag":"poses"}'), null);
 * ```
 */
export function targetWord(name: string): string | null {
  const part = /^version:(\d+)\?(.*)$/.exec(name);
  if (part !== null) return `https://civitai.com/api/download/models/${part[1]}?${part[2]}`;
  return /^(?:user|model|version|hash|image|post):\S+$/.test(name) ? name : null;
}

/** Suffix that distinguishes targets for different files of one version. */
function fileName(target: Extract<PlanTarget, { readonly type: "version" | "air" }>): string {
  if (target.fileId !== null) return `?fileId=${target.fileId}`;
  const query = target.type === "version" ? target.query : undefined;
  return query === undefined ? "" : `?${new URLSearchParams(query)}`;
}
