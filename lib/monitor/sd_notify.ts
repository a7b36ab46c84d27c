import { type Env, systemEnv } from "../base/mod.ts";

/** Sends one datagram to the service manager. */
export type SdSend = (socketPath: string, message: string) => Promise<void>;

/** Options of {@linkcode SdNotifier}. */
export interface SdNotifierOptions {
  /**
   * Reads `NOTIFY_SOCKET`, `WATCHDOG_USEC` and `WATCHDOG_PID`.
   *
   * @default {systemEnv}
   */
  readonly env?: Env | undefined;
  /**
   * Sends a message.
   *
   * @default {by a datagram socket where the runtime supports them, otherwise by the program systemd-notify}
   */
  readonly send?: SdSend | undefined;
  /** Called once, for the first message that cannot be sent. */
  readonly onWarning?: ((message: string) => void) | undefined;
}

/**
 * Notifies systemd of the state of a `Type=notify` service. Does nothing without `NOTIFY_SOCKET`, and never rejects: a
 * failed notification must not stop the service.
 */
export class SdNotifier {
  /** The watchdog timeout of the unit, in milliseconds; `null` if it has none. */
  readonly watchdogMs: number | null;
  readonly #socket: string | undefined;
  readonly #send: SdSend;
  readonly #onWarning: (message: string) => void;
  #hasWarned = false;

  /** Read the socket and the watchdog timeout from the environment; nothing is sent yet. */
  constructor(options: SdNotifierOptions = {}) {
    const { env = systemEnv, send = sendDatagram, onWarning = () => {} } = options;
    this.#socket = env("NOTIFY_SOCKET") || undefined;
    this.#send = send;
    this.#onWarning = onWarning;
    const usec = Number(env("WATCHDOG_USEC"));
    const pid = env("WATCHDOG_PID");
    const isForUs = pid === undefined || pid === "" || Number(pid) === Deno.pid;
    this.watchdogMs = this.#socket !== undefined && isForUs && usec > 0 ? usec / 1000 : null;
  }

  /** Whether systemd expects notifications: it then sets `NOTIFY_SOCKET`. */
  get isActive(): boolean {
    return this.#socket !== undefined;
  }

  /** Send `READY=1`: the service has started. */
  notifyReady(status: string): Promise<void> {
    return this.#notify(`READY=1\nSTATUS=${oneLine(status)}`);
  }

  /** Send `STATUS=`: one line for `systemctl status`. */
  notifyStatus(status: string): Promise<void> {
    return this.#notify(`STATUS=${oneLine(status)}`);
  }

  /** Send `WATCHDOG=1`; systemd expects it within `watchdogMs`. */
  notifyAlive(): Promise<void> {
    return this.#notify("WATCHDOG=1");
  }

  /** Send `STOPPING=1`: the service is about to exit. */
  notifyStopping(): Promise<void> {
    return this.#notify("STOPPING=1");
  }

  async #notify(message: string): Promise<void> {
    if (this.#socket === undefined) return;
    try {
      await this.#send(this.#socket, message);
    } catch (error) {
      if (!this.#hasWarned) {
        this.#onWarning(`Cannot notify systemd: ${error instanceof Error ? error.message : error}`);
      }
      this.#hasWarned = true;
    }
  }
}

function oneLine(text: string): string {
  return text.replaceAll(/[\r\n]+/g, " ");
}

/** The part of Deno's unstable datagram API that is used here. */
interface Datagrams {
  listenDatagram?(options: { readonly transport: "unixpacket"; readonly path: string }): {
    send(bytes: Uint8Array, to: { readonly transport: "unixpacket"; readonly path: string }): Promise<number>;
    close(): void;
  };
}

/**
 * Send a message by a datagram socket if possible. Deno supports Unix datagram sockets only with `--unstable-net`, and
 * they cannot address abstract sockets (`@…`). Without them, or for an abstract socket, the program `systemd-notify`
 * sends the message, and the unit needs `NotifyAccess=all`.
 */
async function sendDatagram(socketPath: string, message: string): Promise<void> {
  const { listenDatagram } = Deno as Datagrams;
  if (listenDatagram === undefined || socketPath.startsWith("@")) return await runSystemdNotify(message);
  const folder = await Deno.makeTempDir({ prefix: "civitai-dl-notify-" });
  try {
    const socket = listenDatagram({ transport: "unixpacket", path: `${folder}/s` });
    try {
      await socket.send(new TextEncoder().encode(message), { transport: "unixpacket", path: socketPath });
    } finally {
      socket.close();
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function runSystemdNotify(message: string): Promise<void> {
  const child = new Deno.Command("systemd-notify", {
    args: message.split("\n"),
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  });
  const { success, stderr } = await child.output();
  if (!success) throw new Error(new TextDecoder().decode(stderr).trim() || "systemd-notify failed");
}
