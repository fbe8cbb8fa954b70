import { make } from "./svg";

/** Puts the typefaces that the picture's texts need inside it; where they cannot be had, the reader's own stay. */
export async function embedTypefaces(svg: SVGSVGElement): Promise<void> {
  const faces = [...fontFaces()];
  const needed = new Set<Face>();
  for (const text of svg.querySelectorAll("text"))
    for (const family of families(text.getAttribute("font-family") ?? "")) {
      const style = text.getAttribute("font-style") ?? "normal";
      const weight = Number(text.getAttribute("font-weight") ?? 400);
      const near = new Map<string, number>();
      const ofStyle = faces.filter(
        (face) =>
          face.family === family && face.style === style && reaches(face.range, text.textContent ?? ""),
      );
      for (const face of ofStyle)
        near.set(face.range, Math.min(near.get(face.range) ?? Infinity, away(weight, face.weight)));
      for (const face of ofStyle) if (away(weight, face.weight) === near.get(face.range)) needed.add(face);
    }
  const rules: string[] = [];
  for (const face of needed) {
    const data = await dataUrl(face.url);
    if (data)
      rules.push(
        `@font-face{font-family:"${face.family}";font-weight:${face.weight};font-style:${face.style};` +
          `${face.range ? `unicode-range:${face.range};` : ""}src:url("${data}") format("woff2")}`,
      );
  }
  if (rules.length > 0) svg.prepend(make("style", {}, rules.join("\n")));
}

const families = (list: string): string[] =>
  list.split(",").map((family) => family.trim().replace(/^["']|["']$/g, ""));

/** How far a weight is from those of a face: "400", or "200 900" for all between. */
function away(weight: number, ofFace: string): number {
  const [least, most = least] = ofFace.split(" ").map(Number);
  return Math.max(least - weight, weight - most, 0);
}

/** One of the page's typefaces, as its style sheet says. */
interface Face {
  readonly family: string;
  readonly style: string;
  readonly weight: string;
  /** Of Unicode; "" for all of it. */
  readonly range: string;
  readonly url: string;
}

function* fontFaces(): Generator<Face> {
  for (const sheet of document.styleSheets) {
    // A sheet of another origin does not let itself be read.
    const rules = (() => {
      try {
        return [...sheet.cssRules];
      } catch {
        return [];
      }
    })();
    for (const rule of rules) {
      if (!(rule instanceof CSSFontFaceRule)) continue;
      const of = (name: string) => rule.style.getPropertyValue(name);
      const source = of("src").match(/url\(\s*["']?([^"')]+)["']?\s*\)/);
      if (source)
        yield {
          family: families(of("font-family"))[0],
          style: of("font-style") || "normal",
          weight: of("font-weight") || "400",
          range: of("unicode-range"),
          url: new URL(source[1], sheet.href ?? document.baseURI).href,
        };
    }
  }
}

/** Does "U+2192" or "U+0-FF, U+131" hold any of these letters? Without a range, all. */
function reaches(range: string, letters: string): boolean {
  if (!range) return true;
  const spans = [...range.matchAll(/U\+([0-9a-f]+)(?:-([0-9a-f]+))?/gi)].map(
    ([, from, to]) => [Number.parseInt(from, 16), Number.parseInt(to ?? from, 16)] as const,
  );
  for (const letter of letters) {
    const point = letter.codePointAt(0) as number;
    if (spans.some(([from, to]) => point >= from && point <= to)) return true;
  }
  return false;
}

const fetched = new Map<string, Promise<string | null>>();

function dataUrl(url: string): Promise<string | null> {
  if (url.startsWith("data:")) return Promise.resolve(url);
  const before = fetched.get(url);
  if (before) return before;
  const found = (async () => {
    try {
      const response = await fetch(url);
      if (!response.ok) return null;
      const bytes = new Uint8Array(await response.arrayBuffer());
      let text = "";
      for (const byte of bytes) text += String.fromCharCode(byte);
      return `data:font/woff2;base64,${btoa(text)}`;
    } catch {
      return null;
    }
  })();
  fetched.set(url, found);
  return found;
}
