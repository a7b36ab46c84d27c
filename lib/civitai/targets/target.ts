import type { HashKind } from "../shapes/entities.ts";

/** What the user requests with one word. */
export type Target =
  | {
    readonly type: "user";
    readonly username: string;
    /** Only the models, or only the posted images; absent for both. */
    readonly only?: "models" | "images" | undefined;
  }
  | {
    readonly type: "model";
    readonly modelId: number;
    /** Only this version; `null` for the whole model. */
    readonly versionId: number | null;
  }
  | {
    readonly type: "version";
    readonly versionId: number;
    /** Only this file; `null` for all files of the version. */
    readonly fileId: number | null;
    /** The parameters by which a download link selects a file: `type`, `format`, `size`, `fp`, `quantType`. */
    readonly query?: Readonly<Record<string, string>> | undefined;
  }
  | {
    readonly type: "air";
    readonly modelId: number;
    readonly versionId: number;
    /** Only this file; `null` for all files of the version. */
    readonly fileId: number | null;
  }
  | {
    readonly type: "hash";
    /** Lower-case hexadecimal. */
    readonly hash: string;
    /** The possible kinds of the hash, the most likely first. */
    readonly kinds: readonly HashKind[];
  }
  | { readonly type: "image"; readonly imageId: number }
  | { readonly type: "post"; readonly postId: number };
