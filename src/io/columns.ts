import { InputError, shown } from "../model/inputError";

/** What a column of an edge list may be; `transmitter` decides the sign of an arrow by its name. */
export const roles = ["source", "target", "weight", "sign", "transmitter"] as const;
export type Role = (typeof roles)[number];

/** A column by its name in the header, or by its number from 1; digits are always a number. */
export type Chosen = { readonly [role in Role]?: string | null };

/** Where the columns are, from 0; null: there is none. */
export interface Columns {
  readonly source: number;
  readonly target: number;
  readonly weight: number | null;
  readonly sign: number | null;
  readonly transmitter: number | null;
  /** Whether the first row names the columns. */
  readonly header: boolean;
  /** How many fields every row has. */
  readonly width: number;
  /** FlyWire's tables are known by their header: synapses between two neurons, counted neuropil by neuropil. */
  readonly isFlyWire: boolean;
}

/** Names that say what a column is, without their capitals, spaces, lines and dots. */
const known: Record<Role, readonly string[]> = {
  source: "source src from pre sourceid fromid preid presynaptic prerootid preptrootid prept bodyidpre".split(
    " ",
  ),
  target:
    "target dst to post targetid toid postid postsynaptic postrootid postptrootid postpt bodyidpost".split(
      " ",
    ),
  weight: "weight w count syncount synapsecount synapses nsyn strength".split(" "),
  sign: ["sign"],
  transmitter: "nttype transmitter neurotransmitter toptransmitter".split(" "),
};

const isNumber = /^\d{1,4}$/;

const plain = (name: string) => name.toLowerCase().replace(/[\s._-]/g, "");

/**
 * Which column is what: as chosen, else by the names in the first row, else source, target and weight from the left.
 *
 * The first row is a header if it has names for a source and a target, or the name of a chosen column; `header` decides
 * where that is wrong.
 *
 * Errors   InputError: which column is not there, or is wanted twice, with those that there are.
 */
export function findColumns(
  file: string,
  first: readonly string[],
  chosen: Chosen,
  header?: boolean,
): Columns {
  const byName = (role: Role) => first.findIndex((name) => known[role].includes(plain(name)));
  const isNamed = Object.values(chosen).some(
    (name) => name !== null && !isNumber.test(name) && first.includes(name),
  );
  const hasHeader = header ?? (isNamed || (byName("source") >= 0 && byName("target") >= 0));
  const there = hasHeader
    ? `${first
        .slice(0, 20)
        .map((name) => shown(name.slice(0, 40)))
        .join(", ")}, or 1 to ${first.length}`
    : `1 to ${first.length}`;
  const find = (role: Role): number | null => {
    const wanted = chosen[role];
    // Chosen to be none, whatever the names say.
    if (wanted === null) return null;
    if (wanted !== undefined) {
      const named = hasHeader ? first.indexOf(wanted) : -1;
      const at = isNumber.test(wanted) ? Number(wanted) - 1 : named;
      if (at < 0 || at >= first.length)
        throw new InputError(`${file}, row 1: no column ${shown(wanted)} for the ${role}; allowed: ${there}`);
      return at;
    }
    if (hasHeader) return byName(role) < 0 ? null : byName(role);
    const place = roles.indexOf(role);
    return place < Math.min(3, first.length) && Object.keys(chosen).length === 0 ? place : null;
  };
  const [source, target, weight, sign, transmitter] = roles.map(find);
  const missing = source === null ? "source" : target === null ? "target" : null;
  if (first.length < 2)
    throw new InputError(
      `${file}, row 1: one field; allowed: source and target, with commas, semicolons, tabs or spaces between them`,
    );
  if (source === null || target === null)
    throw new InputError(
      `${file}, row 1: no column for the ${missing}; allowed: say which it is of ${there}`,
    );
  if (!hasHeader && first.length > 3 && Object.keys(chosen).length === 0)
    throw new InputError(
      `${file}, row 1: ${first.length} columns without names; allowed: source, target and weight, or say which are these`,
    );
  const used = [source, target, weight, sign, transmitter].filter((column) => column !== null);
  if (new Set(used).size < used.length)
    throw new InputError(`${file}, row 1: one column is to be two things; allowed: each one of ${there}`);
  const isFlyWire =
    hasHeader && ["prerootid", "postrootid", "syncount"].every((name) => first.map(plain).includes(name));
  return { source, target, weight, sign, transmitter, header: hasHeader, width: first.length, isFlyWire };
}
