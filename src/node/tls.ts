import { constants, X509Certificate } from "node:crypto";
import { createSecureContext, type PeerCertificate, type TLSSocket } from "node:tls";
import type { ServerId } from "../core/index.ts";
import { SettingError } from "./address.ts";
import type { TlsOptions } from "./tls-options.ts";

/** What `node:tls` is to be told on either side. Throws a SettingError for what is no certificate. */
export function secureContextOf(options: TlsOptions) {
  const context = {
    ca: options.authority,
    cert: options.certificate,
    key: options.key,
    minVersion: "TLSv1.3",
  } as const;
  try {
    // `node:tls` would pass over an authority that is none, and trust the whole world instead.
    for (const certificate of certificatesIn(options.authority)) new X509Certificate(certificate);
    createSecureContext(context);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new SettingError(
      `the certificate, its key or the authority cannot be used (${reason}): PEM files are expected, and the key must be that of the certificate.`,
    );
  }
  return context;
}

/**
 * What a server of `node:tls` or `node:https` is to be told, so that nobody gets in without a
 * certificate that the authority has signed. Throws a SettingError as `secureContextOf` does.
 */
export function serverTlsOf(options: TlsOptions, handshakeTimeout: number) {
  return {
    ...secureContextOf(options),
    requestCert: true,
    rejectUnauthorized: true,
    // No session is taken up again: each connection shows its certificate, and it is checked anew.
    secureOptions: constants.SSL_OP_NO_TICKET,
    handshakeTimeout,
  } as const;
}

/**
 * Why whoever has dialled is not let in; null where it has shown a certificate that holds here.
 * `authorized` alone does not say that it has shown one: Node gives it to every TLS 1.3 session that
 * is taken up again without a certificate.
 */
export function certificateFault(
  socket: Pick<TLSSocket, "authorized" | "authorizationError" | "getPeerX509Certificate">,
): string | null {
  const { authorized, authorizationError } = socket;
  if (!authorized) return `the certificate is not valid here (${authorizationError})`;
  return socket.getPeerX509Certificate() === undefined ? "no certificate was shown" : null;
}

function certificatesIn(pem: string): readonly string[] {
  const found = pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g);
  if (found === null) throw new Error("the authority has no certificate");
  return found;
}

/** Why a connection failed, in words: OpenSSL's own have addresses of memory and files of source. */
export function connectionFault(error: NodeJS.ErrnoException): string {
  const isOfTls = error.code?.startsWith("ERR_SSL_") === true;
  return isOfTls ? `TLS failed (${error.code})` : error.message || String(error);
}

/** Whether a server id can stand in a certificate: as a DNS name does. */
export function isCertifiable(id: ServerId): boolean {
  return /^[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)*$/.test(
    id,
  );
}

/** Whether a certificate is that of the server: no common name, no wildcard will do. */
export function isCertificateOf(certificate: X509Certificate | undefined, id: ServerId): boolean {
  const found = certificate?.checkHost(id, { subject: "never", wildcards: false });
  return found !== undefined;
}

/**
 * Throws a SettingError where a server's own certificate cannot be used, or is not that of the server:
 * none of the others would let it in.
 */
export function checkOwnCertificate(options: TlsOptions, id: ServerId): void {
  secureContextOf(options);
  if (isCertificateOf(new X509Certificate(options.certificate), id)) return;
  throw new SettingError(
    `the certificate is not that of server ${id}: it needs DNS:${id} among its names (subjectAltName), by which the others know it.`,
  );
}

/** For `tls.connect`: whether who was dialled is the server that was meant. */
export function checkDialled(id: ServerId) {
  return (_: string, certificate: PeerCertificate): Error | undefined =>
    isCertificateOf(new X509Certificate(certificate.raw), id)
      ? undefined
      : new Error(`its certificate is not that of server ${id} (no DNS:${id} among its names)`);
}
