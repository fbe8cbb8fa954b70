import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { openTogether, type Write, writeTogether, writeWhole } from "../../src/cli/write";
import { lab } from "../support/lab";

// Disks that take less than they are given, or nothing more.

const folder = mkdtempSync(join(tmpdir(), "lab-write-"));
afterAll(() => rmSync(folder, { recursive: true }));
const at = (...names: string[]) => join(folder, ...names);

/** Takes at most 3 bytes at a time, and `most` of them altogether. */
function reluctant(most: number, full: () => number): { readonly write: Write; readonly taken: number[] } {
  const taken: number[] = [];
  return {
    taken,
    write: (_, bytes, from, length) => {
      const count = Math.min(3, length, most - taken.length);
      if (count === 0) return full();
      taken.push(...bytes.subarray(from, from + count));
      return count;
    },
  };
}

const pieces = ["Grün, ", Uint8Array.of(1, 2, 3, 4, 5, 6, 7), "", "Ende"];
const whole = [...Buffer.from("Grün, "), 1, 2, 3, 4, 5, 6, 7, ...Buffer.from("Ende")];

test("what is taken in parts is offered until all of it is", () => {
  const disk = reluctant(100, () => 0);
  writeWhole(at("parts"), pieces, disk.write);
  expect(disk.taken).toEqual(whole);
  writeWhole(at("real"), pieces);
  expect([...readFileSync(at("real"))]).toEqual(whole);
  symlinkSync("real", at("link"));
  writeWhole(at("link"), ["through"]);
  expect(readFileSync(at("real"), "utf8")).toBe("through");
  expect(readdirSync(folder).sort()).toEqual(["link", "parts", "real"]);
});

test.each<[string, () => number, RegExp]>([
  [
    "fails",
    () => {
      throw new Error("ENOSPC: no space left on device, write");
    },
    /half cannot be written \(ENOSPC: no space left on device, write\); allowed: a place that .* has room$/,
  ],
  ["takes nothing", () => 0, /half cannot be written \(no more bytes are taken\); allowed: a place/],
])("a disk that %s: one sentence, and no half of a file", (_, full, sentence) => {
  expect(() => writeWhole(at("half"), pieces, reluctant(10, full).write)).toThrow(sentence);
  expect(readdirSync(folder).filter((name) => name.startsWith("half"))).toEqual([]);
  // A session goes on from the file that it is written to.
  writeFileSync(at("half"), "of before", { mode: 0o600 });
  expect(() => writeWhole(at("half"), pieces, reluctant(10, full).write)).toThrow(sentence);
  expect(readFileSync(at("half"), "utf8")).toBe("of before");
  writeWhole(at("half"), pieces);
  expect(statSync(at("half")).mode & 0o777).toBe(0o600);
  rmSync(at("half"));
});

test("files that belong together take their places together, or none of them does", () => {
  const folder = mkdtempSync(at("together-"));
  const [first, second] = [join(folder, "first"), join(folder, "second")];
  const read = (path: string) => readFileSync(path, "utf8");
  writeTogether([
    { path: first, pieces: ["of before"] },
    { path: second, pieces: ["of before, too"] },
  ]);
  /** Made when its turn comes, when the first file is written and not yet in its place. */
  const later = function* (end: () => void) {
    expect(readdirSync(folder).sort()).toEqual(["first", "first.part", "second", "second.part"]);
    expect(read(`${first}.part`)).toBe("new");
    expect([read(first), read(second)]).toEqual(["of before", "of before, too"]);
    yield "new, too";
    end();
  };
  const write = (end: () => void) =>
    writeTogether([
      { path: first, pieces: ["new"] },
      { path: second, pieces: later(end) },
    ]);
  const fail = () => {
    throw new Error("no more");
  };
  expect(() => write(fail)).toThrow("no more");
  expect(readdirSync(folder).sort()).toEqual(["first", "second"]);
  expect([read(first), read(second)]).toEqual(["of before", "of before, too"]);
  write(() => {});
  expect(readdirSync(folder).sort()).toEqual(["first", "second"]);
  expect([read(first), read(second)]).toEqual(["new", "new, too"]);
  // So they do where one cannot even be opened.
  const together = openTogether();
  together.open(first).add("newer");
  expect(() => together.open(join(folder, "none", "second"))).toThrow(/cannot be written \(ENOENT/);
  expect(readdirSync(folder).sort()).toEqual(["first", "second"]);
});

test("a file whose place is taken meanwhile is refused, and nothing is left beside it", () => {
  const path = at("taken");
  const pieces = function* () {
    yield "x";
    mkdirSync(path);
  };
  expect(() => writeWhole(path, pieces())).toThrow(
    /taken cannot be written \(EISDIR: [^,']+\); allowed: a place that can be written to and has room$/,
  );
  expect(readdirSync(folder).filter((name) => name.startsWith("taken"))).toEqual(["taken"]);
});

test("a file that is protected against writing is not replaced, unless by the superuser, whom nothing is protected from", () => {
  writeFileSync(at("protected"), "of before");
  chmodSync(at("protected"), 0o444);
  const writing = () => writeWhole(at("protected"), ["of now"]);
  const isSuperuser = process.getuid?.() === 0;
  if (isSuperuser) writing();
  else expect(writing).toThrow(/protected cannot be written \(EACCES/);
  expect(readFileSync(at("protected"), "utf8")).toBe(isSuperuser ? "of now" : "of before");
  expect(statSync(at("protected")).mode & 0o777).toBe(0o444);
});

test("a place that there cannot be: exit code 2, one sentence", async () => {
  symlinkSync("circle.csv", at("circle.csv"));
  const places: [string, string][] = [
    [at(`${"x".repeat(300)}.csv`), "ENAMETOOLONG"],
    [at("circle.csv"), "ELOOP"],
    [join(at("parts"), "x.csv"), "ENOTDIR"],
  ];
  for (const [place, reason] of places) {
    const { code, out, err } = await lab("export", "--network", "notebook:6:42", "--out", place);
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err.replace(place, "PLACE")).toMatch(
      new RegExp(
        `^PLACE cannot be written \\(${reason}: [^,']+\\); allowed: a place that can be written to.*\n$`,
      ),
    );
  }
});

// Linux has a device that is always full.
describe.runIf(existsSync("/dev/full"))("a full disk", () => {
  const small = ["--network", "notebook:6:42", "--engine", "cpu", "--trials", "300"];
  const tiles = ["run", ...small, "--tiles", "4"];
  test.each<[string, string, string[]]>([
    ["a network", "network.csv", ["export", "--network", "notebook:6:42"]],
    ["sums", "sums.bin", ["run", ...small]],
    ["the result", "result.json", ["run", ...small]],
    ["sums of tiles", "sums.bin", [...tiles, "--keep-sums"]],
    ["edges of tiles", "edges.csv", tiles],
    ["candidates of tiles", "candidates-1.tmp", tiles],
  ])("%s, %s: exit code 2, one line, no file, and the device stays", async (_, file, args) => {
    const out = mkdtempSync(at("out-"));
    symlinkSync("/dev/full", join(out, file));
    const result = await lab(...args, "--out", args[0] === "export" ? join(out, file) : out, "--json");
    expect(result).toEqual({ code: 2, out: "", err: expect.stringMatching(/^[^\n]+\n$/) });
    expect(result.err).toContain(`${join(out, file)} cannot be written (ENOSPC: no space left on device`);
    // What waits until the end is the runner's own.
    expect(readdirSync(out)).toEqual(file.endsWith(".tmp") ? [] : [file]);
  });
});
