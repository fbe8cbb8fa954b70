/** A WebAssembly module as base64, see scripts/assembly.ts. */
declare module "*?assembly" {
  const base64: string;
  export default base64;
}
