import { SaxesParser, type SaxesTagPlain } from "saxes";
import { parseDecimal } from "../model/decimal";
import { InputError, shown } from "../model/inputError";
import { type Network, one } from "../model/network";
import type { Places } from "../model/places";
import { ArrowStore } from "./arrowStore";
import { type Input, type Reading, textOf } from "./input";
import { Names } from "./names";
import { coordinate } from "./places";
import { mostCount, mostWeight, type ReadArrows, type Scale } from "./weigh";

export interface GraphOptions {
  readonly scale?: Scale;
}

/** Elements inside one another; a graph's data is five deep. */
const mostDepth = 100;
/** Characters of one tag, text or comment: the parser holds it whole. */
const longestPart = 2 ** 20;
/** Characters of a number: comments may cut it into any number of texts. */
const longestNumber = 1000;

/** Where an element must stand to mean something. */
const homes: Readonly<Record<string, string>> = {
  key: "graphml",
  node: "graph",
  edge: "graph",
};

/** `<key id="d0" for="edge" attr.name="weight"><default>1</default></key>` */
const weightName = "weight";

const axes = ["x", "y", "z"];
/** A key of another type, of texts say, is no coordinate whatever it is called. */
const isNumeric = ({ "attr.type": type = "double" }: Record<string, string>) =>
  ["double", "float", "long", "int"].includes(type);

/**
 * A graph in GraphML. The edges' data called `weight` are the weights; without them each edge counts 1. An undirected
 * edge is an arrow each way. The nodes' data called `x`, `y` and, in space, `z` are their places. Other data is passed
 * over.
 *
 * Errors   InputError with row and column of the text: what is no GraphML; a weight that is not finite or out of range;
 *          an edge to a node that is not there; a document type or entities, which could blow up what is read; elements
 *          more than 100 deep, a tag or text of more than 1,048,576 characters, a number of more than 1,000; a second
 *          number where one is meant; hyperedges, graphs inside graphs, a second graph, nodes and edges outside of it,
 *          keys after it that it would have needed.
 * Source   The GraphML primer, graphml.graphdrawing.org.
 */
export async function readGraph(
  input: Input,
  { scale = "as-given" }: GraphOptions,
  reading?: Reading,
): Promise<ReadArrows> {
  const parser = new SaxesParser({ xmlns: false });
  const graph = new Graph(input.name, scale, () => `row ${parser.line}, column ${parser.column + 1}`);
  let told = 0;
  const heard =
    <T>(hear: (what: T) => void) =>
    (what: T) => {
      told = parser.position;
      hear(what);
    };
  parser.on(
    "opentag",
    heard((tag) => graph.open(tag)),
  );
  parser.on(
    "closetag",
    heard((tag) => graph.close(tag.name)),
  );
  parser.on(
    "text",
    heard((text) => graph.text(text)),
  );
  parser.on(
    "cdata",
    heard((text) => graph.text(text)),
  );
  parser.on(
    "comment",
    heard(() => {}),
  );
  parser.on(
    "processinginstruction",
    heard(() => {}),
  );
  parser.on("error", ({ message }) => {
    const [, row, column, what] = /^(\d+):(\d+): (.*?)\.?$/s.exec(message) ?? [null, "1", "1", message];
    throw new InputError(
      `${input.name}, row ${row}, column ${column}: ${what.slice(0, 100)}; allowed: GraphML`,
    );
  });
  let before = "";
  for await (const text of textOf(input, reading)) {
    // Before the parser sees them; one may begin in one piece and go on in the next.
    if (/<!(DOCTYPE|ENTITY)/i.test(before + text))
      throw new InputError(
        `${input.name} has a document type or entities; allowed: GraphML without <!DOCTYPE or <!ENTITY`,
      );
    before = (before + text).slice(-10);
    parser.write(text);
    if (parser.position - told > longestPart)
      throw new InputError(
        `${input.name}, row ${parser.line}: more than ${longestPart.toLocaleString("en")} characters without the end of a tag or text; allowed: shorter ones`,
      );
  }
  parser.close();
  return graph.end();
}

class Graph {
  private readonly names: Names;
  private readonly store: ArrowStore;
  private readonly most: number;
  private readonly path: string[] = [];
  private readonly nodes = new Set<number>();
  /** Ends of edges that are no nodes so far, and where they stand: nodes may come after their edges. */
  private readonly strangers = new Map<number, string>();
  private graphs = 0;
  private edges = 0;
  private undirected = 0;
  private isDirected = true;
  private key: string | null = null;
  private isWeightKey = false;
  private otherwise = 1;
  /** The text of the data or default that is open, if it is a weight's. */
  private data: string | null = null;
  /** Which axis a key of the nodes is about. */
  private readonly axisOf = new Map<string, number>();
  /** The node that is open, what of its place is known, and the axis whose data is open. */
  private node: { readonly neuron: number; readonly place: number[]; axis: number } | null = null;
  /** x, y and z of nodes by their first numbers; those in a plane have no z. */
  private readonly places = new Map<number, readonly number[]>();
  /** weight: NaN until it is said. */
  private edge: { source: number; target: number; weight: number; isDirected: boolean } | null = null;

