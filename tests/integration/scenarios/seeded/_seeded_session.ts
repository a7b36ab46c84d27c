import { type Clock, KitError, type Random } from "../../../../lib/base/mod.ts";
import {
  type ConnectionPermits,
  createFetchTransport,
  createSocketTransport,
  type HashPool,
  IntegrityError,
  LineMemory,
  openLine,
  type Profile,
  PROFILES,
  removePart,
  type TransferEvent,
  transferFile,
  type TransferResult,
} from "../../../../lib/transfer/mod.ts";
import { namesProblem, wholeProblem } from "./_seeded_disk.ts";
import { isJustified } from "./_seeded_justice.ts";
import type { SeededPlan, SeededSession } from "./_seeded_plan.ts";
import { objectBytes, type SeededServer } from "./_seeded_server.ts";
import { SeededStop } from "./_seeded_stop.ts";
import { sha256 } from "../../../helpers/servers/file_server.ts";

/** State that all sessions of a run share. */
export interface SessionContext {
  readonly plan: SeededPlan;
  readonly server: SeededServer;
  readonly clock: Clock;
  readonly random: Random;
  readonly permits: ConnectionPermits & { readonly inside: number; readonly peak: number };
  readonly hashers: HashPool;
  readonly hangMs: number;
  /** The final name. */
  readonly path: string;
  readonly tell: (text: string) => void;
  /** Record a problem. */
  readonly blame: (problem: string) => void;
}

/** In real time. The sessions without faults have the patience of the real profiles, whatever else the machine does. */
const SHORT_LIMITS = { headerTimeoutMs: 400, stallMs: 300, stallBytes: 1 };

/** Start the engine once; returns `done`, `interrupted`, or the class of its failure. */
export async function runSeededSession(context: SessionContext, session: SeededSession): Promise<string> {
  const { plan, hangMs, blame, tell, path } = context;
  tell(`session: ${JSON.stringify(session)}`);
  using stop = new SeededStop(session.stop);
  const watchdog = setTimeout(() => {
    blame(`hang: a session goes on for ${hangMs} ms`);
    stop.now();
  }, hangMs);
  try {
    const result = await transfer(context, session, stop);
    const problem = await wholeProblem(path, result, [objectBytes(plan, 0), objectBytes(plan, 1)]);
    if (problem !== null) blame(problem);
    return "done";
  } catch (error) {
    return await judgeFailure(context, error, { isStopped: stop.signal.aborted, isCalm: session === plan.calm });
  } finally {
    clearTimeout(watchdog);
    tell("session over");
  }
}

async function transfer(context: SessionContext, session: SeededSession, stop: SeededStop): Promise<TransferResult> {
  const { plan, server, clock, random, permits, hashers, path, blame, tell } = context;
  const lines = new LineMemory({ clock });
  if (session.isCapped) lines.recordVerdict(server.host, "capped");
  const limits = session === plan.calm ? {} : SHORT_LIMITS;
  const profile: Profile = { ...PROFILES[session.profile], ...limits };
  const onEvent = (event: TransferEvent): void => {
    tell(`event: ${JSON.stringify(event)}`);
    stop.see(event);
  };
  const transport = session.transport === "socket" ? createSocketTransport() : createFetchTransport();
  using line = openLine({
    transport: transport.send,
    maxRetries: session.maxRetries,
    lines,
    permits,
    clock,
    random,
    hashers: session.isDurable ? undefined : hashers,
    durable: session.isDurable,
  });
  try {
    return await transferFile(
      {
        path,
        identity: { fileId: plan.seed },
        resolve: server.resolve,
        sha256: plan.hashOf === null ? null : sha256(objectBytes(plan, plan.hashOf)),
        profile,
      },
      line,
      { onEvent, signal: stop.signal },
    );
  } finally {
    transport[Symbol.dispose]();
    const open = "openConnections" in transport ? transport.openConnections : 0;
    if (open !== 0) blame(`leak: ${open} connections of the transport`);
  }
}

async function judgeFailure(
  context: SessionContext,
  error: unknown,
  facts: { readonly isStopped: boolean; readonly isCalm: boolean },
): Promise<string> {
  const { plan, server, path, blame, tell } = context;
  tell(`failed: ${error instanceof Error ? error.stack : error}`);
  const problem = await namesProblem(path);
  if (problem !== null) blame(problem);
  // An interruption during the comparison of the hash comes too late, and the result is reported.
  if (error === SeededStop.REASON && facts.isStopped) return "interrupted";
  if (!(error instanceof KitError) || !("failure" in error)) {
    blame(`no named failure: ${error instanceof Error ? error.stack : error}`);
    return "unnamed";
  }
  // Like the downloader: a complete but wrong file is useless.
  if (error instanceof IntegrityError) await removePart(path);
  const failure = String(error.failure);
  const isMeant = isJustified(failure, {
    faults: server.faults,
    hashOf: plan.hashOf,
    current: server.current,
    ...facts,
  });
  if (!isMeant) blame(`failed without reason: ${error.message}`);
  return failure;
}
