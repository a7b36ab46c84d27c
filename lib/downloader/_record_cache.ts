import type { Catalog, CatalogItem, ModelRecord, VersionRecord } from "../library/mod.ts";

/** What the catalog knows around an item. */
export interface ItemRecords {
  readonly model: Pick<ModelRecord, "name" | "type"> | null;
  readonly version: Pick<VersionRecord, "name" | "baseModel"> | null;
}

const MAX_ENTRIES = 1000;

/** Remembers names of the last models and versions: items of one version stand together, and records are large. */
export class RecordCache {
  readonly #catalog: Catalog;
  readonly #models = new Map<number, ItemRecords["model"]>();
  readonly #versions = new Map<number, ItemRecords["version"]>();

  constructor(catalog: Catalog) {
    this.#catalog = catalog;
  }

  of({ modelId, versionId }: CatalogItem): ItemRecords {
    const model = modelId === null ? null : remember(this.#models, modelId, () => this.#model(modelId));
    const version = versionId === null ? null : remember(this.#versions, versionId, () => this.#version(versionId));
    return { model, version };
  }

  /** Only the names are kept: a record holds the API's whole answer. */
  #model(id: number): ItemRecords["model"] {
    const model = this.#catalog.model(id);
    return model === null ? null : { name: model.name, type: model.type };
  }

  #version(id: number): ItemRecords["version"] {
    const version = this.#catalog.version(id);
    return version === null ? null : { name: version.name, baseModel: version.baseModel };
  }
}

function remember<T>(known: Map<number, T>, id: number, read: () => T): T {
  if (known.has(id)) return known.get(id)!;
  if (known.size >= MAX_ENTRIES) known.delete(known.keys().next().value!);
  const value = read();
  known.set(id, value);
  return value;
}
