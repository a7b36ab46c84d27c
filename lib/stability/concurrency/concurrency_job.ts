/** The program of work for one process: the creators are fetched one after another, each in a run of its own. */
export interface ConcurrencyJob {
  /** Prefix of the ids of its requests, different for each process. */
  readonly id: string;
  /** Folder of the library, which several processes may share. */
  readonly folder: string;
  /** Origin of the API of the sandbox. */
  readonly apiOrigin: string;
  /** API key of the sandbox. */
  readonly token: string;
  /** Creators, in the order in which they are fetched. */
  readonly creators: readonly string[];
  /** Number of items that are fetched at once, and of connections to a host. */
  readonly workers: number;
  /** Divisor of all waits of the engine, such as those between two attempts. */
  readonly haste: number;
  /** Pause after each creator, in milliseconds. */
  readonly pauseMs: number;
}

/** A request for bytes, as recorded by the process that sent it. */
export interface RecordedTransfer {
  /** Id of the request, which the server records too. */
  readonly id: string;
  /** Path of the URL; the same for each request for the same file or image. */
  readonly resource: string;
  /** HTTP status; `null` if there was no response. */
  readonly status: number | null;
  /** First byte that was requested. */
  readonly start: number;
  /** Bytes of the body that were received. */
  readonly bytes: number;
  /** Whether the body was read to its end. */
  readonly isWhole: boolean;
  /** When the request was sent, in milliseconds since the epoch. */
  readonly startedMs: number;
  /** When its connection was free again, in milliseconds since the epoch. */
  readonly endedMs: number;
}

/** What a process reports about its work. */
export interface ConcurrencyAnswer {
  /** Items that failed, by the key of the catalog, and targets that could not be planned, each with the message. */
  readonly failures: Readonly<Record<string, string>>;
  /** Number of items that this process has fetched. */
  readonly done: number;
  /** How often it waited for another process that held the library. */
  readonly waits: number;
  /** Requests for bytes. */
  readonly transfers: readonly RecordedTransfer[];
}
