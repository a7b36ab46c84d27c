import { join } from "node:path";
import { runProgram } from "./_run_program.ts";
import type { PeerBench } from "./target.ts";

/** Paths of a server's certificate, its key, and the authority that signed it. */
export interface Certificate {
  /** Path of the authority's PEM file, which clients must trust. */
  readonly authority: string;
  /** Path of the PEM file with the server's certificate. */
  readonly chain: string;
  /** Path of the PEM file with the server's key. */
  readonly key: string;
}

/** Make an authority and a certificate for this machine. All targets share them. */
export function localCertificate(bench: PeerBench): Promise<Certificate> {
  return bench.once("certificate", async () => {
    bench.tools.need("openssl");
    const folder = join(bench.folder, "certificate");
    await Deno.mkdir(folder);
    const path = (name: string) => join(folder, name);
    const newKey = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
    const openssl = (...args: readonly string[]) => runProgram(["openssl", ...args], { cwd: folder });
    await openssl(
      ...["req", "-x509", ...newKey, "-keyout", "ca.key", "-out", "ca.pem", "-days", "2"],
      ...["-subj", "/CN=Benchmark authority", "-addext", "basicConstraints=critical,CA:TRUE"],
    );
    await openssl("req", ...newKey, "-keyout", "server.key", "-out", "server.csr", "-subj", "/CN=localhost");
    await Deno.writeTextFile(path("names.cnf"), "subjectAltName=DNS:localhost,IP:127.0.0.1\n");
    await openssl(
      ...["x509", "-req", "-in", "server.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial"],
      ...["-out", "server.pem", "-days", "2", "-extfile", "names.cnf"],
    );
    return { authority: path("ca.pem"), chain: path("server.pem"), key: path("server.key") };
  });
}
