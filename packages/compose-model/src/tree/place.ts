/** A file that was read: its name as messages show it, and where its lines start. */
export interface Source {
  /** Name as shown in messages: relative to the working folder when it lies inside. */
  readonly name: string;
  /** Absolute path, or the name given for text that is not in a file. */
  readonly path: string;
  readonly text: string;
}

/** A value that messages do not show, and what they show instead. */
export interface Mask {
  readonly value: string;
  readonly shown: string;
  /** Variables that are part of the value, by name. */
  readonly used?: ReadonlyMap<string, string>;
}

/** Where something stands in a file. Lines and columns are worked out only when someone asks. */
export interface Place {
  readonly source: Source;
  /** Offset in UTF-16 units from the start of the text. */
  readonly offset: number;
  /** Values of variables that what stands here was made of. */
  readonly masks?: readonly Mask[];
}

/** Line and column, both counted from 1; columns in UTF-16 units. */
export interface Position {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

const lineStarts = new WeakMap<Source, readonly number[]>();

function startsOf(source: Source): readonly number[] {
  const known = lineStarts.get(source);
  if (known !== undefined) return known;
  const starts = [0];
  for (let at = source.text.indexOf('\n'); at >= 0; at = source.text.indexOf('\n', at + 1)) starts.push(at + 1);
  lineStarts.set(source, starts);
  return starts;
}

export function locate(place: Place): Position {
  const starts = startsOf(place.source);
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] ?? 0) <= place.offset) low = middle;
    else high = middle - 1;
  }
  return { file: place.source.name, line: low + 1, column: place.offset - (starts[low] ?? 0) + 1 };
}
