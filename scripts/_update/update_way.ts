import { fileURLToPath } from "node:url";
import { resolve } from "node:path";
import { readInstallation } from "../../lib/release/mod.ts";
import { findCheckout, type ProgramForm, programForm } from "../_frame/program_form.ts";
import { quotePath } from "./quote_path.ts";

/** Where this program is. */
export interface ProgramPlace {
  /** How it was started. */
  readonly form: ProgramForm;
  /** Path of the checkout, the bundle or the executable, without links; or the URL of a program from one. */
  readonly path: string;
  /** Path of the Deno that runs it, or of the executable. */
  readonly runtime: string;
}

/** How this program is brought up to date. */
export type UpdateWay =
  | {
    /** It is one of several installed versions, so it updates itself. */
    readonly type: "installed";
    /** The folder of installed versions. */
    readonly folder: string;
  }
  | {
    /** Something else updates it. */
    readonly type: "elsewhere";
    /** What it is, to complete "this program is …". */
    readonly what: string;
    /** The command that updates it. */
    readonly command: string;
  };

const INSTALLED = /^(.+)\/versions\/[^/]+\/civitai-dl(?:\.js|\.exe)?$/;

/** The folder of installed versions that a program would be in, by its path; `null` if by its path it is in none. */
export function installationOf({ form, path }: Pick<ProgramPlace, "form" | "path">): string | null {
  if (form !== "bundle" && form !== "executable") return null;
  return INSTALLED.exec(path.replaceAll("\\", "/"))?.[1] ?? null;
}

/**
 * Decide how a program is updated that does not update itself.
 *
 * @param place Where it is; not in a folder of installed versions
 * @returns What it is, and the command
 */
export function wayElsewhere({ form, path, runtime }: ProgramPlace): Extract<UpdateWay, { type: "elsewhere" }> {
  const at = path.replaceAll("\\", "/");
  const elsewhere = (what: string, command: string) => ({ type: "elsewhere", what, command }) as const;
  if (form === "checkout") return elsewhere(`a checkout (${path})`, `git -C ${quotePath(path)} pull`);
  if (form === "url") {
    return at.startsWith("https://jsr.io/")
      ? elsewhere("from JSR", "deno run --reload -ERWSN jsr:@civitai-dl/civitai-dl/cli")
      : elsewhere("from a URL", `deno run --reload ${new URL(path).origin}/…`);
  }
  if (/\/_npx\//.test(at)) return elsewhere("from npx", "npx civitai-dl@latest");
  if (/\/node_modules\/civitai-dl\//.test(at)) return elsewhere("from npm", "npm install -g civitai-dl@latest");
  if (/\/Cellar\/civitai-dl\//.test(at)) return elsewhere("from Homebrew", "brew upgrade civitai-dl");
  if (/\/scoop\/apps\/civitai-dl\//i.test(at)) return elsewhere("from Scoop", "scoop update civitai-dl");
  if (at === "/usr/lib/civitai-dl/civitai-dl.js") {
    // The package for Debian has its own Deno; the container image has that of its base.
    return runtime === "/usr/lib/civitai-dl/deno"
      ? elsewhere("a Debian package", "sudo apt install ./civitai-dl_*.deb")
      : elsewhere("in a container image", "docker pull ghcr.io/civitai-dl/civitai-dl");
  }
  const what = `${form === "bundle" ? "a bundle" : "an executable"} outside of a folder of installed versions`;
  return elsewhere(what, "civitai-dl self-update --prefix ~/.local/share/civitai-dl");
}

/** Find out how this program is updated. */
export async function findUpdateWay(): Promise<UpdateWay> {
  const form = programForm();
  const place = { form, path: await pathOf(form), runtime: Deno.execPath() };
  const folder = installationOf(place);
  if (folder === null || (await readInstallation(folder)).versions.length === 0) return wayElsewhere(place);
  return { type: "installed", folder };
}

async function pathOf(form: ProgramForm): Promise<string> {
  if (form === "checkout") return resolve(findCheckout()!);
  if (form === "url") return Deno.mainModule;
  return await Deno.realPath(form === "bundle" ? fileURLToPath(Deno.mainModule) : Deno.execPath());
}
