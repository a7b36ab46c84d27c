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
   * @returns Their paths; `null` if that commit is not known here
   */
  changedSince(sha: string): Promise<readonly string[] | null>;
}
