import { fileURLToPath } from "node:url";
import { closest, isLoopback } from "../../base/mod.ts";
import { AddressError } from "./address_error.ts";

/**
 * Reads the URL of a receiver part by part. Errors show the expected form of the URL. They quote only its scheme and
 * the names of parameters, because the rest may be secret.
 */
export class ReceiverUrl {
  /** The scheme without its colon. */
  readonly scheme: string;
  readonly #text: string;
  readonly #url: URL;
  readonly #form: string;
  readonly #read = new Set<string>();

  /** Parse the text; errors show `form` as the expected form of the URL. */
  constructor(text: string, scheme: string, form: string) {
    this.scheme = scheme;
    this.#text = text;
    this.#form = form;
    if (/%(?![0-9a-f]{2})/i.test(text)) this.fail('a literal "%" must be written "%25"');
    if (text.includes("#")) this.fail('a "#" must be written "%23"');
    this.#url = URL.parse(text) ?? this.fail("it is not a valid URL: check the host and the port");
  }

  /** Throw a `usage` error about the URL. */
  fail(problem: string): never {
    throw new AddressError(`receiver "${this.scheme}:"`, `${problem}; write ${this.#form}`);
  }

  /** The host, with the port if there is one; fails if there is no host. */
  get host(): string {
    if (this.#url.host === "") this.fail("no host");
    const url = URL.parse(`http://${this.#url.host}`);
    if (url === null || this.#url.port === "0") this.fail("no valid host or port");
    return url.host;
  }

  /**
   * Fail unless the host is this machine. Call it before a password or a token is sent without encryption.
   *
   * @param problem What would be sent in the clear, and how to avoid that
   */
  assertLoopback(problem: string): void {
    if (!isLoopback(new URL(`http://${this.host}`).hostname)) this.fail(problem);
  }

  /** The host as written, for services that give it another meaning; empty if there is none. */
  get rawHost(): string {
    return this.#url.host;
  }

  /** The port, if there is one. */
  get port(): number | undefined {
    return this.#url.port === "" ? undefined : Number(this.#url.port);
  }

  get user(): string {
    return this.#decode(this.#url.username);
  }

  get password(): string {
    return this.#decode(this.#url.password);
  }

  /** Whether the URL has a user or a password. */
  get hasLogin(): boolean {
    return this.#url.username !== "" || this.#url.password !== "";
  }

  /** Path and query, still percent-encoded. */
  get pathAndQuery(): string {
    return `${this.#url.pathname}${this.#url.search}`;
  }

  /** The non-empty segments of the path, decoded. */
  get segments(): readonly string[] {
    return this.#url.pathname.split("/").filter((part) => part !== "").map((part) => this.#decode(part));
  }

  /** The file that a `file:` URL names: absolute after `file:///`, otherwise relative to the working directory. */
  get filePath(): string {
    const rest = this.#text.slice(this.#text.indexOf(":") + 1).split("?")[0]!;
    if (!rest.startsWith("/")) return this.#decode(rest);
    if (!rest.startsWith("///")) this.fail("an absolute path begins with three slashes, a relative path with none");
    this.#decode(this.#url.pathname);
    // `fileURLToPath` throws a TypeError for an escaped slash.
    try {
      return fileURLToPath(`file://${this.#url.pathname}`);
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      return this.fail("not an absolute path on this system");
    }
  }

  /** A parameter; `undefined` if it is absent. */
  parameter(name: string): string | undefined {
    this.#read.add(name);
    const values = [...this.#url.searchParams].filter(([key]) => key.toLowerCase() === name);
    if (values.length > 1) this.fail(`the parameter "${name}" is given more than once`);
    const value = values[0]?.[1];
    if (value !== undefined && /\p{Cc}/u.test(value)) {
      this.fail(`the parameter "${name}" contains a line end or another control character`);
    }
    if (value?.trim() === "") this.fail(`the parameter "${name}" is empty`);
    return value?.trim();
  }

  /** A parameter that is a comma-separated list; empty if it is absent. */
  list(name: string): readonly string[] {
    const parts = this.parameter(name)?.split(",").map((part) => part.trim()) ?? [];
    if (parts.includes("")) this.fail(`the list "${name}" has an empty entry`);
    return parts;
  }

  /** A parameter that is `yes` or `no`; `fallback` if it is absent. */
  flag(name: string, fallback: boolean): boolean {
    const value = this.parameter(name)?.toLowerCase() ?? (fallback ? "yes" : "no");
    if (value !== "yes" && value !== "no") this.fail(`the parameter "${name}" must be yes or no`);
    return value === "yes";
  }

  /** Fail for a parameter that was never read; call it after reading all known ones. */
  assertAllRead(): void {
    for (const name of this.#url.searchParams.keys()) {
      if (this.#read.has(name.toLowerCase())) continue;
      // Anything but a plain word may be a secret in the wrong place.
      const shown = /^[a-z_-]{1,24}$/i.test(name) ? `"${name}"` : "one";
      const near = closest(name, this.#read);
      const known = this.#read.size === 0 ? "there are none" : `there are ${[...this.#read].join(", ")}`;
      this.fail(`no such parameter: ${shown} (${near === undefined ? known : `did you mean "${near}"?`})`);
    }
  }

  #decode(part: string): string {
    let text = "";
    try {
      text = decodeURIComponent(part);
    } catch (error) {
      if (!(error instanceof URIError)) throw error;
      this.fail("a percent escape is not valid UTF-8");
    }
    if (/\p{Cc}/u.test(text)) this.fail("a percent escape encodes a line end or another control character");
    return text;
  }
}
