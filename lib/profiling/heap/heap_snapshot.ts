/** A heap snapshot of V8, in arrays with one entry for each node or edge. */
export interface HeapSnapshot {
  /** Names of the types of nodes, such as `object` or `closure`. */
  readonly nodeTypes: readonly string[];
  /** Names of the types of edges, such as `property` or `weak`. */
  readonly edgeTypes: readonly string[];
  /** Type of each node, as an index. */
  readonly type: Uint8Array;
  /** Name of each node, as an index of `strings`. */
  readonly name: Uint32Array;
  /**
   * Id of each node. An object keeps its id from one snapshot of a process to the next, unless an inspector session
   * ended in between.
   */
  readonly id: Uint32Array;
  /** Bytes of each node itself. */
  readonly selfSize: Uint32Array;
  /** Number of edges of each node; its edges follow those of the node before it. */
  readonly edgeCount: Uint32Array;
  /** The edges; empty if only the nodes were read. */
  readonly edges: {
    /** Type of each edge, as an index. */
    readonly type: Uint8Array;
    /** Name of each edge, as an index of `strings`; the number of an element. */
    readonly name: Uint32Array;
    /** Node that each edge leads to. */
    readonly to: Uint32Array;
  };
  /** Names, cut off after 120 characters. */
  readonly strings: readonly string[];
}
