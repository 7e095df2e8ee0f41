/** `host:port` of a store's URL: what a message may show of it, never the user name or the password. */
export function peerOf(url: string, defaultPort: number): string {
  if (!URL.canParse(url)) return 'an address that is not a URL';
  const { hostname, port } = new URL(url);
  return `${hostname === '' ? 'localhost' : hostname}:${port === '' ? defaultPort : port}`;
}

/** One line for the log. Node gives an empty message to the failure of a host that has several addresses. */
export function failureText(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return failureText(error.errors[0]);
  if (error instanceof Error && error.message !== '') return error.message;
  return String(error);
}

/** The outcome of `work`, or a failure after `ms`. */
export async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${ms / 1000} s`)), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
