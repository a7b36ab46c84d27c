import { ensureDir } from "@std/fs";
import { join } from "node:path";
import { systemClock } from "../../../lib/base/mod.ts";

/** A real web server that serves a folder. */
export interface Nginx extends AsyncDisposable {
  readonly origin: string;
  /** The folder that it serves. */
  readonly root: string;
  /** Authorization header of each request; `-` for none. */
  readonly authorizations: () => Promise<readonly string[]>;
}

/** Options of {@linkcode startNginx}. */
export interface StartNginxOptions {
  /**
   * The directives of its server, besides `listen`.
   *
   * @default {"root files;"}
   */
  readonly server?: string | undefined;
}

/** Start nginx in a folder, by default for its folder `files`. */
export async function startNginx(base: string, { server = "root files;" }: StartNginxOptions = {}): Promise<Nginx> {
  const root = join(base, "files");
  await ensureDir(root);
  const port = freePort();
  await Deno.writeTextFile(join(base, "nginx.conf"), configOf(base, { port, server }));
  const child = new Deno.Command("nginx", {
    args: ["-p", base, "-c", "nginx.conf", "-e", "error.log"],
    stdin: "null",
    stdout: "null",
    stderr: "null",
  }).spawn();
  const origin = `http://127.0.0.1:${port}`;
  await waitFor(origin);
  return {
    origin,
    root,
    authorizations: async () => (await Deno.readTextFile(join(base, "access.log"))).split("\n").filter(Boolean),
    async [Symbol.asyncDispose]() {
      child.kill("SIGTERM");
      await child.status;
    },
  };
}

function configOf(base: string, { port, server }: { readonly port: number; readonly server: string }): string {
  const folders = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
    .map((name) => `${name}_temp_path ${join(base, name)};`).join(" ");
  return `daemon off; master_process off; pid nginx.pid; error_log error.log;
events { worker_connections 64; }
http {
  ${folders}
  default_type application/octet-stream; sendfile on;
  log_format keys '$http_authorization'; access_log access.log keys;
  server { listen 127.0.0.1:${port}; ${server} }
}
`;
}

function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}

async function waitFor(origin: string): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt++) {
    try {
      return await (await fetch(origin)).body?.cancel();
    } catch {
      // Not listening yet.
      await systemClock.sleep(25);
    }
  }
  throw new Error("Cannot start nginx: it does not answer");
}
