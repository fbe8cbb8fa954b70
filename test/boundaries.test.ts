import { readdirSync, readFileSync } from "node:fs";
import { builtinModules } from "node:module";
import { join, posix } from "node:path";
import { parseSync } from "vite";
import { describe, expect, test } from "vitest";

// Imports go one way. A folder of src/ is a room; the table says which other rooms it may import,
// types included. Files beside the rooms join them and may import all.

const ROOMS: Record<string, readonly string[]> = {
  model: [],
  replay: ["model"],
  engine: ["model"],
  io: ["model"],
  view: ["model"],
  ui: ["model"],
  lessons: ["model"],
  cli: ["model", "replay", "engine", "io", ""],
  // The page's desk and its worker: they join the rooms as main.ts does.
  page: ["model", "replay", "engine", "io", "view", "ui", "lessons", ""],
};

/** These run in Node and never reach the page. */
const NODE_ONLY = /^(cli\.ts|cli\/.+|engine\/(cpu|gpu)\/node\.ts|engine\/gpu\/unpack\.ts)$/;
const NODE_PACKAGES = ["webgpu", "tar-fs"];

const PURE_PACKAGES = /^(@stdlib\/.+|seedrandom)$/;
/** Packages that one room alone may know. */
const OWNED_PACKAGES: Record<string, string> = { three: "view", "lil-gui": "ui" };

const DOM_NAMES = /^(document|window|navigator|HTML\w*Element)$/;
const DEVICE_HOMES = /^(engine\/gpu|view)\//;

interface Node {
  type: string;
  start: number;
  [key: string]: unknown;
}

/** What a file of src/ does that its room does not allow: "line: what". */
function violations(path: string, source: string): string[] {
  const found: string[] = [];
  const room = roomOf(path);
  const report = (node: Node, what: string) =>
    found.push(`src/${path}:${source.slice(0, node.start).split("\n").length}: ${what}`);

  if (room && !ROOMS[room]) found.push(`src/${path}:1: ${room} is no room that the table knows`);

  const checkImport = (node: Node, specifier: string) => {
    if (/^[./]/.test(specifier)) {
      const target = specifier.startsWith("/")
        ? specifier.replace(/^\/(src\/)?/, "")
        : posix.join(posix.dirname(path), specifier);
      // Outside of src: shaders and styles.
      if (target.startsWith("..")) return;
      const other = roomOf(target);
      const allowed = room === "" || room === other || ROOMS[room]?.includes(other);
      if (!allowed) report(node, `${room} imports ${other || `the joining file ${target}`}`);
      const file = /\.ts$/.test(target) ? target : `${target}.ts`;
      if (NODE_ONLY.test(file) && !NODE_ONLY.test(path))
        report(node, `imports ${file}, which only Node can run`);
      return;
    }
    const name = specifier.split("/", specifier.startsWith("@") ? 2 : 1).join("/");
    const isNode = name.startsWith("node:") || builtinModules.includes(name) || NODE_PACKAGES.includes(name);
    if (isNode && !NODE_ONLY.test(path)) report(node, `imports ${specifier}, which only Node has`);
    if (room === "model" && !isNode && !PURE_PACKAGES.test(name)) report(node, `model imports ${specifier}`);
    const owner = OWNED_PACKAGES[name];
    if (owner && owner !== room) report(node, `imports ${specifier}, which only ${owner} knows`);
  };

  const checkName = (node: Node, name: string) => {
    if (room === "model" && DOM_NAMES.test(name)) report(node, `model names ${name}`);
    if (room === "model" && /^GPU[A-Z]/.test(name)) report(node, `model names ${name}`);
    else if (name === "GPUDevice" && !DEVICE_HOMES.test(path)) report(node, "names GPUDevice");
  };

  const { program, errors } = parseSync(path, source);
  if (errors.length > 0) throw new Error(`src/${path}: ${errors[0]?.message}`);
  visit(program as unknown as Node, checkImport, checkName);
  return found;
}

function visit(
  node: Node,
  onImport: (node: Node, specifier: string) => void,
  onName: (node: Node, name: string) => void,
): void {
  const specifier = importedBy(node);
  if (specifier !== undefined) onImport(node, specifier);
  if (node.type === "Identifier") onName(node, node.name as string);
  for (const [key, value] of Object.entries(node)) {
    // `a.document` and `{ document: 1 }` name a property, not the document.
    if ((key === "property" || key === "key") && node.computed === false && !node.shorthand) continue;
    for (const child of Array.isArray(value) ? value : [value]) {
      if (child && typeof child === "object" && "type" in child) visit(child as Node, onImport, onName);
    }
  }
}

