import type { Pairs, Place } from "../../pairs";

/** Something that multiplies matrices, with its inputs where it wants them. */
export interface Rival {
  /** The name of its kernel or backend, and of its hardware as far as it says. */
  readonly about: string;
  /** What has to be done before a product and is no part of it. */
  ready?(): Promise<void>;
  /** One product, to its end. */
  multiply(): Promise<void>;
  /** Entries of the last product. */
  entries(places: readonly Place[]): Promise<readonly number[]>;
  /** The target whose outcomes it takes for a target's, where that is another one. */
  repeated?(target: number): number;
  close(): unknown;
}

/** Errors: whatever its library says. */
export type Open = (pairs: Pairs) => Promise<Rival>;

/** Threads where the page may share memory, as the bench's is served. */
export const threads = navigator.hardwareConcurrency;

/** Where the peers' packages are served. */
export const packages = new URL("./packages/", location.href).href;

export const entryOf = (product: ArrayLike<number>, { neurons }: Pairs, places: readonly Place[]) =>
  places.map(({ target, source }) => product[target * neurons + source]);

/** Runs a script that makes a global of itself. */
export const script = (url: string) =>
  new Promise<void>((resolve, reject) => {
    const element = document.createElement("script");
    element.src = url;
    element.onload = () => resolve();
    element.onerror = () => reject(new Error(`${url} could not be loaded`));
    document.head.append(element);
  });
