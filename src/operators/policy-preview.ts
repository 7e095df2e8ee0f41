import {
  basisTexts,
  clause,
  graceText,
  levelTexts,
  policyInForce,
  reasonTexts,
} from '../eligibility/eligibility.ts';
import { language } from '../http/http.ts';
import type { OperatorPolicyPages } from '../http/http.ts';
import {
  isOrganizationType,
  organizationCategoryLabel,
  organizationTypeLabel,
} from '../organizations/organizations.ts';
import { instantOf, totalOf } from '../policies/policies.ts';
import type { BoundedPreview, Listed, ListedAfterwards, Side, WhoLoses } from '../policies/policies.ts';
import { concernedShown } from './concerned.ts';
import { dayOf, sourceWords, valueShown } from './decision-shown.ts';
import { draftOf, draftPath, readDraft } from './policy-draft.ts';
import { servicePage } from './route.ts';
import type { AskedOfService, Route } from './route.ts';

type Language = 'fr' | 'en';
type Found = NonNullable<OperatorPolicyPages['operator-policy-preview']['found']>;
type Row = Found['lists'][number]['rows'][number];
type AfterwardsRow = NonNullable<Found['afterwards']>[number]['rows'][number];

/** Whoever loses comes first. */
const order = ['loses', 'gains', 'changes'] as const;
const orderAfterwards = ['stops', 'goes_on', 'changes'] as const;

/** `…/brouillons/:brouillon/apercu`: who gains, who loses, why, of every organization that there is time to ask about. */
async function show(asked: AskedOfService): Promise<void> {
  const { ctx, me, needs, service } = asked;
  const lang = language(ctx);
  const draft = await draftOf(asked);
  const backHref = `${needs.basePath}${draftPath(service.id, draft.id)}`;
  const read = readDraft(draft);
  if (read.kind === 'problems') {
    ctx.status = 303;
    ctx.redirect(backHref);
    return;
  }
  const versions = (await needs.policyDrafts.versions(service.id)).map(({ policy }) => policy);
  const before = policyInForce(versions, instantOf(read.policy, needs.clock()))?.policy;
  const compared = { before, after: read.policy };
  const found = await needs.previewPolicy(compared, () => !ctx.req.socket.destroyed);
  const loses = found && (await needs.peopleWhoLose(compared));
  needs.http.renderPage(
    ctx,
    'operator-policy-preview',
    {
      console: needs.frame(me, 'policies'),
      name: service.name[lang],
      backHref,
      version: read.policy.version,
      before: before?.version,
      found: found && loses && foundShown({ ...found, loses }, lang, needs.basePath),
    },
    { formsStayHere: true, status: found === undefined ? 503 : 200 },
  );
}

function foundShown(
  { preview, tookMs, loses }: BoundedPreview & { readonly loses: WhoLoses },
  lang: Language,
  basePath: string,
): Found {
  const { at, complete, organizations, byCategory, approvals, withoutEstablishment, listed, afterwards } =
    preview;
  return {
    at: new Date(at),
    complete,
    looked: totalOf(organizations),
    seconds: new Intl.NumberFormat(lang, { maximumFractionDigits: 1 }).format(tookMs / 1000),
    organizations,
    concerned: concernedShown(loses),
    categories: byCategory.map(({ category, counts }) => ({
      name: organizationCategoryLabel(category, lang) ?? category,
      counts,
    })),
    approvals,
    withoutEstablishment,
    lists: order
      .map((verdict) => ({
        verdict,
        total: organizations[verdict],
        rows: listed[verdict].map((one) => rowShown(one, lang, basePath)),
      }))
      .filter(({ total }) => total > 0),
    afterwards:
      afterwards &&
      orderAfterwards.map((verdict) => ({
        verdict,
        total: afterwards.counts[verdict],
        rows: afterwards.listed[verdict].map((one) => afterwardsShown(one, lang, basePath)),
      })),
  };
}

const afterwardsShown = (
  { siren, name, type, department, endsOn, before, after }: ListedAfterwards,
  lang: Language,
  basePath: string,
): AfterwardsRow => ({
  name,
  href: `${basePath}/operateur/organisations/${siren}`,
  siren,
  type: typeWords(type, lang),
  department,
  endsOn,
  before: sideWords(before, lang),
  after: sideWords(after, lang),
});

const typeWords = (type: string, lang: Language): string =>
  isOrganizationType(type) ? organizationTypeLabel(type, lang) : type;

function rowShown(one: Listed, lang: Language, basePath: string): Row {
  const { siren, name, type, department, fields, approvals, before, after } = one;
  // What nothing says of the refusal that comes is said by what let them in.
  const { why } = after.why.length === 0 ? before : after;
  return {
    name,
    href: `${basePath}/operateur/organisations/${siren}`,
    siren,
    type: typeWords(type, lang),
    department,
    fields,
    approvals: approvals.length,
    before: sideWords(before, lang),
    after: sideWords(after, lang),
    why: why.slice(0, 4).map((test) => ({
      clause: clause(test.name, test.expected, lang),
      value: valueShown(test.name, test.value, lang),
      source: sourceWords(test.source, lang),
      asOf: dayOf(test.asOf),
    })),
  };
}

function sideWords({ decision, reason = 'not_eligible', basis, grace, level }: Side, lang: Language): string {
  if (decision !== 'allow') return reasonTexts[reason][lang];
  const open = grace === undefined ? basis && basisTexts[basis][lang] : graceText(grace, lang);
  return [open, level && levelTexts[level][lang]].filter(Boolean).join(' ');
}

export const previewRoutes: readonly Route[] = [
  servicePage({
    path: '/operateur/services/:service/brouillons/:brouillon/apercu',
    // Reading is for many; this asks a lot of the machine, and is for those who write.
    action: 'policy.edit',
    answer: show,
  }),
];
