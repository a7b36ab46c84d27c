import { type Clock, type Random, seededRandom } from "../../../../lib/base/mod.ts";
import { faultResponse } from "../../../../lib/sandbox/http/fault_response.ts";
import { type FaultPlan, NO_FAULTS, planFaults } from "../../../../lib/sandbox/faults/fault_plan.ts";
import {
  bytesBody,
  type HttpRequest,
  type HttpResponse,
  xmlErrorResponse,
} from "../../../../lib/sandbox/http/http_message.ts";
import { HttpServer } from "../../../../lib/sandbox/http/http_server.ts";
import { objectResponse } from "../../../../lib/sandbox/storage/_object_response.ts";
import { FailureError } from "../../../../lib/failsafe/mod.ts";
import type { ResolveSource } from "../../../../lib/transfer/mod.ts";
import { someBytes } from "../../../helpers/servers/file_server.ts";
import { type SeededPlan, SOURCE_BYTES } from "./_seeded_plan.ts";

let source: Uint8Array | undefined;

/** The bytes of an object of a plan. */
export function objectBytes({ sizes, offsets }: SeededPlan, which: 0 | 1): Uint8Array {
  source ??= someBytes(SOURCE_BYTES);
  return source.subarray(offsets[which], offsets[which] + sizes[which]);
}

/** Options of {@linkcode SeededServer}. */
export interface SeededServerOptions {
  readonly clock: Clock;
  /** Called with every request. */
  readonly tell: (text: string) => void;
}

/** Serves the file of a run with all its faults. */
export class SeededServer implements AsyncDisposable {
  readonly #plan: SeededPlan;
  readonly #clock: Clock;
  readonly #tell: (text: string) => void;
  readonly #random: Random;
  #server!: HttpServer;
  #isCalm = false;
  #requests = 0;
  #generation = 0;
  /** Earlier signatures have expired. */
  #oldest = 0;
  /** Faults so far. */
  readonly faults = new Set<string>();
  readonly crashes: unknown[] = [];

  private constructor(plan: SeededPlan, options: SeededServerOptions) {
    this.#plan = plan;
    this.#clock = options.clock;
    this.#tell = options.tell;
    this.#random = seededRandom(plan.seed ^ 0x7e11);
  }

  /** Start the server. */
  static async start(plan: SeededPlan, options: SeededServerOptions): Promise<SeededServer> {
    const server = new SeededServer(plan, options);
    server.#server = await HttpServer.start({
      port: 0,
      clock: options.clock,
      onConnection: () => {},
      handle: (request) => server.#handle(request),
      onCrash: (error) => server.crashes.push(error),
    });
    return server;
  }

  get openConnections(): number {
    return this.#server.openConnections;
  }

  get requests(): number {
    return this.#requests;
  }

  /** The object that it serves now. */
  get current(): 0 | 1 {
    const { swapAt } = this.#plan;
    return swapAt !== null && this.#requests > swapAt ? 1 : 0;
  }

  get host(): string {
    return new URL(this.#server.origin).host;
  }

  /** Stop all faults. */
  calm(): void {
    this.#isCalm = true;
  }

  /** URL of the file; it stays the same until a fresh one is requested. */
  readonly resolve: ResolveSource = ({ fresh }) => {
    if (!this.#isCalm && this.#random() < this.#plan.resolveFailures) {
      this.faults.add("resolve");
      return Promise.reject(new FailureError("server", "Cannot resolve: the server answered 502"));
    }
    if (fresh) this.#generation++;
    return Promise.resolve({ url: `${this.#server.origin}/file?signature=${this.#generation}` });
  };

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server.close();
  }

  #handle(request: HttpRequest): HttpResponse {
    const { toxics, seed } = this.#plan;
    const count = this.#requests++;
    if (this.current === 1) this.faults.add("swap");
    const plan = this.#isCalm ? NO_FAULTS : planFaults(toxics, { seed, route: "storage", item: 0, count });
    for (const name of plan.names) this.faults.add(name);
    const answer = this.#respond(request, plan);
    const { headers } = request;
    this.#tell(
      `request ${count}: ${request.target} ${headers.get("range") ?? "-"} ${headers.get("if-range") ?? "-"} ` +
        `[${plan.names}] → ${answer.status} ${answer.headers["Content-Range"] ?? ""}`,
    );
    return { ...answer, faults: plan, onEnd: () => this.#tell(`request ${count}: over`) };
  }

  #respond(request: HttpRequest, plan: FaultPlan): HttpResponse {
    const generation = Number(request.url.searchParams.get("signature"));
    if (plan.response?.type === "expiredUrl") this.#oldest = Math.max(this.#oldest, generation + 1);
    if (generation < this.#oldest) {
      this.faults.add("expiredUrl");
      return xmlErrorResponse(403, "ExpiredRequest", "Request has expired");
    }
    const fault = faultResponse(plan, this.#clock.now());
    if (fault !== null) return fault;
    const { etag } = this.#plan;
    const which = this.current;
    const response = objectResponse(
      {
        body: bytesBody(objectBytes(this.#plan, which)),
        etag: `${etag === "weak" ? "W/" : ""}"v${which}"`,
        lastModifiedMs: this.#clock.now(),
        headers: { "Content-Type": "application/octet-stream" },
      },
      request,
      plan,
    );
    if (etag !== "none") return response;
    const { ETag: _etag, ...headers } = response.headers;
    return { ...response, headers };
  }
}
