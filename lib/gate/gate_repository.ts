/** What a gate asks of the version control, as a seam. */
export interface GateRepository {
  /** The commit in the working folder, its full hash. */
  readonly sha: string;
  /** Whether sources in the working folder differ from it. */
  readonly isDirty: boolean;
  /**
   * Sources of the working folder that differ from a commit, new ones among them.
   *
   * @param sha The commit's full hash
   * @param paths Which sources; `null` for all
   * @returns Their paths; `null` if that commit is not known here
   */
  changedSince(sha: string, paths: readonly string[] | null): Promise<readonly string[] | null>;
}