  constructor(
    private readonly name: string,
    private readonly scale: Scale,
    private readonly place: () => string,
  ) {
    this.names = new Names(name);
    this.store = new ArrowStore(name);
    this.most = scale === "as-given" ? mostWeight : mostCount;
  }

  open({ name, attributes }: SaxesTagPlain): void {
    const parent = this.path.at(-1);
    this.path.push(name);
    if (this.path.length === 1 && name !== "graphml")
      throw this.refuse(`the document is <${name.slice(0, 40)}>`, "<graphml>");
    if (this.path.length > mostDepth)
      throw this.refuse(`elements inside one another, ${mostDepth + 1} deep`, `up to ${mostDepth}`);
    if (parent === undefined) return;
    if (this.data !== null) throw this.refuse(`<${name.slice(0, 40)}> inside a number`, "digits alone");
    if (name === "graph" && (parent !== "graphml" || ++this.graphs > 1))
      throw this.refuse("a second graph", "one, with none inside");
    if (Object.hasOwn(homes, name) && homes[name] !== parent)
      throw this.refuse(`<${name}> in <${parent.slice(0, 40)}>`, `in <${homes[name]}>`);
    switch (name) {
      case "key": {
        const isAxis =
          axes.includes(attributes["attr.name"]) && isNumeric(attributes) && attributes.for !== "edge";
        const isWeight = attributes["attr.name"] === weightName && (attributes.for ?? "all") !== "node";
        if ((isAxis || isWeight) && this.graphs > 0)
          throw this.refuse(`the key for ${attributes["attr.name"]} after the graph`, "keys before it");
        if (isAxis) this.axisOf.set(attributes.id ?? "", axes.indexOf(attributes["attr.name"]));
        if (!isWeight) break;
        if (this.key !== null) throw this.refuse("two keys for weights", "one");
        this.key = attributes.id ?? "";
        this.isWeightKey = true;
        break;
      }
      case "default":
        if (parent === "key" && this.isWeightKey) this.data = "";
        break;
      case "graph":
        this.isDirected = this.direction(attributes.edgedefault, "directed", "undirected");
        break;
      case "node":
        this.node = { neuron: this.neuron(attributes.id ?? ""), place: [], axis: -1 };
        this.declare(this.node.neuron);
        break;
      case "edge":
        this.edge = {
          source: this.endOf(attributes, "source"),
          target: this.endOf(attributes, "target"),
          weight: Number.NaN,
          isDirected: this.direction(attributes.directed, "true", "false", this.isDirected),
        };
        break;
      case "data":
        if (parent === "edge" && this.key !== null && attributes.key === this.key) this.data = "";
        if (parent === "node" && this.node) {
          this.node.axis = this.axisOf.get(attributes.key) ?? -1;
          if (this.node.axis >= 0) this.data = "";
        }
        break;
      case "hyperedge":
        throw this.refuse("a hyperedge", "edges from one node to one other");
    }
  }

  text(text: string): void {
    if (this.data === null) return;
    this.data += text;
    if (this.data.length > longestNumber)
      throw this.refuse(
        `a number of more than ${longestNumber.toLocaleString("en")} characters`,
        "shorter ones",
      );
  }

  close(name: string): void {
    this.path.pop();
    if (name === "edge") this.addEdge();
    if (name === "node") this.addPlace();
    if (name === "key") this.isWeightKey = false;
    if (this.data === null || (name !== "data" && name !== "default")) return;
    if (this.node) {
      const { place, axis } = this.node;
      if (place[axis] !== undefined) throw this.refuse(`a second ${axes[axis]} of one node`, "one");
      place[axis] = coordinate(
        this.data.trim(),
        () => `${this.name}, ${this.place()}: the node's ${axes[axis]} is`,
      );
      this.data = null;
      return;
    }
    const weight = parseDecimal(this.data.trim());
    if (!(Math.abs(weight) <= this.most))
      throw this.refuse(
        `the weight is ${shown(this.data)}`,
        `a number up to ±${this.most.toLocaleString("en")}`,
      );
    this.data = null;
    if (name === "default") this.otherwise = weight;
    else if (this.edge) {
      if (!Number.isNaN(this.edge.weight)) throw this.refuse("a second weight of one edge", "one");
      this.edge.weight = weight;
    }
  }

