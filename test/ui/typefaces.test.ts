import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

const sheet = readFileSync(new URL("../../src/ui/typefaces.css", import.meta.url), "utf8");

test("every file of a typeface is of one weight and one style, those that are said of it", () => {
  const faces = [...sheet.matchAll(/@font-face \{([^}]*)\}/g)].map(([, face]) => face);
  const of = (face: string, name: string) => new RegExp(`${name}: ([^;]+);`).exec(face)?.[1] ?? "";
  const files = faces.filter((face) => face.includes("@fontsource"));
  expect(files.length).toBeGreaterThan(7);
  for (const face of files) {
    const family = of(face, "font-family").replaceAll('"', "").toLowerCase().replaceAll(" ", "-");
    const [weight, style] = [of(face, "font-weight"), of(face, "font-style")];
    expect(of(face, "src")).toMatch(
      new RegExp(
        `^url\\("@fontsource/${family}/files/${family}-(latin|greek)-${weight}-${style}\\.woff2"\\)`,
      ),
    );
    expect(weight).toMatch(/^\d00$/);
  }
});
