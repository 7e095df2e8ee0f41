import { policyHash, policyInForce } from '../eligibility/eligibility.ts';
import { BrokerError } from '../errors/errors.ts';
import { language } from '../http/http.ts';
import type { OperatorPolicyPages } from '../http/http.ts';
import { diffLines, policyText } from '../policies/policies.ts';
import type { NamedPerson } from '../policies/policies.ts';
import { policyLines, policyShown } from './decision-shown.ts';
import { personName } from './file-words.ts';
import { draftPath, draftRoutes } from './policy-draft.ts';
import { previewRoutes } from './policy-preview.ts';
import { ruleRoutes } from './policy-rule.ts';
import { listPage, mount, servicePage } from './route.ts';
import type { Asked, AskedOfService, Route } from './route.ts';
import type { Section } from './section.ts';
import { simulationRoutes } from './simulation.ts';
import { toRead } from './versions-to-read.ts';

/** `/operateur/services`: each service and the rules in force, in words. */
async function list({ ctx, me, needs }: Asked): Promise<void> {
  const lang = language(ctx);
  const { snapshot, clock, basePath } = needs;
  const drafts = await needs.policyDrafts.list();
  const waiting = toRead(drafts, { me, needs });
  needs.http.renderPage(
    ctx,
    'operator-policies',
    {
      console: needs.frame(me, 'policies'),
      simulateAction: `${basePath}/operateur/simulation`,
      services: [...snapshot().services.values()].map((service) => {
        const inForce = snapshot().policyFor(service.id, clock());
        return {
          id: service.id,
          name: service.name[lang],
          audience: service.audience[lang],
          decidedBy: service.decided_by.name[lang],
          href: `${basePath}/operateur/services/${service.id}`,
          drafts: drafts.filter((draft) => draft.service === service.id).length,
          toRead: waiting
            .filter((draft) => draft.service === service.id)
            .map((draft) => ({
              href: `${basePath}${draftPath(service.id, draft.id)}`,
              version: draft.base + 1,
            })),
          policy: inForce && {
            version: inForce.policy.version,
            validFrom: inForce.policy.valid_from,
            until: inForce.replacedAt,
            shown: policyShown(inForce.policy, lang),
          },
        };
      }),
    },
    { formsStayHere: true },
  );
}

const named = (person: NamedPerson | undefined): string | undefined =>
  person && [personName(person), person.capacity].filter((part) => part !== '').join(', ');

/** `/operateur/services/:service`: every version with who wrote it and who confirmed it, and what is being written. */
async function show({ ctx, me, needs, service }: AskedOfService): Promise<void> {
  const lang = language(ctx);
  const here = `${needs.basePath}/operateur/services/${service.id}`;
  const [versions, drafts] = await Promise.all([
    needs.policyDrafts.versions(service.id),
    needs.policyDrafts.list(service.id),
  ]);
  const now = needs.clock();
  // Of the database: what was published a moment ago is there before this process has read it again.
  const current = policyInForce(
    versions.map(({ policy }) => policy),
    now,
  )?.policy;
  const [newest, before] = versions.map(({ policy }) => policy.version);
  const done = new URLSearchParams(ctx.querystring).get('fait');
  const model: OperatorPolicyPages['operator-policy'] = {
    console: needs.frame(me, 'policies'),
    done: done === 'publier' || done === 'abandonner' ? done : undefined,
    name: service.name[lang],
    backHref: `${needs.basePath}/operateur/services`,
    audience: service.audience[lang],
    decidedBy: service.decided_by.name[lang],
    current: current && { version: current.version, shown: policyShown(current, lang) },
    document: current && { text: policyText(current), digest: policyHash(current) },
    versions: versions.map(({ policy, since, author, second, reason }) => ({
      version: policy.version,
      validFrom: policy.valid_from,
      state:
        policy.version === current?.version ? 'current' : policy.valid_from > me.today ? 'coming' : 'past',
      by: named(author),
      second: named(second),
      since,
      reason: reason === '' ? undefined : reason,
    })),
    drafts: drafts
      .filter(({ state }) => state === 'draft' || state === 'proposed')
      .map((draft) => ({
        href: `${here}/brouillons/${draft.id}`,
        by: named(draft.author) ?? draft.authorId,
        state: draft.state,
        version: draft.base + 1,
        updatedAt: draft.updatedAt,
      })),
    compare:
      newest === undefined || before === undefined
        ? undefined
        : { action: `${here}/comparer`, from: before, to: newest },
    startAction: me.may('policy.edit', { services: [service.id] }) ? `${here}/brouillons` : undefined,
  };
  needs.http.renderPage(ctx, 'operator-policy', model, { formsStayHere: true });
}

/** `/operateur/services/:service/comparer?de=1&a=2` */
async function compare({ ctx, me, needs, service }: AskedOfService): Promise<void> {
  const lang = language(ctx);
  const versions = (await needs.policyDrafts.versions(service.id)).map(({ policy }) => policy);
  const given = new URLSearchParams(ctx.querystring);
  const version = (name: string) => {
    const found = versions.find((policy) => String(policy.version) === given.get(name));
    if (found === undefined)
      throw new BrokerError('M-POLI-001', { detail: `${service.id}@${given.get(name) ?? ''}` });
    return found;
  };
  const [from, to] = [version('de'), version('a')];
  needs.http.renderPage(
    ctx,
    'operator-policy-diff',
    {
      console: needs.frame(me, 'policies'),
      name: service.name[lang],
      backHref: `${needs.basePath}/operateur/services/${service.id}`,
      from: from.version,
      to: to.version,
      words: { lines: diffLines(policyLines(from, lang), policyLines(to, lang)) },
      text: { lines: diffLines(policyText(from), policyText(to)) },
    },
    { formsStayHere: true },
  );
}

export const policyRoutes: readonly Route[] = [
  listPage({ path: '/operateur/services', action: 'policy.read', answer: list }),
  servicePage({ path: '/operateur/services/:service', action: 'policy.read', answer: show }),
  servicePage({ path: '/operateur/services/:service/comparer', action: 'policy.read', answer: compare }),
  ...draftRoutes,
  ...ruleRoutes,
  ...previewRoutes,
  ...simulationRoutes,
];

export const policies: Section = {
  name: 'policies',
  path: '/operateur/services',
  action: 'policy.read',
  routes: (router, needs) => mount(router, needs, policyRoutes),
};
