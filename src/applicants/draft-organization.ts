import type { Context } from 'koa';
import { language, readForm } from '../http/http.ts';
import type { FieldProblem, Language } from '../http/http.ts';
import { tidy } from '../organizations/organizations.ts';
import { changedContent } from '../registrations/registrations.ts';
import type { Visitor } from '../visitor/visitor.ts';
import { addresses } from './addresses.ts';
import { frameOf, fromReview } from './draft-page.ts';
import { findOrganization, lineOf } from './find-organization.ts';
import type { Search } from './find-organization.ts';
import type { ApplicantNeeds } from './needs.ts';
import { organizationShown } from './shown.ts';
import { nextStep } from './steps.ts';
import { seeOther, visitDraft } from './visit.ts';
import type { Visit } from './visit.ts';

const step = 'organisation';

export async function showOrganizationStep(
  ctx: Context,
  id: string | undefined,
  needs: ApplicantNeeds,
): Promise<void> {
  const here = await visitDraft(ctx, needs, id);
  if (here === undefined) return;
  const { page } = addresses(needs.basePath);
  const query = new URLSearchParams(ctx.querystring);
  const search = await findOrganization(query, language(ctx), needs, page(here.opened.file.id, step));
  await show(ctx, here, needs, { search, errors: [], review: fromReview(ctx) });
}

/** Chooses one. What the register says of it is then shown, with the way on. */
export async function chooseOrganization(
  ctx: Context,
  id: string | undefined,
  needs: ApplicantNeeds,
): Promise<void> {
  const { registrations, basePath } = needs;
  const { page } = addresses(basePath);
  const here = await visitDraft(ctx, needs, id, page(id ?? '', step));
  if (here === undefined) return;
  const form = await readForm(ctx);
  const review = form.get('relire') === '1';
  const named = tidy(form.get('organization') ?? '').slice(0, 100);
  const found = named === '' ? undefined : await needs.organization(named);
  if (found?.active !== true) {
    const words = found === undefined ? 'organization_organization_unknown' : 'organization_closed';
    const errors = [{ field: 'q', words: named === '' ? 'organization_missing' : words, about: found?.name }];
    await show(ctx, here, needs, { search: {}, errors, review, status: 422 });
    return;
  }
  const { file, content } = here.opened;
  const other = content.organization !== found.id;
  await registrations.saveDraft(
    file.id,
    here.visitor.accountId,
    // What a list of members covers depends on where the organization is.
    changedContent(content, { organization: found.id, ...(other ? { members: undefined } : {}) }),
  );
  seeOther(ctx, `${page(file.id, step)}${review ? '?relire=1' : ''}`);
}

async function show(
  ctx: Context,
  here: Visit,
  needs: ApplicantNeeds,
  about: {
    readonly search: Search;
    readonly errors: readonly FieldProblem[];
    readonly review: boolean;
    readonly status?: number;
  },
): Promise<void> {
  const lang = language(ctx);
  const { opened, visitor } = here;
  const { page } = addresses(needs.basePath);
  const problems = await needs.registrations.problems(opened);
  const { errors, review, search } = about;
  const { organization } = opened;
  const next = nextStep(step, review);
  needs.http.renderPage(
    ctx,
    'applicants/organization',
    {
      ...frameOf(here, step, needs, { problems, errors, review }),
      chosen: organization === undefined ? undefined : organizationShown(organization, lang),
      own: (await ownOf(visitor, lang, needs)).filter(({ id }) => id !== organization?.id),
      nextHref: page(opened.file.id, next),
      searchAction: page(opened.file.id, step),
      ...search,
    },
    { status: about.status ?? (search.searchError === undefined ? 200 : 422), formsStayHere: true },
  );
}

/** The organizations for which the person signed in. */
async function ownOf({ memberships }: Visitor, lang: Language, { organization }: ApplicantNeeds) {
  const sirens = new Set(memberships.map(({ siret }) => siret.slice(0, 9)));
  const pages = await Promise.all([...sirens].slice(0, 10).map((siren) => organization(siren)));
  return pages.filter((page) => page !== undefined).map((page) => lineOf(page, lang));
}
