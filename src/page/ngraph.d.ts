/** The build for two dimensions: the usual one makes its code with `new Function`, which a strict page refuses. */
declare module "ngraph.forcelayout/dist/ngraph.forcelayout2d.js" {
  interface Body {
    readonly pos: { readonly x: number; readonly y: number };
  }

  interface Simulator {
    addBodyAt(place: { x: number; y: number }): Body;
    /** Negative length: as in the settings. */
    addSpring(from: Body, to: Body, length: number, coefficient: number): void;
    timeStep(value: number): void;
    step(): number;
  }

  const createLayout: {
    simulator(settings: { springLength: number; gravity: number; timeStep: number }): Simulator;
  };
  export default createLayout;
}
