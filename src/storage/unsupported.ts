import type { Adapter } from 'oidc-provider';

/** What a model does not do. The library does not call these; a change of its mind must be noticed. */
export function unsupported(model: string): Adapter {
  const refuse = (operation: string) => async (): Promise<never> => {
    throw new Error(`${model}: ${operation} is not supported`);
  };
  return {
    upsert: refuse('upsert'),
    find: refuse('find'),
    findByUserCode: refuse('findByUserCode'),
    findByUid: refuse('findByUid'),
    consume: refuse('consume'),
    destroy: refuse('destroy'),
    revokeByGrantId: refuse('revokeByGrantId'),
  };
}
