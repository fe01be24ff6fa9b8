import type { ByteReader, ByteWriter } from "./bytes.ts";

/** How a value of one type is written and read. */
export interface Field<Value> {
  write(writer: ByteWriter, value: Value): void;
  /** Throws a DecodeError. */
  read(reader: ByteReader): Value;
}

/** A term, an index, a count. */
export const integer: Field<number> = {
  write: (writer, value) => writer.integer(value),
  read: (reader) => reader.integer(),
};

export const boolean: Field<boolean> = {
  write: (writer, value) => writer.boolean(value),
  read: (reader) => reader.boolean(),
};

export const text: Field<string> = {
  write: (writer, value) => writer.text(value),
  read: (reader) => reader.text(),
};

/** A value that is always the same and takes no byte. */
export function always<Value>(value: Value): Field<Value> {
  return { write: () => {}, read: () => value };
}

/** Any number of values, each of at least one byte. */
export function list<Value>(field: Field<Value>): Field<readonly Value[]> {
  return {
    write: (writer, values) => {
      writer.integer(values.length);
      for (const value of values) field.write(writer, value);
    },
    read: (reader) => {
      // A false length takes no memory: the bytes end before.
      const length = reader.integer();
      const values: Value[] = [];
      for (let at = 0; at < length; at++) values.push(field.read(reader));
      return values;
    },
  };
}
