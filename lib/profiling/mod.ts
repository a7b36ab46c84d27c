/**
 * What a process spends its time on, from a CPU profile of V8, and whether work that is repeated keeps memory.
 *
 * @module
 */
export { type CpuFunction, type CpuTimes, sumCpuProfile, type SumCpuProfileOptions } from "./sum_cpu_profile.ts";
export { type MemoryTestOptions, type MemoryTestResult, runMemoryTest } from "./run_memory_test.ts";
