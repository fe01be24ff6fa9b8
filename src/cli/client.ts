/** `lockstep client`: reads and changes the key-value store of a cluster. */
import { SettingError } from "../node/address.ts";
import { ClientError, StoreClient } from "../node/client/index.ts";
import type { ServerStatus } from "../node/door.ts";
import { type ClientArguments, parseClientArguments } from "./calling/arguments.ts";
import { type Command, CommandError, type CommandIo, EXIT, type ExitCode } from "./command.ts";
import { table } from "./progress.ts";
import { SERVERS_VARIABLE } from "./serving/arguments.ts";
import { readTls } from "./serving/tls-files.ts";

const HELP = `Reads and changes the key-value store of a cluster. It finds the leader by itself, and asks again
where a server does not answer; a command runs once all the same. Reads are linearizable.

Usage: lockstep client ACTION [OPTIONS]

Actions:
  get KEY                  print the value of the key
  put KEY VALUE            set it
  delete KEY               have it hold nothing
  cas KEY EXPECTED VALUE   set it if it holds what is expected; KEY --absent VALUE: nothing
  status                   what each server tells of itself

A VALUE or a KEY that begins with a dash goes to the end, after --: put temperature -- -5

Options:
  --server NAME=HOST:PORT  a server of the cluster, as in lockstep serve; more of them are asked
                           when one is down. Else the environment's ${SERVERS_VARIABLE} is taken:
                           NAME=HOST:PORT,NAME=HOST:PORT,...
  --config FILE            the file of lockstep serve: its servers, clusterId and tls
  --cluster NAME           the cluster that is meant: a server of another is not asked
  --tls-authority FILE, --tls-certificate FILE, --tls-key FILE
                           mutual TLS, PEM; required for addresses that are not loopback
  --timeout SECONDS        how long to try (10)
  --json                   one JSON document on standard output

Examples:
  lockstep client put colour green --server s1=127.0.0.1:7001 --server s2=127.0.0.1:7002
  ${SERVERS_VARIABLE}=s1=127.0.0.1:7001,s2=127.0.0.1:7002 lockstep client get colour
  lockstep client cas colour green blue --config s1.json --json

Exit codes: 0 done; 1 the key holds nothing, or not what was expected; 2 bad usage; 3 the cluster
does not answer: it is said whether the command may have been executed.
`;

export const clientCommand: Command = {
  name: "client",
  summary: "Read and change the store of a cluster.",
  help: HELP,
  run: async (args, io) => {
    const parsed = parseClientArguments(args, io.env);
    const client = connect(parsed);
    try {
      return await act(client, parsed, io);
    } catch (error) {
      if (!(error instanceof ClientError)) throw error;
      throw new CommandError(
        error.code === "refused" ? EXIT.badInput : EXIT.environment,
        `${error.message}.${error.mayHaveBeenExecuted ? "" : endOf(parsed.action)}`,
      );
    } finally {
      client.close();
    }
  },
};

function endOf({ type }: ClientArguments["action"]): string {
  const isRead = type === "get" || type === "status";
  return isRead ? " Nothing was read." : " It was not executed.";
}

function connect({ servers, clusterId, tls, timeoutMilliseconds }: ClientArguments): StoreClient {
  try {
    return new StoreClient({
      servers,
      tls: tls === null ? null : readTls(tls),
      timeoutMilliseconds,
      name: "lockstep client",
      ...(clusterId === null ? {} : { clusterId }),
    });
  } catch (error) {
    if (!(error instanceof SettingError)) throw error;
    throw new CommandError(EXIT.badInput, error.message);
  }
}

async function act(
  client: StoreClient,
  { action, servers, json }: ClientArguments,
  io: CommandIo,
): Promise<ExitCode> {
  const tell = (document: object, text: string): void =>
    io.stdout(json ? `${JSON.stringify(document)}\n` : `${text}\n`);
  switch (action.type) {
    case "get": {
      const { key } = action;
      const value = await client.get(key);
      if (value === null && !json) io.stderr(`${key} holds nothing\n`);
      else tell({ key, value }, value ?? "");
      return value === null ? EXIT.violated : EXIT.holds;
    }
    case "put":
    case "delete": {
      const { key, type } = action;
      const previous = await (type === "put" ? client.put(key, action.value) : client.delete(key));
      tell({ key, previous }, `done; before it held ${valueText(previous)}`);
      return EXIT.holds;
    }
    case "cas": {
      const { key, expected, value } = action;
      const result = await client.compareAndSet(key, expected, value);
      const found = valueText(result.value);
      tell(
        { key, isSet: result.isSet, value: result.value },
        result.isSet ? "done" : `not set: it holds ${found}`,
      );
      return result.isSet ? EXIT.holds : EXIT.violated;
    }
    case "status":
      return await tellStatus(client, Object.keys(servers), json, io);
  }
}

function valueText(value: string | null): string {
  return value === null ? "nothing" : JSON.stringify(value);
}

type Told = ServerStatus | { readonly id: string; readonly error: string };

async function tellStatus(
  client: StoreClient,
  ids: readonly string[],
  json: boolean,
  io: CommandIo,
): Promise<ExitCode> {
  const told = await Promise.all(
    ids.map((id) =>
      client.status(id).catch((error: unknown): Told => {
        if (!(error instanceof ClientError)) throw error;
        return { id, error: error.message };
      }),
    ),
  );
  io.stdout(json ? `${JSON.stringify({ servers: told })}\n` : `${table(told.map(rowOf))}\n`);
  return told.every((one) => "error" in one) ? EXIT.environment : EXIT.holds;
}

function rowOf(told: Told): readonly string[] {
  if ("error" in told) return [told.id, "does not answer", "", "", "", told.error];
  const { id, role, currentTerm, commitIndex, lastIndex, untracedPeers = [] } = told;
  const untraced =
    untracedPeers.length === 0
      ? ""
      : `its trace cannot be checked: ${untracedPeers.join(", ")} not traced`;
  return [
    id,
    role,
    `term ${currentTerm}`,
    `log up to ${lastIndex}`,
    `committed up to ${commitIndex}`,
    untraced,
  ];
}
