import { createHash } from "node:crypto";
import { join, resolve } from "node:path";
import process from "node:process";
import { lastLines, runDeno } from "../checks/mod.ts";
import { KitError, systemClock, VERSION, writeAtomic } from "../lib/base/mod.ts";
import { defineCommand } from "../lib/cli/mod.ts";
import { requireCheckout } from "./_frame/program_form.ts";
import { runScript } from "./_frame/run_script.ts";
import { type BundledPackage, listBundledPackages } from "./_package/bundled_packages.ts";
import { type PackageLock, parsePackageLock } from "./_package/package_lock.ts";
import type { ProgramPart } from "./_package/program_bom.ts";

/** The document that was written. */
interface WrittenBom {
  readonly file: string;
  readonly packages: readonly string[];
}

/** The `sbom` task: lists what is in the bundle, with versions, checksums and licenses. */
export const command = defineCommand({
  name: "sbom",
  summary: "List what is in the bundle (SBOM): every package with version, checksum and license, as CycloneDX",
  description:
    "The packages are those whose files are in the bundle; deno.lock has their checksums and their dependencies. The document " +
    "is compared with the schema of CycloneDX 1.6 before it is written.",
  flags: [
    { name: "bundle", type: "path", summary: "The bundle", placeholder: "FILE", default: "dist/civitai-dl.js" },
    {
      name: "output",
      short: "o",
      type: "path",
      summary: "The document",
      placeholder: "FILE",
      default: "dist/civitai-dl.cdx.json",
    },
  ],
  examples: [{ command: "deno task bundle && deno task sbom", summary: "Of this checkout" }],
  exits: { 1: "The bundle has a package that deno.lock does not have" },
  async run({ flags, signal }): Promise<WrittenBom> {
    const root = requireCheckout("sbom");
    const bundle = await readBundle(resolve(flags.bundle));
    const packages = listBundledPackages(bundle);
    if (packages.length === 0) {
      throw new KitError("failed", `Cannot list what is in "${flags.bundle}": it names no package`, {
        hint: "Make it with deno task bundle, without --minify",
      });
    }
    const lock = parsePackageLock(await Deno.readTextFile(join(root, "deno.lock")));
    const cache = await findPackageCache(signal);
    const parts = await Promise.all(packages.map((one) => describePart(one, { lock, cache })));
    // A package of the validator loads a module that Node calls deprecated, and says so to everybody.
    Object.assign(process, { noDeprecation: true });
    const { renderProgramBom, requireValidBom } = await import("./_package/program_bom.ts");
    const document = renderProgramBom({
      version: VERSION,
      sha256: createHash("sha256").update(bundle).digest("hex"),
      deno: Deno.version.deno,
      parts,
      time: new Date(systemClock.now()),
    });
    await requireValidBom(document);
    const file = resolve(flags.output);
    await writeAtomic(file, document);
    return { file, packages: parts.map(({ name, version }) => `${name}@${version}`) };
  },
  render: ({ file, packages }: WrittenBom) => `${file}: ${packages.length} packages\n`,
});

async function readBundle(path: string): Promise<string> {
  try {
    return await Deno.readTextFile(path);
  } catch (cause) {
    if (!(cause instanceof Deno.errors.NotFound)) throw cause;
    throw new KitError("usage", `Cannot read "${path}": there is no such file`, {
      hint: "Make it first: deno task bundle",
      cause,
    });
  }
}

/** The folder where Deno keeps the packages of npm. */
async function findPackageCache(signal: AbortSignal): Promise<string> {
  const run = await runDeno(["info", "--json"], { signal });
  if (run.code === 0) return (JSON.parse(run.out) as { readonly npmCache: string }).npmCache;
  throw new KitError("failed", "Cannot find the packages: deno info failed", { hint: lastLines(run) });
}

async function describePart(
  { name, version, folder }: BundledPackage,
  { lock, cache }: { readonly lock: PackageLock; readonly cache: string },
): Promise<ProgramPart> {
  const key = `${name}@${version}`;
  const locked = lock.packages.get(key);
  if (locked === undefined) {
    throw new KitError("failed", `Cannot describe ${key}: the bundle has it, and deno.lock has not`, {
      hint: "Make the bundle again: deno task bundle",
    });
  }
  const { license } = JSON.parse(await Deno.readTextFile(join(cache, folder, "package.json"))) as {
    readonly license?: unknown;
  };
  return {
    name,
    version,
    ...locked,
    license: typeof license === "string" ? license : null,
    isDirect: lock.direct.has(key),
  };
}

if (import.meta.main) await runScript(command);
