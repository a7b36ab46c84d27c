import type { MonitorAudience } from "../monitor/mod.ts";
import type { AppServer } from "./serve_app.ts";

/** The clients of a server that is not open yet, because it needs the status that they look at. */
export class AppAudience implements MonitorAudience {
  #server: Pick<AppServer, "clients" | "publish"> | undefined;

  /** Name the server, once it is open. */
  attach(server: Pick<AppServer, "clients" | "publish">): void {
    this.#server = server;
  }

  readonly isPresent = (): boolean => this.#server !== undefined && this.#server.clients > 0;

  readonly onChange = async (): Promise<void> => {
    await this.#server?.publish("status");
  };
}
