/**
 * What proves who one is, as PEM. Both sides of every connection show a certificate that the
 * cluster's authority has signed (mutual TLS). The certificate of a server has the server's id
 * among its subject alternative names, as a DNS name: `DNS:s1`. One authority a cluster: whom it
 * has signed is let in, a server only under its own id, anybody else as a client.
 */
export interface TlsOptions {
  /** The certificate of the authority that has signed everybody's. */
  readonly authority: string;
  readonly certificate: string;
  readonly key: string;
}
