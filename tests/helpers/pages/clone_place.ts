import { fileURLToPath } from "node:url";
import { inProductRepository } from "../repository/product_repository.ts";
import { inPagePlace, type PagePlace } from "./page_place.ts";

const ADDRESS = "https://github.com/civitai-dl/civitai-dl";
/** What a first change needs besides the sources. */
const MORE = [".githooks", ".gitignore"].map((name) => fileURLToPath(new URL(`../../../${name}`, import.meta.url)));

/** Create a place where `git clone` of the project's address gets the sources of this checkout. */
export function inClonePlace(use: (place: PagePlace) => Promise<void>): Promise<void> {
  return inPagePlace((place) =>
    inProductRepository(async ({ root, git }) => {
      await new Deno.Command("cp", { args: ["-r", ...MORE, root] }).output();
      await git("add", "-A");
      await git("commit", "-q", "-m", "all");
      const settings = {
        GIT_CONFIG_COUNT: "1",
        GIT_CONFIG_KEY_0: `url.${root}.insteadOf`,
        GIT_CONFIG_VALUE_0: ADDRESS,
      };
      await use({ ...place, env: { ...place.env, ...settings } });
    })
  );
}
