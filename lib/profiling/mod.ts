/**
 * What a process spends its time and its memory on: `cpu/` reads, sums up and compares CPU profiles of V8; `heap/` heap
 * snapshots; `json/` reads both, which may be larger than memory allows, from front to back.
 *
 * @module
 */
export {
  analyzeCpuProfile,
  type AnalyzeCpuProfileOptions,
  type CpuAnalysis,
  type FunctionTime,
  type GroupTime,
} from "./cpu/analyze_cpu_profile.ts";
export { type CodePlace, codePlace } from "./cpu/code_place.ts";
export { compareCpuProfiles, type CpuComparison, type ShareChange } from "./cpu/compare_cpu_profiles.ts";
export type { CpuFrame, CpuNode, CpuProfile } from "./cpu/cpu_profile.ts";
export { flameOfCpuProfile, type FlameOptions } from "./cpu/flame_of_cpu_profile.ts";
export { readCpuProfile, type ReadCpuProfileOptions } from "./cpu/read_cpu_profile.ts";
export { SourceLines, type TranspiledFile } from "./cpu/source_lines.ts";
export { transpileFiles, type TranspileFilesOptions } from "./cpu/transpile_files.ts";
export { type ConstructorCount, constructorOf, countConstructors } from "./heap/count_constructors.ts";
export { type ConstructorGrowth, findGrowth } from "./heap/find_growth.ts";
export { findRetainers, type FindRetainersOptions, type Retainer } from "./heap/find_retainers.ts";
export type { HeapSnapshot } from "./heap/heap_snapshot.ts";
export { readHeapSnapshot, type ReadHeapSnapshotOptions } from "./heap/read_heap_snapshot.ts";
export {
  type MemoryTestOptions,
  type MemoryTestResult,
  type RetainedExample,
  runMemoryTest,
} from "./heap/run_memory_test.ts";
