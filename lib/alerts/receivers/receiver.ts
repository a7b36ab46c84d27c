import type { Clock, Env } from "../../base/mod.ts";
import type { Notification } from "./notification.ts";
import type { ReceiverUrl } from "./_receiver_url.ts";

/** A destination for notifications: one address of one service. */
export interface Receiver {
  /** Its URL without secrets, such as `slack://hooks.slack.com/…`; safe to show. */
  readonly description: string;
  /**
   * Deliver once, without retries.
   *
   * @param notification The notification to send
   * @param options A signal that stops the delivery
   * @throws {FailureError} If the service did not confirm the notification; contains no secret
   */
  send(notification: Notification, options: { readonly signal: AbortSignal }): Promise<void>;
  /**
   * Whether the service takes connections now. It is asked after an attempt without an answer: if it does not, the
   * message never left, and can be sent again without a second copy. A receiver without it always may have got the
   * message.
   *
   * @param options A signal that stops the check; the result is then `false`
   */
  isReachable?(options: { readonly signal: AbortSignal }): Promise<boolean>;
}

/** How the URLs of a receiver look, what of them is secret, and what makes the receiver. */
export interface ReceiverKind {
  /** The expected form of the URL. */
  readonly form: string;
  /**
   * What may be shown of a URL besides its scheme and host: all of it, or the values of the parameters in this list. User,
   * password, path and all other parameters are secret, or point to a person.
   */
  readonly shown: "all" | readonly string[];
  readonly create: (url: ReceiverUrl, seams: ReceiverOptions) => Receiver;
}

/** Runs a program with arguments, never through a shell; resolves to its exit code. */
export type RunProgram = (
  program: string,
  args: readonly string[],
  options: { readonly env: Readonly<Record<string, string>>; readonly signal: AbortSignal },
) => Promise<number>;

/** What a receiver uses from the outside world; tests replace it. */
export interface ReceiverOptions {
  /**
   * Returns the values of `${NAME}` in the URL.
   *
   * @default {systemEnv}
   */
  readonly env?: Env | undefined;
  /**
   * Sends requests.
   *
   * @default {globalThis.fetch}
   */
  readonly fetch?: typeof fetch | undefined;
  /**
   * Clock; tests pass a fake one.
   *
   * @default {systemClock}
   */
  readonly clock?: Clock | undefined;
  /** A certificate authority to trust in addition to the system's, as PEM. */
  readonly ca?: string | undefined;
  /**
   * Runs the program that shows a desktop notification.
   *
   * @default {Deno.Command}
   */
  readonly run?: RunProgram | undefined;
  /**
   * The operating system whose desktop notifications are used.
   *
   * @default {operatingSystem()}
   */
  readonly os?: typeof Deno.build.os | undefined;
  /**
   * Writes to standard output, for `stdout:`.
   *
   * @default {Deno.stdout}
   */
  readonly print?: ((text: string) => Promise<void>) | undefined;
  /** Replaces the service's own address, for Slack, Discord and Telegram. */
  readonly baseUrl?: string | undefined;
}
