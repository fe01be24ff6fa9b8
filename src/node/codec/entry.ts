import type { Entry } from "../../core/index.ts";
import type { Field } from "./field.ts";

/**
 * An entry: its term, doubled and one more where it has a command, then the command. The empty
 * entry of a leader (§8) is its term alone.
 */
export const entry: Field<Entry> = {
  write: (writer, { term, command }) => {
    writer.integer(2 * term + (command === null ? 0 : 1));
    if (command !== null) writer.text(command);
  },
  read: (reader) => {
    const header = reader.integer();
    if (header % 2 === 0) return { term: header / 2, command: null };
    return { term: (header - 1) / 2, command: reader.text() };
  },
};
