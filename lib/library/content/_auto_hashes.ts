import { createHash } from "node:crypto";
import { readAt } from "../read_at.ts";
import { readSafetensorsHeader } from "./_safetensors_header.ts";

/** AutoV1: the first 8 hex digits of the SHA-256 of 64 KiB at offset 1 MiB. */
export async function autoV1(path: string): Promise<string> {
  using file = await Deno.open(path, { read: true });
  return createHash("sha256").update(await readAt(file, 0x100000, 0x10000)).digest("hex").slice(0, 8);
}

/** Where the data of a safetensors file begins, and the hash that the trainer wrote into the header. */
export interface AutoV3Source {
  readonly dataOffset: number;
  readonly fromHeader: string | null;
}

/** Read what AutoV3 is computed from; `null` for a file of another format. */
export async function autoV3Source(path: string): Promise<AutoV3Source | null> {
  using file = await Deno.open(path, { read: true });
  const header = await readSafetensorsHeader(file, (await file.stat()).size);
  if (typeof header === "string") return null;
  const { sshs_model_hash: trained, "modelspec.hash_sha256": specified } = header.metadata;
  const written = [trained, specified].find((hash) => typeof hash === "string" && hash !== "");
  const hex = /^(?:0x)?([\da-f]{12})/i.exec(typeof written === "string" ? written : "")?.[1];
  return { dataOffset: header.dataOffset, fromHeader: hex?.toLowerCase() ?? null };
}
