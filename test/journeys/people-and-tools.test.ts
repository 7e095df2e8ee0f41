import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createToolClient } from '../support/tool-client.ts';
import { describeOnEachBackend } from './each-backend.ts';
import { endOf2028, opens, persons, refuses, truths, writes } from './demo-expectations.ts';
import { createOperator } from './operator.ts';
import type { Operator } from './operator.ts';
import { createVisitor, people } from './visitor.ts';
import type { Visitor } from './visitor.ts';

const toolNames = { docs: 'Docs', tchap: 'Tchap', visio: 'Visio' } as const;
const instant: unknown = expect.any(Number);
const subject: unknown = expect.stringMatching(/^[\w-]{43}$/);
const decisionId: unknown = expect.stringMatching(/^d_[\w-]{22}$/);

await describeOnEachBackend('People and tools', (world) => {
  let visitor: Visitor;

  beforeEach(() => {
    visitor = createVisitor(world());
    return () => visitor.browser.close();
  });

  test.each(opens)('%s opens %s as %s', async (email, tool, organization, basis, entitlements) => {
    const truth = truths[organization];
    const page = await visitor.signIn(tool, email);
    if (email === people.elected) await visitor.choose(page, truth.siret);

    const session = await visitor.session(tool);
    expect(session).toMatchObject({ signed_in: true });
    const signed = tool === 'visio';
    expect(session.tokens?.userinfo_format).toBe(signed ? 'jwt' : 'json');
    expect(session.userinfo).toEqual({
      sub: subject,
      ...(signed ? { iss: world().issuer, aud: tool, iat: instant, exp: instant } : {}),
      ...persons[email],
      email,
      email_verified: true,
      idp_id: 'demo',
      amr: ['pwd'],
      ...truth,
      organization_link: { level: 'moderated', method: 'proof_received', verified_at: instant },
      eligibility: {
        service: tool,
        decision: 'allow',
        level: 'member',
        ...basis,
        reason: null,
        decided_at: instant,
        policy: `${tool}@1`,
        decision_id: decisionId,
      },
      guest: false,
      entitlements,
    });
    expect(session.id_token).toMatchObject({
      iss: world().issuer,
      aud: tool,
      acr: 'eidas1',
      sub: session.userinfo?.['sub'],
    });
    expect(session.id_token).not.toHaveProperty('eligibility');
  });

  test.each(refuses)('%s is refused at %s as %s', async (email, tool, organization, expected) => {
    const client = createToolClient(world(), tool);
    const attempt = client.attempt();
    const start = await visitor.identify(await visitor.follow(client, attempt), email);
    const page = email === people.elected ? await visitor.choose(start, truths[organization].siret) : start;

    expect(page.status).toBe(403);
    const text = visitor.browser.text(page);
    const name = toolNames[tool];
    const siret = truths[organization].siret.replace(/^(\d{3})(\d{3})(\d{3})(\d{5})$/, '$1 $2 $3 $4');
    expect(text).toContain(`${name} n’est pas encore ouvert à votre association`);
    expect(text).toContain(
      `Vous agissez pour\n${truths[organization].organization_label}, association déclarée\nNuméro SIRET (14 chiffres) : ${siret}`,
    );
    for (const sentence of expected.sentences) expect(text).toContain(sentence);
    expect(text).toMatch(new RegExp(`Qui décide\n.*Équipe ${name} de l’opérateur de démonstration`));
    expect(text).toContain('Réponse en deux mois au plus.');
    expect(visitor.browser.links(page).map(({ href }) => href)).toContain(`mailto:${tool}@operateur.example`);
    expect(text).toContain('Ce que vous pouvez faire');
    expect(text).toMatch(
      new RegExp(`Référence à donner si vous appelez : ${expected.code} · [0-9A-F]{4}-[0-9A-F]{4}`),
    );
    if (tool === 'docs') expect(text).not.toContain('Accord en cours');

    const back = await visitor.browser.click(page, `Revenir à ${name}`, { redirects: client.isCallback });
    expect(client.answer(attempt, back)).toEqual({ error: 'access_denied', description: expected.reason });
  });

  test('the demo tool shows the refusal that it is told', async () => {
    const page = await visitor.signIn('tchap', people.approved);
    await visitor.browser.click(page, 'Revenir à Tchap');
    expect(await visitor.session('tchap')).toMatchObject({
      signed_in: false,
      error: { error: 'access_denied', error_description: 'service_not_covered' },
    });
  });

  test('the reference of a refusal leads to the log, with reason and decision', async () => {
    const page = await visitor.signIn('docs', people.association);
    const [, reference = ''] = /M-ELIG-011 · ([0-9A-F-]{9})/.exec(visitor.browser.text(page)) ?? [];
    const line = world().log.find((each) => each.includes(reference));
    expect(JSON.parse(line ?? '{}')).toMatchObject({
      msg: 'refused at the gate',
      code: 'M-ELIG-011',
      client: 'docs',
      siren: '000000406',
      reason: 'approval_missing',
      policy: 'docs@1',
    });
  });

  describe('truth and decision are apart', () => {
    let operator: Operator;

    beforeAll(async () => {
      operator = await createOperator(world());
    });
    beforeEach(() => () => operator.restore());

    test('an approval adds nothing to what AMD-FICTIF is: not even for tools that read only flat roles', async () => {
      await operator.declare('client', 'docs', (client) => ({ ...client, extended_roles: true }));
      const docs = createToolClient(
        world(),
        'docs',
        'openid roles groups is_public_service organization_type',
      );
      const { accessToken } = await visitor.enter(docs, people.approved);
      const roles = ['organization_type:association.declared', 'eligible', 'eligible:member'];
      expect((await docs.userinfo(accessToken)).claims).toMatchObject({
        roles,
        groups: roles,
        is_public_service: false,
        organization_type: 'association.declared',
        organization_sector: 'private_law',
      });
    });

    test('approved as a guest, its members are guests', async () => {
      await operator.approval('amd-fictif-docs', { level: 'guest' });
      await visitor.signIn('docs', people.approved);
      const { userinfo } = await visitor.session('docs');
      expect(userinfo).toMatchObject({ guest: true, is_public_service: false, roles: [] });
      expect(userinfo?.['eligibility']).toMatchObject({
        decision: 'allow',
        level: 'guest',
        basis: 'approval',
      });
    });

    test('a tool that enforces by itself is told of the refusal in a signed answer', async () => {
      await operator.organization('000000406', { unit_state: 'C' });
      const visio = createToolClient(world(), 'visio');
      const { accessToken } = await visitor.enter(visio, people.association);
      const { type, claims } = await visio.userinfo(accessToken);
      expect(type).toBe('application/jwt');
      expect(claims).toMatchObject({
        iss: world().issuer,
        aud: 'visio',
        organization_type: 'association.declared',
        eligibility: { service: 'visio', decision: 'deny', reason: 'organization_closed' },
        guest: false,
        entitlements: [],
      });
      expect(claims['eligibility']).not.toHaveProperty('level');
    });

    test('a tool that reads only ID tokens has the claims there', async () => {
      await operator.declare('client', 'docs', (client) => ({ ...client, claims_in_id_token: true }));
      const docs = createToolClient(world(), 'docs');
      const { claims } = await visitor.enter(docs, people.approved);
      expect(claims).toMatchObject({
        email: people.approved,
        organization_type: 'association.declared',
        eligibility: { decision: 'allow', valid_until: endOf2028 },
        entitlements: writes,
      });
    });

    test('a claim outside the scopes of the registration is not released, even if asked for by name', async () => {
      await operator.declare('client', 'docs', (client) => ({ ...client, scope: 'openid email' }));
      const docs = createToolClient(world(), 'docs', 'openid email');
      const claims = JSON.stringify({
        userinfo: { siret: { essential: true }, eligibility: null },
        id_token: { siret: null },
      });
      const tokens = await visitor.enter(docs, people.approved, { claims });
      expect(tokens.claims).not.toHaveProperty('siret');
      expect(Object.keys((await docs.userinfo(tokens.accessToken)).claims).sort()).toEqual([
        'amr',
        'email',
        'email_verified',
        'sub',
      ]);
    });
  });
});
