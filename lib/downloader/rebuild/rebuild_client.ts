import type { Client } from "../../civitai/mod.ts";

/** Methods of the API's client that {@linkcode rebuildCatalog} uses. */
export type RebuildClient = Pick<Client, "model" | "version" | "versionIdsByHashes" | "listModels">;
