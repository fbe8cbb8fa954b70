import { type ArrowList, noArrows } from "./arrowList";
import type { Theme } from "./colours";
import type { Focus } from "./focus";
import type { Arranging, Origin, Turn } from "./layout";

/** What the graph shows of a network before any trial. */
export interface GraphNetwork {
  readonly neurons: number;
  /** The true arrows with their exact effects; a sample where there are too many to draw. */
  readonly truth: ArrowList;
  /** How many true arrows there are, drawn or not. */
  readonly arrows: number;
  /** Effect of full colour and width. */
  readonly scale: number;
  /** [neurons] 1 = neither set nor observed; null if all are. */
  readonly hidden: Uint8Array | null;
}

/** One neuron of a large network, as it is looked at: its arrows, in and out, and its effects on all. */
export interface Ego {
  readonly neuron: number;
  readonly truth: ArrowList;
  readonly estimates: ArrowList;
  /** Null where it is none of the sources, and before there are estimates. */
  readonly effects: Effects | null;
}

/**
 * Effects of one source on all neurons.
 *
 * Shapes   [neurons].
 * Missing  NaN.
 */
export interface Effects {
  readonly effect: Float32Array;
  readonly certainty: Float32Array;
}

/** What the picture's middle looks at, in pixels of the unmoved picture, y upwards; and how closely. */
export interface View {
  readonly x: number;
  readonly y: number;
  readonly zoom: number;
}

/** Everything that decides what the graph looks like. */
export interface Shown {
  readonly network: GraphNetwork;
  readonly estimates: ArrowList;
  /** [neurons] 1 = lit; null lights none. */
  readonly poked: Uint8Array | null;
  /** Lights those that the run's last trial set to 1, as far as its sums can be drawn where they are. */
  readonly shimmer: boolean;
  readonly focus: Focus;
  readonly theme: Theme;
  readonly truth: boolean;
  /** In CSS pixels, and how many of the screen's there are to one of them. */
  readonly size: { readonly width: number; readonly height: number; readonly ratio: number };
  readonly view: View;
  readonly arranging: Arranging;
  readonly turn: Turn;
  /** Where the neurons came from, and what part of the way they have made, 0…1. */
  readonly from: Origin | null;
  readonly part: number;
  /** The neuron of a large network that was asked for last. */
  readonly ego: Ego | null;
}

/** Before anything was told. */
export const nothingShown: Shown = {
  network: { neurons: 0, truth: noArrows, arrows: 0, scale: 1, hidden: null },
  estimates: noArrows,
  poked: null,
  shimmer: false,
  focus: null,
  theme: "desk",
  truth: true,
  size: { width: 1, height: 1, ratio: 1 },
  view: { x: 0, y: 0, zoom: 1 },
  arranging: { kind: "auto" },
  turn: { across: 0.3, up: 0.35 },
  from: null,
  part: 1,
  ego: null,
};

export interface PainterEvents {
  /** A frame is on its way to the screen: what lies over the picture changes with it. */
  drawn(): void;
  /** The device behind the canvas is gone: another canvas is needed. */
  lost(): void;
}

/** What came of a canvas. backend: "webgpu" or "webgl2". */
export interface Painted {
  readonly backend: string;
  readonly software: boolean;
}

/** The graph's drawing, on a thread of its own. Data flow one way: it is told what to show. */
export interface Painter {
  /**
   * Draws on this canvas from now on; what is shown stays.
   *
   * Errors   whatever three rejects with where neither WebGPU nor WebGL2 can draw.
   */
  paint(canvas: OffscreenCanvas, events: PainterEvents): Promise<Painted>;
  /** Shows this part of everything anew. */
  show(part: Partial<Shown>): void;
  /** The picture as it is now, as PNG. */
  picture(): Promise<Blob>;
}

/** More arrows than this are not drawn. */
export const capacityOf = ({ software }: Painted): number => (software ? 2_000 : 20_000);
