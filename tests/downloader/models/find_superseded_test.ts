import { assertEquals } from "@std/assert";
import { findSuperseded } from "../../../lib/downloader/models/find_superseded.ts";
import type { SiblingVersion } from "../../../lib/library/mod.ts";

function version(id: number, changes: Partial<SiblingVersion> = {}): SiblingVersion {
  return { id, modelId: 1, name: `v${id}`, baseModel: "Pony", publishedAt: null, isHeld: true, ...changes };
}

const cases: Record<string, { versions: readonly SiblingVersion[]; superseded: Record<number, number> }> = {
  "the newest version for what supersedes each older one": {
    versions: [version(1), version(2), version(3)],
    superseded: { 1: 3, 2: 3 },
  },
  "a version that is not here for newer": {
    versions: [version(1), version(2, { isHeld: false })],
    superseded: { 1: 2 },
  },
  "no version that is not here for superseded": {
    versions: [version(1, { isHeld: false }), version(2)],
    superseded: {},
  },
  "no version for another base model for newer": {
    versions: [version(1), version(2, { baseModel: "SDXL 1.0" })],
    superseded: {},
  },
  "no version of another model for newer": { versions: [version(1), version(2, { modelId: 2 })], superseded: {} },
  "the date, not the id, for the order": {
    versions: [
      version(1, { publishedAt: "2025-02-01T00:00:00.000Z" }),
      version(2, { publishedAt: "2025-01-01T00:00:00.000Z" }),
    ],
    superseded: { 2: 1 },
  },
  "nothing of nothing": { versions: [], superseded: {} },
};

for (const [name, { versions, superseded }] of Object.entries(cases)) {
  Deno.test(`findSuperseded() takes ${name}`, () => {
    const found = Array.from(findSuperseded(versions), ([id, newer]) => [id, newer.id]);
    assertEquals(found, Object.entries(superseded).map(([id, newer]) => [Number(id), newer]));
  });
}
