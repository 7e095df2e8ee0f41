import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Stores } from '../storage/storage.ts';
import { applyDeclarations } from './apply.ts';
import { emptySet } from './declared-set.ts';
import type { DeclaredSet } from './declared-set.ts';
import { createDeclarations } from './running.ts';
import type { Declarations, DeclarationsOptions } from './running.ts';
import { declaredWith, openTestDatabase, seal } from './testing/database.ts';
import { aClient, aService } from './testing/samples.ts';

let stores: Stores;
beforeAll(async () => {
  stores = await openTestDatabase();
}, 180_000);
afterAll(() => stores.close());

const clock = () => new Date('2026-11-22T10:00:00Z');
const apply = (declared: DeclaredSet) => applyDeclarations(declared, { db: stores.db, seal, clock });

let running: Declarations | undefined;
const start = async (options: Partial<DeclarationsOptions> = {}): Promise<Declarations> => {
  running = await createDeclarations({ db: stores.db, clock, pollMs: 600_000, ...options });
  return running;
};
beforeEach(() => apply(emptySet));
afterEach(() => running?.stop());

describe('the running declarations', () => {
  it('serve what was applied', async () => {
    await apply(declaredWith());
    const { current } = await start();
    expect(current().clients.get('docs')).toMatchObject({
      service: 'docs',
      redirect_uris: ['https://docs.test/cb'],
    });
    expect(current().clients.get('docs')).not.toHaveProperty('client_secret');
    expect(current().identityProviders.get('etat')).toHaveProperty('client_secret_sealed');
    expect(current().idpsByDomain.get('etat.example')).toHaveLength(1);
    expect(current().policyFor('docs', clock())?.policy.version).toBe(1);
    expect(current().services.get('docs')?.name.fr).toBe('Docs');
  });

  it('change at once and as a whole when refreshed; a snapshot in hand does not change', async () => {
    const { current, refresh } = await start();
    const before = current();
    await apply(declaredWith());
    expect(current()).toBe(before);
    await refresh();
    expect(current().clients.size).toBe(1);
    expect(before.clients.size).toBe(0);
    expect(current().revision).toBeGreaterThan(before.revision);
  });

  it('keep the very objects that did not change', async () => {
    await apply(declaredWith());
    const { current, refresh } = await start();
    const idp = current().identityProviders.get('etat');
    await apply(declaredWith({ services: [{ ...aService, url: 'https://new.test/' }] }));
    await refresh();
    expect(current().services.get('docs')?.url).toBe('https://new.test/');
    expect(current().identityProviders.get('etat')).toBe(idp);
  });

  it('see by themselves what another process applied', async () => {
    const { current } = await start({ pollMs: 20 });
    await apply(declaredWith());
    await vi.waitFor(() => {
      expect(current().clients.size).toBe(1);
    });
  });

  it('ask only for the revision while nothing changes', async () => {
    await apply(declaredWith());
    const { refresh } = await start();
    const before = stores.statistics().sql;
    await refresh();
    expect(stores.statistics().sql - before).toBe(1);
  });

  it('read once for all who ask together, and never answer with what was read before', async () => {
    const { current, refresh } = await start();
    const before = stores.statistics().sql;
    const early = Array.from({ length: 10 }, () => refresh());
    await apply(declaredWith());
    const late = Array.from({ length: 10 }, () => refresh());
    await Promise.all([...early, ...late]);
    expect(current().clients.size).toBe(1);
    expect(stores.statistics().sql - before).toBeLessThan(40);
  });

  it('stop looking when told so', async () => {
    const { stop } = await start({ pollMs: 5 });
    stop();
    await new Promise((resolve) => setTimeout(resolve, 30));
    const before = stores.statistics().sql;
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(stores.statistics().sql).toBe(before);
  });
});

describe('our own pages', () => {
  const issuer = 'https://maillon.test/api/v2';

  it('are a client when the issuer is given, and are in no list', async () => {
    await apply(declaredWith());
    const { current } = await start({ issuer });
    const ours = current().clientOf('maillon');
    expect(ours).toMatchObject({
      redirect_uris: [`${issuer}/entrer/retour`],
      token_endpoint_auth_method: 'none',
      pkce: 'required',
      scope: 'openid',
      enforcement: 'claims',
    });
    expect(ours && current().serviceOf(ours)?.id).toBe('maillon');
    expect([...current().clients.keys()]).toEqual(['docs']);
    expect([...current().services.keys()]).toEqual(['docs']);
    const docs = current().clientOf('docs');
    expect(docs).toBe(current().clients.get('docs'));
    expect(docs && current().serviceOf(docs)?.id).toBe('docs');
  });

  it('are not taken over by a document of their name', async () => {
    await apply(declaredWith());
    await stores.db
      .updateTable('declared_object')
      .set({ document: sql<string>`replace(document, '"client_id":"docs"', '"client_id":"maillon"')` })
      .where('kind', '=', 'client')
      .execute();
    const { current } = await start({ issuer });
    expect(current().clients.has('maillon')).toBe(true);
    expect(current().clientOf('maillon')?.redirect_uris).toEqual([`${issuer}/entrer/retour`]);
  });

  it('do not exist without an issuer', async () => {
    const { current } = await start();
    expect(current().clientOf('maillon')).toBeUndefined();
  });
});

describe('operators', () => {
  it('are served by id; one whose limits this version does not know is left out', async () => {
    await apply(declaredWith());
    const problems: unknown[] = [];
    const { current, refresh } = await start({ onProblem: (error) => problems.push(error) });
    expect(current().operators.get('ada-martin')).toMatchObject({ idp: 'etat', subject: 'person/2' });
    await stores.db
      .updateTable('declared_object')
      .set({ document: sql<string>`replace(document, '"departments"', '"regions"')` })
      .where('kind', '=', 'operator')
      .execute();
    await stores.db.updateTable('declared_revision').set({ revision: 999 }).execute();
    await refresh();
    expect(current().operators.size).toBe(0);
    expect(problems).toHaveLength(1);
  });
});

describe('when the database is away', () => {
  it('the former snapshot stays, the failure is told, and the next look takes over', async () => {
    await apply(declaredWith());
    const problems: unknown[] = [];
    const { current, refresh } = await start({ pollMs: 10, onProblem: (error) => problems.push(error) });
    const before = current();
    await sql`alter table declared_revision rename to away`.execute(stores.db);
    await vi.waitFor(() => {
      expect(problems.length).toBeGreaterThan(1);
    });
    await expect(refresh()).rejects.toThrow();
    expect(current()).toBe(before);
    await sql`alter table away rename to declared_revision`.execute(stores.db);
    await apply(declaredWith({ clients: [{ ...aClient, scope: 'openid' }] }));
    await vi.waitFor(() => {
      expect(current().clients.get('docs')?.scope).toBe('openid');
    });
  });

  it('there is no first snapshot', async () => {
    await sql`alter table declared_revision rename to away`.execute(stores.db);
    await expect(start()).rejects.toThrow();
    await sql`alter table away rename to declared_revision`.execute(stores.db);
  });
});

describe('a document that this version cannot read', () => {
  it('is left out and told; the others are served', async () => {
    await apply(declaredWith());
    await stores.db
      .updateTable('declared_object')
      .set({ document: '{"service":"docs"}' })
      .where('kind', '=', 'policy')
      .execute();
    const problems: unknown[] = [];
    const { current } = await start({ onProblem: (error) => problems.push(error) });
    expect(problems).toHaveLength(1);
    expect(current().policyFor('docs', clock())).toBeUndefined();
    expect(current().clients.size).toBe(1);
  });
});
