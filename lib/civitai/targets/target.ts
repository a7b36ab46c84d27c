import type { HashKind } from "../shapes/entities.ts";

/** What one word of a user means. */
export type Target =
  | { readonly type: "user"; readonly username: string }
  | {
    readonly type: "model";
    readonly modelId: number;
    /** One version of it only. */
    readonly versionId: number | null;
  }
  | {
    readonly type: "version";
    readonly versionId: number;
    /** One file of it only. */
    readonly fileId: number | null;
    /** The file that a download link chooses by its parameters: `type`, `format`, `size`, `fp`, `quantType`. */
    readonly query?: Readonly<Record<string, string>> | undefined;
  }
  | {
    readonly type: "air";
    readonly modelId: number;
    readonly versionId: number;
    /** One file of it only. */
    readonly fileId: number | null;
  }
  | {
    readonly type: "hash";
    /** Lower case. */
    readonly hash: string;
    /** The kinds that the word may be of, likeliest first. */
    readonly kinds: readonly HashKind[];
  }
  | { readonly type: "image"; readonly imageId: number }
  | { readonly type: "post"; readonly postId: number };
