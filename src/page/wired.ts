import type { Wiring } from "../model/network";
import type { Outgoing } from "../model/outgoing";

/** Neurons up to which the CPU finds their places by forces; larger networks take the GPU. */
export const mostByForces = 2_000;

/** A network's arrows, by target and by source. */
export interface Wired {
  readonly wiring: Wiring;
  readonly outgoing: Outgoing;
}

/**
 * Hears where the neurons are, and the share of the steps that is done.
 *
 * Shapes   places [neurons × 2], of any size.
 */
export type TellPlaces = (places: Float32Array, share: number) => void;
