import { z } from 'zod';
import { BrokerError } from '../errors/errors.ts';
import type { ErrorCode } from '../errors/errors.ts';

/** What the libraries throw: oidc-provider (`error`, `error_description`, `error_detail`), Koa and raw-body. */
const foreignSchema = z.object({
  name: z.string().optional(),
  status: z.number(),
  error: z.string().optional(),
  error_description: z.string().optional(),
  error_detail: z.string().optional(),
});

const byOAuthError: Readonly<Record<string, ErrorCode>> = {
  invalid_client: 'M-OIDC-001',
  invalid_redirect_uri: 'M-OIDC-002',
};

/**
 * The one error of the house for anything thrown. `fallback` is the code of a protocol error with no code of its own
 * (M-OIDC-003; M-OIDC-005 during logout).
 */
export const toBrokerError = (error: unknown, fallback: ErrorCode = 'M-OIDC-003'): BrokerError => {
  if (error instanceof BrokerError) return error;
  const parsed = foreignSchema.safeParse(error);
  if (!parsed.success || parsed.data.status >= 500) return new BrokerError('M-HTTP-001', { cause: error });
  const { name, status, error: oauthError, error_description: description, error_detail: more } = parsed.data;
  if (oauthError === undefined) {
    return new BrokerError(status === 404 ? 'M-HTTP-002' : 'M-HTTP-003', { cause: error });
  }
  const detail = [oauthError, description, more].filter((part) => part !== undefined).join(': ');
  const code = name === 'SessionNotFound' ? 'M-OIDC-004' : (byOAuthError[oauthError] ?? fallback);
  return new BrokerError(code, { cause: error, detail });
};
