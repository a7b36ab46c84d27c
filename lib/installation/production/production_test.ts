import { type Evidence, openEvidence } from "../../base/mod.ts";

/** Schema of the report of a production test. */
export const PRODUCTION_SCHEMA = "civitai-dl/production";

/** What a report says of the production test of a tag. */
export interface ProductionTest {
  /** The tag whose program was tested, such as `v1.1.0-rc.1`. */
  readonly tag: string;
  /** Full hash of the commit that it was built from. */
  readonly sha: string;
  /** Whether every check passed. */
  readonly isPassed: boolean;
  /** Whether the real site was part of the test. */
  readonly isLive: boolean;
  /** When it ended, ISO 8601 UTC. */
  readonly endedAt: string;
  /** Where the report was found: a path, or `tag v1.1.0`. */
  readonly source: string;
}

/** A text that may be a report, and where it was found. */
export interface ProductionText {
  /** A path, or `tag v1.1.0`. */
  readonly source: string;
  /** Its content. */
  readonly text: string;
}

/**
 * Read the production tests in texts. What is not a whole report of a production test is ignored: it proves nothing.
 *
 * @param texts Content of files, or lines of a tag's message
 * @returns The tests, the latest first
 */
export function readProductionTests(texts: readonly ProductionText[]): readonly ProductionTest[] {
  const tests = texts.flatMap(({ source, text }) => {
    const evidence = text.includes(PRODUCTION_SCHEMA) ? tryOpen(text) : null;
    return evidence === null ? [] : [testOf(evidence, source)];
  });
  return tests.toSorted((a, b) => a.endedAt < b.endedAt ? 1 : -1);
}

/**
 * Find reports in the message of an annotated tag: each is one line of JSON.
 *
 * @param tag Name of the tag
 * @param message The whole message
 * @returns The lines that may be reports
 */
export function textsOfTag(tag: string, message: string): readonly ProductionText[] {
  return message.split("\n").filter((line) => line.startsWith("{")).map((text) => ({ source: `tag ${tag}`, text }));
}

function tryOpen(text: string): Evidence | null {
  try {
    return openEvidence(text, { schema: PRODUCTION_SCHEMA });
  } catch {
    // Truncated, or of another version.
    return null;
  }
}

function testOf(evidence: Evidence, source: string): ProductionTest {
  const { claims, settings } = evidence as { readonly claims?: unknown; readonly settings?: unknown };
  const list = Array.isArray(claims) ? claims as readonly Readonly<Record<string, unknown>>[] : [];
  const isLive = typeof settings === "object" && settings !== null && "live" in settings && settings.live === true;
  return {
    tag: evidence.commit.ref,
    sha: evidence.commit.sha,
    isPassed: list.length > 0 && list.every((claim) => claim?.verdict === "pass" && claim.failure === undefined),
    isLive,
    endedAt: evidence.endedAt,
    source,
  };
}
