import { type Random, seededRandom } from "../../lib/base/mod.ts";
import { FailureError } from "../../lib/failsafe/mod.ts";
import { createSocketTransport, type Socket } from "../../lib/transfer/mod.ts";
import { type FuzzCase, makeFuzzCase } from "./_fuzz_responses.ts";
import { judgeAnswer, type Verdict } from "./_fuzz_oracle.ts";
import { readAll } from "./_read_all.ts";

/** The figures of a run of many responses. */
export interface FuzzFigures {
  readonly count: number;
  /** Accepted responses, correctly. */
  readonly accepted: number;
  /** Refused responses, correctly. */
  readonly refused: number;
  /** Valid responses that were refused because of a limit or an obsolete form, as permitted. */
  readonly refusedByChoice: number;
  /** Problems, each with its seed. */
  readonly problems: readonly string[];
}

/** Read `count` responses, each generated from a seed of its own, and compare the results with the oracle. */
export async function runFuzz(options: { readonly count: number; readonly seed: number }): Promise<FuzzFigures> {
  const { count, seed } = options;
  const figures = { count, accepted: 0, refused: 0, refusedByChoice: 0 };
  const problems: string[] = [];
  for (let index = 0; index < count; index++) {
    const random: Random = seededRandom(seed * 1_000_003 + index);
    const fuzzCase = makeFuzzCase(random);
    const verdict = judgeAnswer(fuzzCase.text);
    const outcome = await readCase(fuzzCase);
    const problem = compare(verdict, outcome);
    if (problem !== null) problems.push(`${problem} (seed ${seed}, case ${index}: ${JSON.stringify(fuzzCase)})`);
    else if (outcome.isRead) figures.accepted++;
    else if (verdict.isValid) figures.refusedByChoice++;
    else figures.refused++;
  }
  return { ...figures, problems };
}

type Outcome =
  | { readonly isRead: true; readonly status: number; readonly body: string }
  | { readonly isRead: false; readonly error: unknown };

function compare(verdict: Verdict, outcome: Outcome): string | null {
  if (!outcome.isRead) {
    const { error } = outcome;
    const isClean = error instanceof FailureError && ["server", "connection"].includes(error.failure);
    if (!isClean) return `crashed: ${error instanceof Error ? error.stack : error}`;
    return verdict.isValid && !verdict.mayRefuse ? `refused a valid answer: ${error.message}` : null;
  }
  if (!verdict.isValid) return "read an answer that is not valid";
  const isSame = verdict.status === outcome.status && verdict.body === outcome.body;
  return isSame ? null : `read status ${outcome.status} and body ${JSON.stringify(outcome.body)}`;
}

async function readCase(fuzzCase: FuzzCase): Promise<Outcome> {
  using transport = createSocketTransport({ connect: () => Promise.resolve(new FakeSocket(fuzzCase)) });
  try {
    await using answer = await transport.send("http://h.example/", {
      headers: {},
      signal: new AbortController().signal,
    });
    return { isRead: true, status: answer.status, body: await readAll(answer, fuzzCase.targetBytes) };
  } catch (error) {
    return { isRead: false, error };
  }
}

/** A socket in memory with the contract of `Deno.Conn`: a read returns what is available, up to its size. */
class FakeSocket implements Socket {
  readonly remoteAddr: Deno.NetAddr = { transport: "tcp", hostname: "192.0.2.1", port: 80 };
  readonly #bytes: Uint8Array;
  readonly #pieces: readonly number[];
  #at = 0;
  #piece = 0;
  #pieceLeft: number;
  #reads = 0;
  #isClosed = false;

  constructor({ text, pieces }: FuzzCase) {
    this.#bytes = Uint8Array.from(text, (char) => char.charCodeAt(0));
    this.#pieces = pieces;
    this.#pieceLeft = pieces[0]!;
  }

  read(target: Uint8Array): Promise<number | null> {
    if (this.#isClosed) return Promise.reject(new Deno.errors.BadResource("Bad resource ID"));
    // Each read returns at least a byte: more reads than bytes mean an endless loop.
    if (++this.#reads > this.#bytes.length + 3) return Promise.reject(new Error("hang: it reads on and on"));
    if (target.length === 0) return Promise.reject(new Error("hang: it reads nothing"));
    if (this.#at === this.#bytes.length) return Promise.resolve(null);
    const count = Math.min(target.length, this.#pieceLeft, this.#bytes.length - this.#at);
    target.set(this.#bytes.subarray(this.#at, this.#at + count));
    this.#at += count;
    this.#pieceLeft -= count;
    if (this.#pieceLeft === 0) this.#pieceLeft = this.#pieces[++this.#piece % this.#pieces.length]!;
    return Promise.resolve(count);
  }

  write(bytes: Uint8Array): Promise<number> {
    return Promise.resolve(Math.ceil(bytes.length / 2));
  }

  close(): void {
    if (this.#isClosed) throw new Deno.errors.BadResource("Bad resource ID");
    this.#isClosed = true;
  }

  ref(): void {}
  unref(): void {}
}
