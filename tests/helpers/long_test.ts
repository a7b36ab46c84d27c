/**
 * Whether tests that take half a minute or more of a processor run too: those that play the whole life of the branches,
 * build packages, or kill a program at many moments. `LONG_TESTS=1 deno task test` runs them, and so does ci.yml;
 * without it, the suite takes a few minutes.
 */
export const runsLongTests: boolean = Deno.env.get("LONG_TESTS") === "1";
