// @ts-check
// Measures the peak memory of a process. Linux keeps the highest resident set of each process and can reset it, so
// there is no sampling and no missed peak, even while the process is busy with one long task.

import { existsSync, readFileSync, writeFileSync } from "node:fs";

export const CAN_MEASURE_MEMORY = existsSync("/proc/self/clear_refs");

/** @param {number} pid @param {"VmRSS" | "VmHWM"} what @returns {number} bytes; 0 if the process has ended */
function read(pid, what) {
  try {
    const status = readFileSync(`/proc/${pid}/status`, "utf8");
    return 1024 * Number(new RegExp(`^${what}:\\s+(\\d+) kB`, "m").exec(status)?.[1] ?? 0);
  } catch {
    return 0;
  }
}

/**
 * @param {number[]} pids
 * @returns {() => number} by how many bytes their maximum exceeds the present value
 */
export function watchMemory(pids) {
  for (const pid of pids) {
    try {
      writeFileSync(`/proc/${pid}/clear_refs`, "5");
    } catch {
      // It has ended and does not grow.
    }
  }
  const before = pids.map((pid) => read(pid, "VmRSS"));
  return () => pids.reduce((sum, pid, i) => sum + Math.max(0, read(pid, "VmHWM") - (before[i] ?? 0)), 0);
}
