import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseSync } from "vite";
import { expect, test } from "vitest";

// Names in files and links are strangers' texts. They reach the page as text alone: src/ makes no markup out of texts,
// and no code.

const MAKES_MARKUP =
  /^(innerHTML|outerHTML|insertAdjacentHTML|setHTMLUnsafe|parseHTMLUnsafe|createContextualFragment|srcdoc|DOMParser|parseFromString|eval|Function)$/;

const ALLOWED = [
  // In Node, a bundle of our own.
  "engine/cpu/node.ts: new Worker(code, { eval: true })",
];

interface Node {
  type: string;
  start: number;
  end: number;
  [key: string]: unknown;
}

/** Where a source makes markup or code out of a text: "file: the statement". */
function places(path: string, source: string): string[] {
  const { program, errors } = parseSync(path, source);
  if (errors.length > 0) throw new Error(`src/${path}: ${errors[0]?.message}`);
  const found: string[] = [];
  const visit = (node: Node, around: Node) => {
    const name = node.type === "Identifier" ? node.name : node.type === "Literal" ? node.value : "";
    const isType = node.type.startsWith("TS");
    if (typeof name === "string" && (MAKES_MARKUP.test(name) || isDocumentWrite(node, around)))
      found.push(`${path}: ${source.slice(around.start, around.end)}`);
    if (isType) return;
    // The expression that says what is done with it.
    const next = /^(Assignment|Call|New)Expression$/.test(node.type) ? node : around;
    for (const value of Object.values(node))
      for (const child of Array.isArray(value) ? value : [value])
        if (child && typeof child === "object" && "type" in child) visit(child as Node, next);
  };
  visit(program as unknown as Node, program as unknown as Node);
  return found;
}

/** `document.write`, or its like, of any document. */
const isDocumentWrite = (node: Node, around: Node): boolean =>
  node.type === "Identifier" &&
  /^write(ln)?$/.test(node.name as string) &&
  /[dD]ocument/.test(String(((around.callee as Node | undefined)?.object as Node | undefined)?.name));

test("no text becomes markup or code in src/", () => {
  const root = join(import.meta.dirname, "../src");
  const files = readdirSync(root, { recursive: true, encoding: "utf8" })
    .map((file) => file.replaceAll("\\", "/"))
    .filter((file) => file.endsWith(".ts") && !file.startsWith("engine/cpu/wasm/"));
  expect(files.length).toBeGreaterThan(100);
  const found = files.flatMap((file) => places(file, readFileSync(join(root, file), "utf8")));
  expect(found.filter((place) => !ALLOWED.includes(place))).toEqual([]);
});

test.each([
  ["a.innerHTML = name", "page/a.ts: a.innerHTML = name"],
  ['a["innerHTML"] += name', 'page/a.ts: a["innerHTML"] += name'],
  ['a.insertAdjacentHTML("beforeend", name)', 'page/a.ts: a.insertAdjacentHTML("beforeend", name)'],
  ["document.write(name)", "page/a.ts: document.write(name)"],
  ["new Function(name)", "page/a.ts: new Function(name)"],
  ["new DOMParser()", "page/a.ts: new DOMParser()"],
  ["Object.assign(a, { srcdoc: name })", "page/a.ts: Object.assign(a, { srcdoc: name })"],
])("%s is found", (source, place) => {
  expect(places("page/a.ts", `${source};`)).toEqual([place]);
});

test("what only sounds like it is none", () => {
  const source =
    'write("open-about", name); sink.write(bytes); // never innerHTML\nlet run: Function; a.textContent = name;';
  expect(places("page/a.ts", source)).toEqual([]);
});
