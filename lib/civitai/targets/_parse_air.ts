import { parseId } from "./_parse_id.ts";
import type { Target } from "./target.ts";

const AIR = /^(?:urn:air:[^:\s]+:[^:\s]+:|air:[^:\s]+:[^:\s]+:)?civitai:(\d+)(?:@(\d+))?(?:\+(\d+))?(?:\.[a-z0-9]+)?$/i;

/**
 * Parse a resource name such as `urn:air:sdxl:lora:civitai:123@456+789`, or its short form `civitai:123@456`; `null` if
 * the text is neither.
 */
export function parseAir(text: string): Target | null {
  const match = AIR.exec(text);
  if (match === null) return null;
  const modelId = parseId(match[1]);
  const versionId = parseId(match[2]);
  const fileId = parseId(match[3]);
  if (modelId === null || (match[2] !== undefined && versionId === null)) return null;
  if (versionId === null) return match[3] === undefined ? { type: "model", modelId, versionId } : null;
  if (match[3] !== undefined && fileId === null) return null;
  return { type: "air", modelId, versionId, fileId };
}
