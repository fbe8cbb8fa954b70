import lightCode from "../../../shaders/light.wgsl";
import tintCode from "../../../shaders/tint.wgsl";
import { storage, uniform } from "./buffers";
import { type Ramp, rampSteps, rampWords, type SumBuffers } from "./look";
import { type Bound, type ComputeShader, computeShader, uniformOf } from "./shader";

/** `struct Graph` of shaders/lib/graph.wgsl. */
interface GraphValues extends Omit<GraphAppearance, "looked"> {
  readonly trials: number;
  readonly sources: number;
  readonly tileFrom: number;
  readonly tileRows: number;
  readonly hasHigh: number;
  readonly first: number;
  readonly count: number;
  readonly words: number;
  readonly word: number;
  readonly bit: number;
  readonly focus: number;
  readonly focusSource: number;
  readonly focusTarget: number;
  readonly column: number;
}

/** Instead of a column, a word or a bit: there is none. */
export const none = 0xffffffff;

/** What is looked at. */
export interface Looked {
  readonly kind: "nothing" | "neuron" | "pair";
  /** Of a neuron both are that neuron. */
  readonly source: number;
  readonly target: number;
}

/** How effects look in the graph; pixels, and colours with red in the lowest byte. */
export interface GraphAppearance {
  readonly scale: number;
  readonly thinnest: number;
  readonly widest: number;
  readonly disc: number;
  readonly veil: number;
  readonly neuronColour: number;
  readonly pokedColour: number;
  readonly looked: Looked;
}

/** Colours the graph from the sums where they are: nothing is read back. */
export interface GraphLook {
  setRamp(ramp: Ramp): void;
  /**
   * Says which pairs are drawn as arrows.
   *
   * Shapes   drawn [arrows × 4]: source, target, the source's column or `none`, 0.
   */
  setDrawn(drawn: Uint32Array<ArrayBuffer>): void;
  /** Colours and widths of the drawn arrows, into their numbers from arrow `first` on; see shaders/tint.wgsl. */
  tint(sums: SumBuffers, appearance: GraphAppearance, arrows: GPUBuffer, first: number): void;
  /** Fillings of the neurons: the effects of a column, or of `none` who is poked; see shaders/light.wgsl. */
  light(sums: SumBuffers, appearance: GraphAppearance, discs: GPUBuffer, column: number): void;
  release(): void;
}

const layout = uniformOf<GraphValues>(tintCode);

/**
 * Errors   see compileShader.
 */
export async function createGraphLook(device: GPUDevice): Promise<GraphLook> {
  const [tint, light] = await Promise.all([
    computeShader(device, "tint", tintCode),
    computeShader(device, "light", lightCode),
  ]);
  const values = uniform(device, "graph", layout.size);
  const ramp = storage(device, "ramp", 4 * (rampSteps + 1));
  const noHigh = storage(device, "no high words", 4);
  let drawn = storage(device, "drawn", 16);
  let arrows = 0;

  /** One run of a shader over every tile of the sums. */
  const overTiles = (
    shader: ComputeShader,
    sums: SumBuffers,
    given: Omit<GraphValues, "tileFrom" | "tileRows" | "hasHigh">,
    buffers: Bound,
    itemsOf: (rows: number) => number,
  ) => {
    const [outcomeLow, outcomeHigh] = sums.outcomes;
    for (const { from, rows, low, high } of sums.tiles) {
      const tile = { ...given, tileFrom: from, tileRows: rows, hasHigh: high ? 1 : 0 };
      device.queue.writeBuffer(values, 0, layout.bytes(tile));
      const group = shader.bind(values, {
        ...{ perturbedLow: sums.perturbed, outcomeLow, outcomeHigh, ramp },
        ...{ pairLow: low, pairHigh: high ?? noHigh },
        ...buffers,
      });
      const encoder = device.createCommandEncoder();
      const pass = encoder.beginComputePass();
      shader.encode(pass, group, Math.ceil(itemsOf(rows) / 64));
      pass.end();
      device.queue.submit([encoder.finish()]);
    }
  };

  const valuesOf = (sums: SumBuffers, { looked, ...appearance }: GraphAppearance) => ({
    ...appearance,
    trials: sums.trials,
    sources: sums.sources,
    first: 0,
    count: 0,
    words: 0,
    word: 0,
    bit: none,
    focus: { nothing: 0, neuron: 1, pair: 2 }[looked.kind],
    focusSource: looked.source,
    focusTarget: looked.target,
    column: none,
  });

  return {
    setRamp: (given) => device.queue.writeBuffer(ramp, 0, rampWords(given)),
    setDrawn(given) {
      arrows = given.length / 4;
      if (drawn.size < given.byteLength) {
        drawn.destroy();
        drawn = storage(device, "drawn", given.byteLength);
      }
      if (arrows > 0) device.queue.writeBuffer(drawn, 0, given);
    },
    tint(sums, appearance, buffer, first) {
      if (arrows === 0) return;
      const given = { ...valuesOf(sums, appearance), first, count: arrows };
      overTiles(tint, sums, given, { drawn, arrows: buffer }, () => arrows);
    },
    light(sums, appearance, discs, column) {
      const { perturbation, words, trial } = sums.last;
      const place = trial < 0 ? { word: 0, bit: none } : { word: trial >>> 5, bit: trial & 31 };
      const given = { ...valuesOf(sums, appearance), column, words, ...place };
      overTiles(light, sums, given, { perturbation, discs }, (rows) => rows);
    },
    release: () => {
      for (const buffer of [values, ramp, noHigh, drawn]) buffer.destroy();
    },
  };
}
