/** Certificates for the tests, made as src/node/transport/README.md says, without the openssl program. */
import { generate, type SubjectAltNameEntry } from "selfsigned";
import type { TlsOptions } from "../../src/node/tls-options.ts";

export interface Authority {
  readonly certificate: string;
  readonly key: string;
}

/** An authority, whose certificate signs itself. */
export async function makeAuthority(name = "lockstep test"): Promise<Authority> {
  const { cert, private: key } = await generate([{ name: "commonName", value: name }], {
    keyType: "ec",
    algorithm: "sha256",
    extensions: [
      { name: "basicConstraints", cA: true, critical: true },
      { name: "keyUsage", keyCertSign: true, cRLSign: true, critical: true },
    ],
  });
  return { certificate: cert, key };
}

export interface CertificateOptions {
  /** DNS names: of a server its id. */
  readonly names?: readonly string[];
  readonly commonName?: string;
  readonly addresses?: readonly string[];
  readonly notAfter?: Date;
}

/** A certificate that the authority has signed, with its key, and the authority's own. */
export async function makeCertificate(
  authority: Authority,
  options: CertificateOptions,
): Promise<TlsOptions> {
  const { names = [], addresses = [], commonName = names[0] ?? "client", notAfter } = options;
  const altNames: SubjectAltNameEntry[] = [
    ...names.map((value) => ({ type: 2 as const, value })),
    ...addresses.map((ip) => ({ type: 7 as const, ip })),
  ];
  const { cert, private: key } = await generate([{ name: "commonName", value: commonName }], {
    keyType: "ec",
    algorithm: "sha256",
    ca: { key: authority.key, cert: authority.certificate },
    ...(notAfter === undefined ? {} : { notBeforeDate: new Date(0), notAfterDate: notAfter }),
    extensions: [
      { name: "basicConstraints", cA: false, critical: true },
      { name: "keyUsage", digitalSignature: true, critical: true },
      { name: "extKeyUsage", serverAuth: names.length > 0, clientAuth: true },
      ...(altNames.length > 0 ? [{ name: "subjectAltName" as const, altNames }] : []),
    ],
  });
  return { authority: authority.certificate, certificate: cert, key };
}
