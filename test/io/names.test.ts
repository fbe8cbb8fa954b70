import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { Names } from "../../src/io/names";
import { readNetwork } from "../../src/io/readNetwork";
import { fileOf } from "../support/files";

// 65,536 names of 512 bytes, in 176 characters each, are all that one file may have.
const most = 65_536;
const long = (at: number) => "字".repeat(168) + String(at).padStart(8, "0");
const sentence = (where: string, file: string) =>
  `${where}: the names so far have more than 33,554,432 bytes; allowed: up to that many in ${file}`;

test("all names of a file have 32 MiB together, and one that is there already takes no more", () => {
  const names = new Names("a.csv");
  const where = () => "a.csv, row 9";
  for (let at = 0; at < most; at++) names.numberOfText(long(at), where);
  expect(names.numberOfText(long(7), where)).toBe(7);
  expect(() => names.numberOfText("x", where)).toThrow(sentence(where(), "a.csv"));
});

test("packed tables and graphs of more are refused with the place", async () => {
  const all = Array.from({ length: most }, (_, at) => long(at));
  const rows = all.map((name) => `0,${name}\n`);
  const table = fileOf("a.csv.gz", gzipSync(`source,target\n${rows.join("")}`));
  expect(table.size).toBeLessThan(2e6);
  await expect(readNetwork(table)).rejects.toMatchObject({
    name: "InputError",
    message: sentence("a.csv.gz, row 65537, column 2 (target)", "a.csv.gz"),
  });
  const nodes = ["0", ...all].map((name) => `<node id="${name}"/>\n`);
  const graph = `<graphml><graph edgedefault="directed">\n${nodes.join("")}</graph></graphml>`;
  await expect(readNetwork(fileOf("a.graphml", graph))).rejects.toMatchObject({
    name: "InputError",
    message: sentence("a.graphml, row 65538, column 190", "a.graphml"),
  });
});
