import type { Context } from 'koa';
import { BrokerError } from '../errors/errors.ts';
import { receiveUpload, stopReading, uploadLimits } from './receive-upload.ts';
import type { Upload, UploadLimits } from './receive-upload.ts';

/** Of one process, whatever people send to it at once. */
export interface UploadsAtOnce {
  readonly uploads: number;
  /** Read and not done with yet. */
  readonly bytes: number;
  /** Seconds after which to come back. */
  readonly retryAfter: number;
}

export const uploadsAtOnce: UploadsAtOnce = { uploads: 3, bytes: 100_000_000, retryAfter: 30 };

/**
 * Reads a form with files and has `use` do what it does with it. Whoever sends takes a place from the first byte until
 * `use` has ended: memory is bounded by what is held, not by how fast it comes.
 *
 * @param account who sends: one upload at a time
 * @throws BrokerError M-FILE-070 no place now; what `receiveUpload` throws; what `use` throws
 */
export type TakeUpload = <Result>(
  ctx: Pick<Context, 'req' | 'res' | 'set'>,
  account: string,
  use: (upload: Upload) => Promise<Result>,
) => Promise<Result>;

export function createTakeUpload(
  atOnce: UploadsAtOnce = uploadsAtOnce,
  limits: UploadLimits = uploadLimits,
): TakeUpload {
  const underWay = new Set<string>();
  let held = 0;
  return async (ctx, account, use) => {
    const noPlace = (why: string): BrokerError => {
      ctx.set('Retry-After', String(atOnce.retryAfter));
      return new BrokerError('M-FILE-070', { detail: `upload: ${why}` });
    };
    if (underWay.has(account) || underWay.size >= atOnce.uploads) {
      stopReading(ctx);
      throw noPlace(underWay.has(account) ? 'another one of the same account' : `${underWay.size} at once`);
    }
    underWay.add(account);
    let own = 0;
    try {
      const upload = await receiveUpload(ctx, limits, (bytes) => {
        own += bytes;
        held += bytes;
        return held > atOnce.bytes ? noPlace(`${held} bytes at once`) : undefined;
      });
      return await use(upload);
    } finally {
      held -= own;
      underWay.delete(account);
    }
  };
}
