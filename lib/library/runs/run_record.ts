/** Where a run stands: under way, ended by itself or by a signal that it could handle, or gone without a word. */
export type RunState = "running" | "ended" | "killed";

/** Whether a run showed that the service takes the API key, or refuses it. */
export type KeyState = "accepted" | "rejected";

/** What is known when a run starts. */
export interface RunStart {
  /** Command that runs, such as `update` or `verify --rebuild`. */
  readonly command: string;
  /** Whether a person watches it on a terminal; a timer's run is not attended. */
  readonly isAttended: boolean;
  /** Bytes that the run keeps free on the disk; `null` for a command that downloads nothing. */
  readonly reserveBytes: number | null;
  /** The command line that runs it again, which continues it after a kill too; absent or `null` if it is not known. */
  readonly again?: string | null;
}

/** A pause of the failsafe, which ended a run. */
export interface RunPause {
  /** Why it paused, such as `every storage has failed for 5m`. */
  readonly reason: string;
  /** The same for a Japanese reader. */
  readonly ja: { readonly reason: string };
  /** Until when a run ends at once, ISO 8601 UTC; `null` if that is not known. */
  readonly until: string | null;
}

/** What is known when a run ends. */
export interface RunEnd {
  /** Exit code of the process. */
  readonly exitCode: number;
  /** Files that the run brought into the library, or found to be right. */
  readonly done: number;
  /** Files that failed, or were found to be broken. */
  readonly failed: number;
  /** Files that are still to be fetched, without those that failed. */
  readonly left: number;
  /** Stated size of the files that are left, in bytes. */
  readonly leftBytes: number;
  /** Bytes received from the network. */
  readonly fetchedBytes: number;
  /**
   * Free space beyond the reserve, in bytes, that the files which were left out need; `null` unless the disk had no room.
   */
  readonly neededBytes: number | null;
  /**
   * How long no byte had arrived for the files that waited for some, in milliseconds, with the time of the runs before if
   * none arrived in this one; 0 for a command that downloads nothing.
   */
  readonly silentMs: number;
  /**
   * Class of the failure that ended it, a problem such as `key-rejected`, or the code of the error; `declined` if a person
   * declined its plan; else `null`.
   */
  readonly cause: string | null;
  /** What is wrong, one sentence; `null` if nothing is. */
  readonly message: string | null;
  /** What to do about it, without the command that goes on; `null` if nothing is known. */
  readonly hint: string | null;
  /** The command line that goes on, if it is not that of the run: such as one that retries what failed. */
  readonly again?: string | null;
  /** The pause of the failsafe that ended it; absent or `null` for another end. */
  readonly pause?: RunPause | null;
  /** Class of failure that all failed files have; absent or `null` if they have several, or none failed. */
  readonly failure?: string | null;
  /** The first target that could not be listed, such as `user:NAME`; absent or `null` if all could. */
  readonly target?: string | null;
  /** What the run learnt of the API key; `null` if nothing. */
  readonly key: KeyState | null;
  /** Where the key of the run came from, such as `CIVITAI_API_KEY` or a file; `null` without a key. */
  readonly keyOrigin: string | null;
}

/** One run, as the library remembers it. What only the end tells is `null` until then, and for ever after a kill. */
export interface RunRecord extends
  Omit<RunStart, "again">,
  Readonly<
    {
      [Field in Exclude<keyof RunEnd, "key" | "keyOrigin" | "again" | "pause" | "failure" | "target">]:
        | RunEnd[Field]
        | null;
    }
  > {
  /** Identifies the run in its library. */
  readonly id: string;
  /** Process that ran it. */
  readonly pid: number;
  /** Whether it is under way, has ended, or was killed. */
  readonly state: RunState;
  /** ISO 8601 UTC. */
  readonly startedAt: string;
  /** ISO 8601 UTC. */
  readonly endedAt: string | null;
  /** The command line that goes on; `null` if it is not known. */
  readonly again: string | null;
  /** The pause of the failsafe that ended it; `null` for another end. */
  readonly pause: RunPause | null;
  /** Class of failure that all failed files have; `null` if they have several, or none failed. */
  readonly failure: string | null;
  /** The first target that could not be listed; `null` if all could. */
  readonly target: string | null;
  /** What the run learnt of the API key; `null` if nothing. */
  readonly key: KeyState | null;
  /** Where its key came from; `null` without a key. */
  readonly keyOrigin: string | null;
}
