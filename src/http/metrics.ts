import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { listen } from './server.ts';
import type { Listening } from './server.ts';

/** Figures of this process, in the words of Prometheus. Each room says its own; names begin with `maillon_`. */
export interface Metrics {
  /** Counts up. */
  readonly counter: <L extends string>(name: string, help: string, labels: readonly L[]) => Counter<L>;
  /** Milliseconds become seconds, as Prometheus counts. */
  readonly duration: <L extends string>(name: string, help: string, labels: readonly L[]) => Histogram<L>;
  /** Read whenever somebody asks: nothing is kept. */
  readonly gauge: <L extends string>(
    name: string,
    help: string,
    labels: readonly L[],
    read: () => Iterable<{ readonly labels: Readonly<Record<L, string>>; readonly value: number }>,
  ) => void;
  readonly text: () => Promise<string>;
}

/** Seconds: a sign-in waits for a request or two, each of at most some seconds. */
const buckets = [0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10];

export function createMetrics(): Metrics {
  const registry = new Registry();
  const registers = [registry];
  return {
    counter: (name, help, labels) => new Counter({ name, help, labelNames: [...labels], registers }),
    duration: (name, help, labels) =>
      new Histogram({ name, help, labelNames: [...labels], registers, buckets }),
    gauge(name, help, labels, read) {
      new Gauge({
        name,
        help,
        labelNames: [...labels],
        registers,
        collect() {
          this.reset();
          for (const one of read()) this.set(one.labels, one.value);
        },
      });
    },
    text: () => registry.metrics(),
  };
}

/**
 * `/metrics` on a port of its own, and nothing else: it says who signs in where and how often, which is not for the
 * public.
 */
export function serveMetrics(
  text: Metrics['text'],
  where: { readonly port: number; readonly addresses: readonly [string, ...string[]] },
): Promise<Listening> {
  return listen(
    (request, response) => {
      if (request.url !== '/metrics' || request.method !== 'GET') {
        response.writeHead(404, { 'content-type': 'text/plain' }).end('Not found\n');
        return;
      }
      text().then(
        (figures) => {
          response.writeHead(200, {
            'content-type': 'text/plain; version=0.0.4; charset=utf-8',
            'cache-control': 'no-store',
          });
          response.end(figures);
        },
        () => response.writeHead(500).end(),
      );
    },
    { ...where, drainMs: 500 },
  );
}
