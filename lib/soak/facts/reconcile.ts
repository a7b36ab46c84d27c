/** A request, as recorded by the client. */
export interface SentExchange {
  /** The id that the client assigns and sends with the request. */
  readonly id: string;
  /**
   * How often it was sent once more, because the server closed a reused connection before it responded. The server may
   * have read the request each time (RFC 9112, section 9.3.1).
   */
  readonly resends: number;
  /** Whether the head of a response was received. */
  readonly isAnswered: boolean;
  /** Bytes of the body that were received. */
  readonly bytes: number;
  /** Whether the body was read to its end; `false` if either side aborted it. */
  readonly isWhole: boolean;
}

/** A request, as recorded by the server. */
export interface ServedExchange {
  /** The id that was sent with the request. */
  readonly id: string;
  /** Bytes of the body that were passed to the network. */
  readonly bytes: number;
  /** What it was, for messages: such as its route, status and faults. */
  readonly what?: string | undefined;
}

/** The counts of client and server, and their differences. */
export interface Reconciliation {
  /** Requests of the client that reached the server: those that were answered, or that the server recorded. */
  readonly clientRequests: number;
  /** Requests, as counted by the server. */
  readonly serverRequests: number;
  /** Bytes of complete bodies, as counted by the client. */
  readonly clientBytes: number;
  /** Bytes of the same bodies, as counted by the server. */
  readonly serverBytes: number;
  /** Bytes of incomplete bodies, as counted by the client. */
  readonly brokenClientBytes: number;
  /** Bytes of the same incomplete bodies, as counted by the server; must not be less. */
  readonly brokenServerBytes: number;
  /** Messages about the first 100 differences; empty if both sides agree. */
  readonly problems: readonly string[];
}

const MAX_PROBLEMS = 100;

/**
 * Compare the records of client and server, request by request. The byte counts of a complete body must be equal. An
 * incomplete body may have lost bytes in transit, so the server must have sent at least as many as were received. An
 * unanswered request may not have reached the server; any other request must be in both records. The server may have
 * recorded a request as often as it was sent.
 *
 * @param sent The requests that the client recorded
 * @param served The requests that the server recorded
 * @returns The counts of both sides and their differences
 */
export function reconcile(sent: readonly SentExchange[], served: readonly ServedExchange[]): Reconciliation {
  const problems: string[] = [];
  const blame = (text: string): void => void (problems.length < MAX_PROBLEMS && problems.push(text));
  const open = Map.groupBy(served, ({ id }) => id);
  const sums = { clientRequests: 0, clientBytes: 0, serverBytes: 0, brokenClientBytes: 0, brokenServerBytes: 0 };
  for (const { id, resends, isAnswered, isWhole, bytes } of sent) {
    const others = open.get(id) ?? [];
    open.delete(id);
    sums.clientRequests += Math.min(others.length, 1 + resends);
    if (others.length > 1 + resends) {
      const state = `recorded it ${times(others.length)}, but it was sent ${times(1 + resends)}`;
      blame(`${id}: the server ${state}${describe(others)}`);
    }
    // Only one of them was answered: which one, the server cannot know.
    const other = others.find((one) => one.bytes === bytes) ?? others.toSorted((a, b) => b.bytes - a.bytes)[0];
    if (other === undefined) {
      if (!isAnswered) continue;
      sums.clientRequests++;
      blame(`${id}: answered, but not recorded by the server`);
      continue;
    }
    sums[isWhole ? "clientBytes" : "brokenClientBytes"] += bytes;
    sums[isWhole ? "serverBytes" : "brokenServerBytes"] += other.bytes;
    const isRight = isWhole ? bytes === other.bytes : bytes <= other.bytes;
    if (!isRight) blame(`${id}: received ${bytes} bytes, but the server sent ${other.bytes}${describe([other])}`);
  }
  for (const [id, others] of open) blame(`${id}: recorded by the server, but not by the client${describe(others)}`);
  return { ...sums, serverRequests: served.length, problems };
}

function times(count: number): string {
  if (count === 1) return "once";
  return count === 2 ? "twice" : `${count} times`;
}

function describe(served: readonly ServedExchange[]): string {
  const known = served.map(({ what, bytes }) => what === undefined ? "" : `${what}, ${bytes} bytes`);
  return known.every((text) => text === "") ? "" : ` (${known.join("; ")})`;
}
