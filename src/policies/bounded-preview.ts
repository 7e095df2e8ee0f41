import type { Policy } from '../eligibility/eligibility.ts';
import { previewPolicy } from './preview.ts';
import type { Preview, PreviewNeeds } from './preview.ts';

export interface BoundedPreview {
  readonly preview: Preview;
  readonly tookMs: number;
}

/** Undefined: another one is under way in this process. */
export type PreviewWithin = (
  versions: { readonly before: Policy | undefined; readonly after: Policy },
  isStillWanted: () => boolean,
) => Promise<BoundedPreview | undefined>;

/**
 * Previews for somebody who waits: one at a time, and stopped after a while or when nobody waits any more. What was
 * counted by then is the answer, and says that it is not complete.
 */
export function createBoundedPreview({
  needs,
  mostMs = 50_000,
  elapsed = () => performance.now(),
}: {
  readonly needs: () => Omit<PreviewNeeds, 'onProgress'>;
  readonly mostMs?: number;
  /** Milliseconds from any moment on: never set back. */
  readonly elapsed?: () => number;
}): PreviewWithin {
  let isBusy = false;
  return async (versions, isStillWanted) => {
    if (isBusy) return undefined;
    isBusy = true;
    const start = elapsed();
    try {
      const preview = await previewPolicy(versions, {
        ...needs(),
        onProgress: () => elapsed() - start < mostMs && isStillWanted(),
      });
      return { preview, tookMs: Math.round(elapsed() - start) };
    } finally {
      isBusy = false;
    }
  };
}
