import { createHash } from "node:crypto";
import type { Repository } from "../open_repository.ts";

/** Return a name for the repository that is the same in each run and differs from those of other repositories. */
export function repositoryKey(repository: Repository): string {
  return createHash("sha256").update(repository.commonFolder).digest("hex").slice(0, 16);
}
