import { readFileSync } from "node:fs";

/** A file of known answers, test/kat/NAME.json. */
export const knownAnswers = <Shape>(name: string): Shape =>
  JSON.parse(readFileSync(new URL(`../kat/${name}.json`, import.meta.url), "utf8")) as Shape;
