/** One property: what it says, its formula, and what breaks it here. */
import { explainProperty, explainWithin } from "../model/explain.ts";
import type { Session } from "../model/session.ts";
import { showShort } from "../tla/show.ts";
import { highlighted, SpecText } from "./spec-text.tsx";
import { askedOf } from "./step-facts.ts";
import { type PageState, store } from "./store.ts";
import { definitions } from "./texts.ts";
import { spaced } from "./words.ts";

export function PropertiesPanel({ page }: { readonly page: PageState }) {
  const name = page.property ?? "ElectionSafety";
  const { session } = page;
  const excerpt = definitions.get(`${name}Step`) ?? definitions.get(name);
  const fallenAt = session.path.fallenAt(session.position).get(name) ?? null;
  if (excerpt === undefined) return null;
  return (
    <div class="property">
      <h2>{spaced(name)}</h2>
      <p class="saying">{sayingOf(name, excerpt.comment)}</p>
      {fallenAt === null ? (
        <p class="verdict agrees">✓ It holds, up to here.</p>
      ) : (
        <p class="verdict parts">
          ✗ It fell at{" "}
          <button type="button" class="small" onClick={() => store.goTo(fallenAt)}>
            step {fallenAt}
          </button>
        </p>
      )}
      {fallenAt === null ? (
        <Formula text={excerpt.text} place={`spec/${excerpt.where}.tla:${excerpt.line}`} />
      ) : (
        <Witness session={session} name={name} at={fallenAt} />
      )}
      {fallenAt === null &&
        neededBy(excerpt.text, name).map((needed) => <Definition key={needed} name={needed} />)}
    </div>
  );
}

/** The comment of the property: where it begins with its name, over the first definition for it. */
function sayingOf(name: string, own: string): string {
  const head = `${spaced(name)}:`;
  const named = [...definitions.values()].find(({ comment }) => comment.startsWith(head));
  return named?.comment ?? own;
}

function Definition({ name }: { readonly name: string }) {
  const excerpt = definitions.get(name);
  if (excerpt === undefined) return null;
  return <Formula text={excerpt.text} place={`spec/${excerpt.where}.tla:${excerpt.line}`} />;
}

function Formula({ text, place }: { readonly text: string; readonly place: string }) {
  return (
    <section class="source" aria-label="Formula">
      <h3>
        Formula <span>{place}</span>
      </h3>
      <pre class="text" role="region" tabindex={0} aria-label="The formula">
        {highlighted(text, 0)}
      </pre>
    </section>
  );
}

interface WitnessProps {
  readonly session: Session;
  readonly name: string;
  readonly at: number;
}

/** The formula on the step that broke it, and the elements for which it is false. */
function Witness({ session, name, at }: WitnessProps) {
  const before = session.path.at(at - 1);
  const frame = session.path.at(at);
  const asked = askedOf({ ...session, position: at }, before, frame);
  const explained = explainProperty(asked, name);
  if (explained === null) return null;
  const inner = neededBy(explained.excerpt.text, name).flatMap(
    (needed) => explainWithin(asked, explained, needed) ?? [],
  );
  const { names } = session.spec;
  const witness = [...explained.evaluated.decided].flatMap(([node, elements]) =>
    node.kind === "forAll"
      ? [...elements].map(([each, value]) => `${each} = ${showShort(value, names)}`)
      : [],
  );
  return (
    <>
      {witness.length > 0 && (
        <p class="witness">
          It is false for <b>{[...new Set(witness)].join(", ")}</b>.
        </p>
      )}
      {[explained, ...inner].map((each) => (
        <section class="source" aria-label={each.definition.name} key={each.definition.name}>
          <h3>
            {each.definition.name}{" "}
            <span>
              spec/{each.excerpt.where}.tla:{each.excerpt.line}
            </span>
          </h3>
          <SpecText explained={each} />
        </section>
      ))}
    </>
  );
}

/** The definitions that a formula speaks of, each after what speaks of it. */
function neededBy(text: string, own: string): readonly string[] {
  const needed = new Set<string>();
  const visit = (part: string): void => {
    for (const [word] of part.matchAll(/\b[A-Z]\w+\b/g)) {
      const found = definitions.get(word);
      const isShown = found?.where.startsWith("Raft") === true && found.where !== "Raft";
      if (found === undefined || !isShown || needed.has(word) || word.startsWith(own)) continue;
      needed.add(word);
      visit(found.text);
    }
  };
  visit(text);
  return [...needed];
}
