/** A request as the end that sent it saw it. */
export interface SentExchange {
  /** Given by the sender, and carried by the request. */
  readonly id: string;
  /** Whether an answer's head came. */
  readonly isAnswered: boolean;
  /** Bytes of the body that came. */
  readonly bytes: number;
  /** Whether the body was read to its end; else somebody broke it off. */
  readonly isWhole: boolean;
}

/** A request as the end that answered it saw it. */
export interface ServedExchange {
  /** What the request carried. */
  readonly id: string;
  /** Bytes of the body that were handed to the network. */
  readonly bytes: number;
}

/** What both ends counted, and where they differ. */
export interface Reconciliation {
  /** Requests that the client sent and that reached the server by its own account: answered, or told to have come. */
  readonly clientRequests: number;
  /** Requests that the server counted. */
  readonly serverRequests: number;
  /** Bytes of whole bodies, as the client counted them. */
  readonly clientBytes: number;
  /** Bytes of the same bodies, as the server counted them. */
  readonly serverBytes: number;
  /** Bytes that the client took of bodies that broke. */
  readonly brokenClientBytes: number;
  /** Bytes that the server sent of the same bodies: never less. */
  readonly brokenServerBytes: number;
  /** The first hundred differences, for a person; empty if both agree. */
  readonly problems: readonly string[];
}

const MAX_PROBLEMS = 100;

/**
 * Hold what the client counted against what the server counted, request by request. Bytes of whole bodies must be equal
 * to the last one. A body that broke may have lost bytes on the way, so of it the server must have sent no fewer than
 * came. A request without an answer may never have arrived; any other must be known to both.
 *
 * @param sent By the client
 * @param served By the server
 * @returns Counts and differences
 */
export function reconcile(sent: readonly SentExchange[], served: readonly ServedExchange[]): Reconciliation {
  const problems: string[] = [];
  const blame = (text: string): void => void (problems.length < MAX_PROBLEMS && problems.push(text));
  const open = new Map<string, ServedExchange>();
  for (const exchange of served) {
    if (open.has(exchange.id)) blame(`${exchange.id}: the server saw it twice`);
    open.set(exchange.id, exchange);
  }
  const sums = { clientRequests: 0, clientBytes: 0, serverBytes: 0, brokenClientBytes: 0, brokenServerBytes: 0 };
  for (const { id, isAnswered, isWhole, bytes } of sent) {
    const other = open.get(id);
    open.delete(id);
    if (other === undefined) {
      if (!isAnswered) continue;
      sums.clientRequests++;
      blame(`${id}: answered, and the server knows nothing of it`);
      continue;
    }
    sums.clientRequests++;
    sums[isWhole ? "clientBytes" : "brokenClientBytes"] += bytes;
    sums[isWhole ? "serverBytes" : "brokenServerBytes"] += other.bytes;
    const isRight = isWhole ? bytes === other.bytes : bytes <= other.bytes;
    if (!isRight) blame(`${id}: ${bytes} bytes came, and the server sent ${other.bytes}`);
  }
  for (const id of open.keys()) blame(`${id}: the server saw it, and the client knows nothing of it`);
  return { ...sums, serverRequests: served.length, problems };
}
