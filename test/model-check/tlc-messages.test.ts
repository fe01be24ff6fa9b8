import { expect, test } from "vitest";
import { type TlcMessage, TlcMessageReader } from "../../src/model-check/tlc-messages.ts";

const OUTPUT = [
  "@!@!@STARTMSG 2262:0 @!@!@",
  "TLC2 Version 2.18",
  "@!@!@ENDMSG 2262 @!@!@",
  "Parsing file /x/MC.tla",
  "@!@!@STARTMSG 2217:4 @!@!@",
  "1: <Initial predicate>",
  "/\\ x = 1",
  "",
  "@!@!@ENDMSG 2217 @!@!@",
  "no newline at the end",
].join("\r\n");

test("messages are the same however the output is cut into pieces", () => {
  for (const size of [1, 7, 1000]) {
    const messages: TlcMessage[] = [];
    const other: string[] = [];
    const reader = new TlcMessageReader(
      (message) => messages.push(message),
      (line) => other.push(line),
    );
    for (let from = 0; from < OUTPUT.length; from += size) {
      reader.write(OUTPUT.slice(from, from + size));
    }
    reader.end();
    expect(messages).toEqual([
      { code: 2262, severity: "none", text: "TLC2 Version 2.18" },
      { code: 2217, severity: "state", text: "1: <Initial predicate>\n/\\ x = 1\n" },
    ]);
    expect(other).toEqual(["Parsing file /x/MC.tla", "no newline at the end"]);
  }
});