  end(): ReadArrows {
    for (const where of this.strangers.values())
      throw new InputError(`${this.name}, ${where}; allowed: edges between nodes`);
    if (this.nodes.size === 0)
      throw new InputError(`${this.name} has no nodes; allowed: a graph with one or more`);
    const { names, numbers } = this.names.sort();
    const places = this.sortedPlaces(numbers);
    const understood = [
      this.key === null ? "each edge counts 1" : "weights of the edges",
      ...(places ? ["places of the nodes"] : []),
      ...(this.undirected > 0 ? [`${this.undirected.toLocaleString("en")} undirected edges both ways`] : []),
    ].join(", ");
    const { scale, edges: rows } = this;
    return { weighted: this.store.sort(numbers), names, rows, scale, understood, places };
  }

  private addPlace(): void {
    if (!this.node) return;
    const { neuron, place } = this.node;
    this.node = null;
    if (place.length === 0) return;
    if (place[0] === undefined || place[1] === undefined)
      throw this.refuse("a node with a part of its place", "x and y, or neither");
    if (this.places.size > 0 && place.length !== this.places.values().next().value?.length)
      throw this.refuse("a node with a place in space and one without z", "z for all places or for none");
    this.places.set(neuron, place);
  }

  private sortedPlaces(numbers: Uint32Array): Places | null {
    const [first] = this.places.values();
    if (!first) return null;
    const dimensions = first.length === 3 ? 3 : 2;
    const at = new Float64Array(dimensions * numbers.length).fill(Number.NaN);
    for (const [neuron, place] of this.places) at.set(place, dimensions * numbers[neuron]);
    return { dimensions, at };
  }

  private addEdge(): void {
    if (!this.edge) return;
    const { source, target, isDirected } = this.edge;
    const weight = Number.isNaN(this.edge.weight) ? this.otherwise : this.edge.weight;
    this.store.add(source, target, weight);
    if (!isDirected && source !== target) this.store.add(target, source, weight);
    if (!isDirected) this.undirected++;
    this.edges++;
    this.edge = null;
  }

  private declare(neuron: number): void {
    if (this.nodes.has(neuron)) throw this.refuse("a node that is already there", "each node once");
    this.nodes.add(neuron);
    this.strangers.delete(neuron);
  }

  private endOf(attributes: Record<string, string>, which: "source" | "target"): number {
    const name = attributes[which];
    if (name === undefined) throw this.refuse(`an edge without a ${which}`, "source and target");
    const neuron = this.neuron(name);
    if (!this.nodes.has(neuron) && !this.strangers.has(neuron))
      this.strangers.set(neuron, `${this.place()}: an edge to ${shown(name)}, which is no node`);
    return neuron;
  }

  private neuron(name: string): number {
    return this.names.numberOfText(name, () => `${this.name}, ${this.place()}`);
  }

  private direction(given: string | undefined, yes: string, no: string, otherwise = true): boolean {
    if (given === undefined) return otherwise;
    if (given !== yes && given !== no)
      throw this.refuse(`the direction is ${shown(given)}`, `${yes} or ${no}`);
    return given === yes;
  }

  private refuse(what: string, allowed: string): InputError {
    return new InputError(`${this.name}, ${this.place()}: ${what}; allowed: ${allowed}`);
  }
}

const escapes: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
const escaped = (name: string) => name.replace(/[&<>"]/g, (letter) => escapes[letter]);

/**
 * A network as GraphML, line by line, with places where there are any; reading it back gives the same network and
 * places, bit for bit.
 *
 * Units    weight: drive per perturbation, with as many digits as make it the same number again.
 */
export function* graphLines(
  network: Network,
  names: readonly string[] | null,
  places: Places | null = null,
): Generator<string> {
  const { neurons, rowStart, source, weight } = network;
  const called = (neuron: number) => (names ? escaped(names[neuron]) : String(neuron));
  yield '<?xml version="1.0" encoding="UTF-8"?>';
  yield '<graphml xmlns="http://graphml.graphdrawing.org/xmlns">';
  yield '<key id="weight" for="edge" attr.name="weight" attr.type="double"/>';
  const of = axes.slice(0, places?.dimensions ?? 0);
  for (const axis of of) yield `<key id="${axis}" for="node" attr.name="${axis}" attr.type="double"/>`;
  yield '<graph edgedefault="directed">';
  for (let neuron = 0; neuron < neurons; neuron++) {
    const place = of.map((_, axis) => places?.at[of.length * neuron + axis] ?? Number.NaN);
    if (place.length === 0 || Number.isNaN(place[0])) yield `<node id="${called(neuron)}"/>`;
    else
      yield `<node id="${called(neuron)}">${place.map((value, axis) => `<data key="${of[axis]}">${value}</data>`).join("")}</node>`;
  }
  for (let target = 0; target < neurons; target++)
    for (let arrow = rowStart[target]; arrow < rowStart[target + 1]; arrow++)
      yield `<edge source="${called(source[arrow])}" target="${called(target)}"><data key="weight">${weight[arrow] / one}</data></edge>`;
  yield "</graph>";
  yield "</graphml>";
}
