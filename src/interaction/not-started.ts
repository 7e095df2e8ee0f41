import type { IdentityProvider } from '../declarations/declarations.ts';
import type { BrokerError } from '../errors/errors.ts';

/** A sign-in that could not begin, and with whom. */
export class NotStarted extends Error {
  override readonly name = 'NotStarted';
  override readonly cause: BrokerError;
  readonly idp: IdentityProvider;
  readonly email: string | undefined;
  constructor(cause: BrokerError, { idp, email }: Pick<NotStarted, 'idp' | 'email'>) {
    super(cause.message);
    this.cause = cause;
    this.idp = idp;
    this.email = email;
  }
}
