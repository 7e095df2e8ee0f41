import type { Context } from 'koa';
import { recordAccess } from '../audit/audit.ts';
import type { MemberListPage } from '../http/http.ts';
import {
  actsAs,
  concernedOf,
  memberShown,
  noUse,
  refusalOf,
  representativeShown,
} from '../members/members.ts';
import type { RepresentativeNeeds } from './needs.ts';
import { listHref, nameOf, seeOther, whoRepresents } from './visit.ts';

/** `/membres`: the organizations that the person represents; with one only, its members. */
export async function showOrganizations(ctx: Context, needs: RepresentativeNeeds): Promise<void> {
  const { http, visitors, basePath, members } = needs;
  const here = `${basePath}/membres`;
  const visitor = await visitors.of(ctx);
  const links = { requestsHref: `${basePath}/demandes`, accountHref: `${basePath}/compte` };
  if (visitor === undefined) {
    const nobody = { ...links, organizations: [], signInHref: visitors.signInHref(here) };
    http.renderPage(ctx, 'members/organizations', nobody, { formsStayHere: true });
    return;
  }
  const represented = await members.representedBy(visitor.accountId);
  const [only] = represented;
  if (only !== undefined && represented.length === 1) {
    seeOther(ctx, listHref(only.siren, needs));
    return;
  }
  const organizations = await Promise.all(
    represented.map(async ({ siren, capacity, until }) => ({
      name: await nameOf(siren, needs),
      siren,
      capacity,
      until,
      href: listHref(siren, needs),
    })),
  );
  http.renderPage(
    ctx,
    'members/organizations',
    { ...links, email: visitor.email, organizations },
    { formsStayHere: true },
  );
}

/** `/membres/:siren`: who acts for the organization, since when, in which tools. Its reading is recorded (RGPD art. 5, 2). */
export async function showMembers(ctx: Context, needs: RepresentativeNeeds, siren: string): Promise<void> {
  const { http, members, basePath, db, clock, snapshot } = needs;
  const here = listHref(siren, needs);
  const visit = await whoRepresents(ctx, needs, { siren, returnTo: here });
  if (visit === undefined) return;
  const { reader, representatives, actor } = visit;
  const [found, uses, organization] = await Promise.all([
    members.list(siren, Number(ctx.query['page'] ?? '1')),
    members.uses(siren),
    nameOf(siren, needs),
  ]);
  await recordAccess(db, clock(), {
    act: 'members.read',
    subject: `organization:${siren}`,
    actor,
    after: { page: found.page },
  });
  const accounts = new Set(representatives.map(({ accountId }) => accountId));
  const pageHref = (page: number) => `${here}?page=${String(page)}`;
  const model: MemberListPage = {
    organization,
    siren,
    backHref: `${basePath}/compte`,
    domainsHref: `${basePath}/compte/organisations/${siren}/domaines`,
    done: doneOf(ctx.query['fait']),
    representatives: representatives.map((one) => ({
      ...representativeShown(one, reader),
      fileHref: one.accountId === reader.accountId ? `${basePath}/demandes/${one.file}` : undefined,
    })),
    total: found.total,
    toConfirm: found.toConfirm,
    members: found.members.map((member) => {
      const may = (act: 'confirm' | 'revoke' | 'restore') =>
        refusalOf(act, actsAs(actor), concernedOf(member), accounts) === undefined;
      return {
        ...memberShown(member, {
          uses: uses.get(member.accountId) ?? noUse,
          representatives,
          snapshot: snapshot(),
          reader,
        }),
        confirm: may('confirm')
          ? { action: `${here}/${member.id}/confirmer`, seen: member.version }
          : undefined,
        revokeHref: may('revoke') ? `${here}/${member.id}/retirer` : undefined,
        restoreHref: may('restore') ? `${here}/${member.id}/rendre` : undefined,
      };
    }),
    page: found.page,
    pages: found.pages,
    previousHref: found.page > 1 ? pageHref(found.page - 1) : undefined,
    nextHref: found.page < found.pages ? pageHref(found.page + 1) : undefined,
  };
  http.renderPage(ctx, 'members/list', model, { formsStayHere: true });
}

const doneWords = { confirme: 'confirm', retire: 'revoke', rendu: 'restore' } as const;
const doneOf = (asked: unknown): MemberListPage['done'] =>
  asked === 'confirme' || asked === 'retire' || asked === 'rendu' ? doneWords[asked] : undefined;