/** The specifier of any form of import: static, re-export, dynamic, of a type, or of a worker's URL. */
function importedBy(node: Node): string | undefined {
  const text = (value: unknown) => {
    const literal = value as { type?: string; value?: unknown } | null | undefined;
    return literal?.type === "Literal" && typeof literal.value === "string" ? literal.value : undefined;
  };
  switch (node.type) {
    case "ImportDeclaration":
    case "ExportNamedDeclaration":
    case "ExportAllDeclaration":
    case "ImportExpression":
    case "TSImportType":
      return text(node.source);
    case "NewExpression": {
      const [first, second] = node.arguments as Node[];
      const isUrl = (node.callee as Node).name === "URL" && second?.type === "MemberExpression";
      return isUrl ? text(first) : undefined;
    }
    default:
      return undefined;
  }
}

/** "" for a file beside the rooms. */
function roomOf(path: string): string {
  return path.includes("/") ? path.split("/", 1)[0]! : "";
}

test("imports in src/ go one way", () => {
  const root = join(import.meta.dirname, "../src");
  const files = readdirSync(root, { recursive: true, encoding: "utf8" })
    .map((file) => file.replaceAll("\\", "/"))
    // AssemblyScript is another language, with imports of its own folder alone.
    .filter((file) => file.endsWith(".ts") && !file.startsWith("engine/cpu/wasm/"));
  expect(files.length).toBeGreaterThan(20);
  expect(files.flatMap((file) => violations(file, readFileSync(join(root, file), "utf8")))).toEqual([]);
});

describe("a file that breaks the rules is named with its line", () => {
  test.each([
    ["model/a.ts", 'import "../engine/engine";', "model imports engine"],
    ["model/a.ts", 'import type { Run } from "../engine/engine";', "model imports engine"],
    ["model/a.ts", 'type R = import("../engine/engine").Run;', "model imports engine"],
    ["model/a.ts", 'export * from "../network";', "model imports the joining file network"],
    ["model/a.ts", 'import * as v from "valibot";', "model imports valibot"],
    ["model/a.ts", "document.title = '';", "model names document"],
    ["model/a.ts", "let b: GPUBuffer;", "model names GPUBuffer"],
    ["io/a.ts", 'const view = () => import("../view/graph");', "io imports view"],
    ["io/a.ts", 'new Worker(new URL("../view/w.ts", import.meta.url));', "io imports view"],
    ["view/a.ts", 'import { x } from "../engine/gpu/device";', "view imports engine"],
    ["ui/a.ts", 'import { x } from "../page/desk";', "ui imports page"],
    ["ui/a.ts", 'import { x } from "three/tsl";', "imports three/tsl, which only view knows"],
    ["main.ts", 'import GUI from "lil-gui";', "imports lil-gui, which only ui knows"],
    ["main.ts", "let d: GPUDevice;", "names GPUDevice"],
    ["page/a.ts", 'import { readFile } from "node:fs";', "imports node:fs, which only Node has"],
    ["engine/gpu/a.ts", 'import "webgpu";', "imports webgpu, which only Node has"],
    ["main.ts", 'import "./engine/gpu/node";', "imports engine/gpu/node.ts, which only Node can run"],
    ["attic/a.ts", "\n", "attic is no room that the table knows"],
  ])("%s: %s", (path, line, what) => {
    const at = what.startsWith("attic") ? 1 : 3;
    expect(violations(path, `// a comment\n\n${line}\n`)).toEqual([`src/${path}:${at}: ${what}`]);
  });

  test.each([
    ["model/a.ts", 'import x from "seedrandom"; import { quantile } from "@stdlib/stats-x"; import "./b";'],
    ["model/a.ts", "const a = { window: 1, b: a.document }; // import x from '../engine'"],
    ["engine/gpu/a.ts", 'import code from "../../../shaders/respond.wgsl"; let d: GPUDevice;'],
    ["engine/gpu/node.ts", 'import "node:fs"; import "./unpack"; import "../../model/inputError";'],
    ["view/a.ts", 'import "three/webgpu"; import "../model/sums"; let d: GPUDevice;'],
    ["main.ts", 'import "./view/graph"; import "./ui/panel"; import "comlink";'],
    ["cli.ts", 'import { openNodeGpu } from "./engine/gpu/node"; import "node:fs";'],
  ])("and one that keeps them is not: %s: %s", (path, line) => {
    expect(violations(path, line)).toEqual([]);
  });
});
