import type { YamlPath } from "../../lib/config/mod.ts";

/** A mapping of a workflow file, not checked further. */
export type Fields = Readonly<Record<string, unknown>>;

/** One step of a job. */
export interface WorkflowStep {
  /** Where it is in the file. */
  readonly path: YamlPath;
  /** Its name, or what it uses or runs, for messages. */
  readonly title: string;
  /** The action; empty if it runs a script. */
  readonly uses: string;
  /** The script; empty if it uses an action. */
  readonly run: string;
  /** The condition; empty if there is none. */
  readonly condition: string;
  /** Inputs of the action. */
  readonly with: Fields;
  /** Variables of the step. */
  readonly env: Fields;
  /** All of its keys. */
  readonly fields: Fields;
}

/** One job. */
export interface WorkflowJob {
  readonly id: string;
  readonly path: YamlPath;
  /** Ids of the jobs that must have ended. */
  readonly needs: readonly string[];
  /** The condition; empty if there is none. */
  readonly condition: string;
  /** Labels of the runner. Expressions of a matrix are replaced by every value they can have. */
  readonly runners: readonly string[];
  /** The reusable workflow that it calls; empty if it has steps of its own. */
  readonly uses: string;
  readonly steps: readonly WorkflowStep[];
  /** All of its keys. */
  readonly fields: Fields;
}

/** A parsed workflow file. */
export interface Workflow {
  readonly file: string;
  /** The text of the file. */
  readonly text: string;
  /** Events that start it, with their filters. */
  readonly triggers: Readonly<Record<string, Fields>>;
  readonly jobs: readonly WorkflowJob[];
  /** All of its keys. */
  readonly fields: Fields;
  /** Return the line of a value, from 1; with `within` that of a part of its text. */
  readonly lineOf: (path: YamlPath, within?: string) => number;
}
