/** One moment of an execution as a picture, for a paper or a slide: an SVG file of its own. */
import { frameOf, type Session } from "../../model/session.ts";
import { viewOf } from "../../model/view.ts";
import { STAGE } from "../geometry.ts";
import { moveWords, spaced } from "../words.ts";
import { logsHeight, logsPicture } from "./logs.ts";
import { spaceTimeHeight, spaceTimePicture } from "./space-time.ts";
import { stageHeight, stagePicture } from "./stage.ts";
import { BAD, element, escaped, text, WHITE } from "./svg.ts";

const MARGIN = 16;
const GAP = 14;

/** The step, the servers and their messages, their logs, and what happened until then. */
export function pictureOf(session: Session): string {
  const frame = frameOf(session);
  const view = viewOf(frame.state, session.spec.servers, session.spec.names);
  const title = titleOf(session);
  const parts: readonly { readonly svg: string; readonly height: number }[] = [
    { svg: headPicture(title), height: 20 * title.length },
    { svg: stagePicture(frame, view), height: stageHeight(view) },
    { svg: logsPicture(frame, view), height: logsHeight(view) },
    {
      svg: spaceTimePicture(session, STAGE.width),
      height: spaceTimeHeight(session),
    },
  ];
  let y = MARGIN;
  const placed = parts.map(({ svg, height }) => {
    const group = element("g", { transform: `translate(${MARGIN} ${y})` }, svg);
    y += height + GAP;
    return group;
  });
  const size = { width: STAGE.width + 2 * MARGIN, height: y - GAP + MARGIN };
  const picture = element(
    "svg",
    {
      xmlns: "http://www.w3.org/2000/svg",
      viewBox: `0 0 ${size.width} ${size.height}`,
      ...size,
      "font-family": "Helvetica, Arial, sans-serif",
      role: "img",
    },
    element("title", {}, escaped(title.map(({ words }) => words).join(". "))),
    element("rect", { ...size, fill: WHITE }),
    ...placed,
  );
  return `${picture}\n`;
}

interface TitleLine {
  readonly words: string;
  readonly isBad: boolean;
}

function titleOf({ path, position }: Session): readonly TitleLine[] {
  const { move, step, forgotten } = path.at(position);
  const fallen = [...path.fallenAt(position).keys()].map(spaced);
  const words = position === 0 ? "The beginning" : moveWords(move, step?.received ?? null);
  const lines = [{ words: position === 0 ? words : `Step ${position}: ${words}`, isBad: false }];
  if (forgotten !== null) {
    const by = forgotten.where === "code" ? " by the code alone" : "";
    lines.push({ words: `Forgotten${by}: ${forgotten.rule}`, isBad: true });
  }
  if (step?.divergence) lines.push({ words: "Here the spec and the code part", isBad: true });
  const fell = fallen.length === 0 ? [] : wrapped(`Fallen: ${fallen.join(", ")}`);
  return [...lines, ...fell.map((line) => ({ words: line, isBad: true }))];
}

/** As many letters as the picture has room for in a line. */
const LONGEST_LINE = 96;

function wrapped(words: string): readonly string[] {
  const lines: string[] = [""];
  for (const word of words.split(" ")) {
    const last = lines.at(-1) ?? "";
    if (`${last} ${word}`.length > LONGEST_LINE) lines.push(word);
    else lines[lines.length - 1] = last === "" ? word : `${last} ${word}`;
  }
  return lines;
}

function headPicture(title: readonly TitleLine[]): string {
  return title
    .map(({ words, isBad }, i) =>
      text(words, 0, 15 + 20 * i, {
        "text-anchor": "start",
        "font-size": i === 0 ? 16 : 13,
        "font-weight": i === 0 ? 700 : null,
        ...(isBad ? { fill: BAD } : {}),
      }),
    )
    .join("");
}
