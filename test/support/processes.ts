import { readdirSync, readFileSync } from "node:fs";

/**
 * Memory of a process and all that it has started, without the process itself: memory that several share counts once,
 * a part for each (PSS). What is mapped from files is left out: the program itself, which any other browser of the machine
 * takes its part of. Bytes; null where the system does not say (other than Linux).
 *
 * flag   counts only those that were started with it, such as a browser's "--type=renderer"
 */
export function memoryOfChildren(flag?: string, pid = process.pid): number | null {
  const parents = new Map<number, number>();
  try {
    for (const name of readdirSync("/proc")) {
      if (!/^\d+$/.test(name)) continue;
      const stat = read(`/proc/${name}/stat`);
      // The name, in brackets, may hold anything; the parent is the second field after it.
      if (stat) parents.set(Number(name), Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]));
    }
  } catch {
    return null;
  }
  const isChild = (one: number): boolean => {
    const parent = parents.get(one);
    return parent !== undefined && (parent === pid || isChild(parent));
  };
  // A browser joins its children's arguments with spaces.
  const isMeant = (child: number): boolean =>
    isChild(child) && (flag === undefined || read(`/proc/${child}/cmdline`).split(/[\0 ]/).includes(flag));
  const sizes = [...parents.keys()].filter(isMeant).map((child) => {
    const rollup = read(`/proc/${child}/smaps_rollup`);
    const kilobytes = (name: string) =>
      Number(new RegExp(`^${name}:\\s+(\\d+) kB`, "m").exec(rollup)?.[1] ?? 0);
    return 1024 * (kilobytes("Pss") - kilobytes("Pss_File"));
  });
  return sizes.reduce((sum, size) => sum + size, 0);
}

/** Empty where the process has just ended. */
function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
