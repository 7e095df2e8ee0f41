import { buildAuthorizationUrl, buildAuthorizationUrlWithPAR } from 'openid-client';
import { isLoopback } from '../config/config.ts';
import { BrokerError } from '../errors/errors.ts';
import type { Connection } from './connection.ts';
import { metadataFailure, pushFailure } from './failures.ts';

/**
 * Where we send the browser: with the whole request, or, pushed before, with a reference to it (RFC 9126 §4). The library
 * refuses what is not http(s), we refuse http that is not loopback.
 *
 * @throws BrokerError M-UPST-001, M-UPST-028, M-UPST-029
 */
export async function authorizationUrl(
  { config, takesPushedRequests }: Connection,
  parameters: Record<string, string>,
  values: Readonly<Record<string, string>>,
): Promise<URL> {
  assertEndpoint(config.serverMetadata().authorization_endpoint, values);
  if (takesPushedRequests) {
    return buildAuthorizationUrlWithPAR(config, parameters).catch((error: unknown) => {
      throw pushFailure(error, values);
    });
  }
  try {
    return buildAuthorizationUrl(config, parameters);
  } catch (error) {
    throw metadataFailure(error, values);
  }
}

function assertEndpoint(endpoint: string | undefined, values: Readonly<Record<string, string>>): void {
  // Without one, the library says so.
  if (endpoint === undefined || !URL.canParse(endpoint)) return;
  const { protocol, hostname, host } = new URL(endpoint);
  if (protocol === 'https:' || (protocol === 'http:' && isLoopback(hostname))) return;
  throw new BrokerError('M-UPST-028', { detail: `authorization endpoint ${host} is not https`, values });
}
