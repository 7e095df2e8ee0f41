import { BrokerError } from '../errors/errors.ts';

/**
 * What a person reads when a command fails: one sentence per problem, what to do, and the code to look up. The stack is
 * for who works on Maillon, hence only with LOG_LEVEL=debug.
 */
export function failureText(error: unknown, env: Readonly<Record<string, string | undefined>>): string {
  const text = sentence(error);
  const verbose = env.LOG_LEVEL === 'debug' || env.LOG_LEVEL === 'trace';
  return verbose && error instanceof Error ? `${text}\n${stacks(error)}` : text;
}

function sentence(error: unknown): string {
  if (error instanceof BrokerError) return brokerSentence(error);
  if (!(error instanceof Error)) return `maillon: ${String(error)}`;
  const code = 'code' in error ? error.code : undefined;
  // SQLSTATE 42P01: no such table.
  if (code === '42P01') return 'maillon: the database has no tables yet. Run `maillon migrate` first.';
  return `maillon: unexpected failure: ${error.message} (LOG_LEVEL=debug shows where).`;
}

function brokerSentence(error: BrokerError): string {
  const { code, detail, entry } = error;
  if (detail === undefined) return `maillon: ${entry.hint} (${code})`;
  if (code === 'M-CONF-001')
    return detail
      .split('\n')
      .map((line) => `maillon: ${line} (${code})`)
      .join('\n');
  if (code === 'M-CONF-002')
    return `maillon: these declarations are refused, nothing was applied. (${code})\n${detail}`;
  // The embedded database serves one process: nothing is wrong with it, and the detail says all.
  if (code === 'M-STOR-001' && detail.startsWith('the data directory'))
    return `maillon: ${detail}. (${code})`;
  return `maillon: ${entry.hint} ${detail} (${code})`;
}

function stacks(error: Error): string {
  const own = error.stack ?? error.message;
  return error.cause instanceof Error ? `${own}\nCaused by: ${stacks(error.cause)}` : own;
}
