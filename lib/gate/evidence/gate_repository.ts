/** Access to version control, replaceable for tests. */
export interface GateRepository {
  /** Full hash of the commit in the working folder. */
  readonly sha: string;
  /** Whether sources in the working folder differ from that commit. */
  readonly isDirty: boolean;
  /**
   * List the sources in the working folder that differ from a commit, including new ones.
   *
   * @param sha The commit's full hash
   * @param paths The sources to compare; `null` for all
   * @returns Their paths; `null` if the repository does not contain the commit
   */
  changedSince(sha: string, paths: readonly string[] | null): Promise<readonly string[] | null>;
}
