import { rmSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { TestProject } from "vitest/node";

/**
 * Gives the test files of a run a folder for what is made once and used by many, and removes it after them; vitest calls
 * this before the first one. Where tests are watched, each run begins with none: what it tests may have changed.
 */
export default function setup(project: TestProject): () => void {
  const folder = fileURLToPath(new URL(`../../test-output/shared-${process.pid}`, import.meta.url));
  const clear = () => rmSync(folder, { recursive: true, force: true });
  process.env.LAB_TESTS_SHARE = folder;
  project.onTestsRerun(clear);
  return clear;
}
