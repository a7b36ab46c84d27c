import { KitError } from "../../base/mod.ts";
import type { JsonReader } from "../json/json_reader.ts";
import { readJsonFile } from "../json/read_json_file.ts";
import type { HeapSnapshot } from "./heap_snapshot.ts";

/** Options of {@linkcode readHeapSnapshot}. */
export interface ReadHeapSnapshotOptions {
  /**
   * Whether to read the edges, which take most of the memory. They are needed for the path to an object.
   *
   * @default {false}
   */
  readonly withEdges?: boolean | undefined;
}

const HINT = "Write one with node:v8 writeHeapSnapshot, or in the Memory panel of Chrome DevTools";
const NAME_LENGTH = 120;

/** What the head of a snapshot says about the arrays. */
interface Head {
  readonly nodeFields: readonly string[];
  readonly nodeTypes: readonly string[];
  readonly edgeFields: readonly string[];
  readonly edgeTypes: readonly string[];
  readonly nodes: number;
  readonly edges: number;
}

/**
 * Read a `.heapsnapshot` file from front to back. It takes about 20 bytes for each node and 10 for each edge, and the
 * strings.
 *
 * @param path The file
 * @param options Whether to read the edges
 * @returns The snapshot
 * @throws {KitError} `usage` if there is no such file, or it is not a heap snapshot
 */
export function readHeapSnapshot(path: string, options: ReadHeapSnapshotOptions = {}): HeapSnapshot {
  const { withEdges = false } = options;
  return readJsonFile(path, (reader) => readSnapshot(reader, path, withEdges ? "all" : "nodes"), {
    what: "a heap snapshot",
    hint: HINT,
  });
}

function readSnapshot(reader: JsonReader, path: string, wanted: "all" | "nodes"): HeapSnapshot {
  const refuse = (reason: string): never => {
    throw new KitError("usage", `Cannot read "${path}": ${reason}`, { hint: HINT });
  };
  let head: Head | null = null;
  let nodes: Readonly<Record<string, Uint32Array>> = {};
  let edges: Readonly<Record<string, Uint32Array>> = Object.fromEntries(EDGE_FIELDS.map((field) => [field, EMPTY]));
  const strings: string[] = [];
  reader.object((key) => {
    if (key === "snapshot") head = parseHead(reader.value()) ?? refuse("its head is of an unknown version");
    else if (key === "nodes") {
      const { nodeFields, nodes: count } = head ?? refuse("it is not a heap snapshot");
      nodes = readRows(reader, nodeFields, count) ?? refuse("it has not as many nodes as its head says");
    } else if (key === "edges" && wanted === "all") {
      const { edgeFields, edges: count } = head ?? refuse("it is not a heap snapshot");
      edges = readRows(reader, edgeFields, count) ?? refuse("it has not as many edges as its head says");
    } else if (key === "strings") reader.array(() => strings.push(String(reader.value()).slice(0, NAME_LENGTH)));
    else reader.skip();
  });
  if (head === null || nodes.type === undefined) return refuse("it is not a heap snapshot");
  const { nodeFields, nodeTypes, edgeTypes } = head as Head;
  return {
    nodeTypes,
    edgeTypes,
    strings,
    type: Uint8Array.from(nodes.type),
    name: nodes.name!,
    id: nodes.id!,
    selfSize: nodes.self_size!,
    edgeCount: nodes.edge_count!,
    edges: {
      type: Uint8Array.from(edges.type!),
      name: edges.name_or_index!,
      // In the file, an edge leads to a position in the list of numbers.
      to: edges.to_node!.map((position) => position / nodeFields.length),
    },
  };
}

const EMPTY = new Uint32Array();
const NODE_FIELDS = ["type", "name", "id", "self_size", "edge_count"];
const EDGE_FIELDS = ["type", "name_or_index", "to_node"];

/** Read rows of numbers; `null` if there are more or fewer than expected. */
function readRows(
  reader: JsonReader,
  fields: readonly string[],
  count: number,
): Readonly<Record<string, Uint32Array>> | null {
  const columns = fields.map((field) =>
    [...NODE_FIELDS, ...EDGE_FIELDS].includes(field) ? new Uint32Array(count) : null
  );
  const width = fields.length;
  let at = 0;
  reader.numbers((value) => {
    const column = columns[at % width];
    const row = (at - at % width) / width;
    if (column && row < count) column[row] = value;
    at++;
  });
  if (at !== count * width) return null;
  return Object.fromEntries(fields.flatMap((field, index) => columns[index] ? [[field, columns[index]]] : []));
}

function parseHead(value: unknown): Head | null {
  if (typeof value !== "object" || value === null) return null;
  const { meta, node_count: nodes, edge_count: edges } = value as Record<string, unknown>;
  if (typeof meta !== "object" || meta === null || !isCount(nodes) || !isCount(edges)) return null;
  const { node_fields: nodeFields, edge_fields: edgeFields, ...types } = meta as Record<string, unknown>;
  const nodeTypes = firstOf(types.node_types);
  const edgeTypes = firstOf(types.edge_types);
  if (!areTexts(nodeFields) || !areTexts(edgeFields) || !areTexts(nodeTypes) || !areTexts(edgeTypes)) return null;
  if (!NODE_FIELDS.every((field) => nodeFields.includes(field))) return null;
  if (!EDGE_FIELDS.every((field) => edgeFields.includes(field))) return null;
  return { nodeFields, edgeFields, nodeTypes, edgeTypes, nodes, edges };
}

function firstOf(value: unknown): unknown {
  return Array.isArray(value) ? value[0] : undefined;
}

function areTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((one) => typeof one === "string");
}

function isCount(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0 && value < 2 ** 31;
}
