import { language } from '../http/http.ts';
import type { OperatorMePage } from '../http/http.ts';
import { departmentByCode } from '../organizations/organizations.ts';
import type { Perimeter } from './perimeter.ts';
import type { ConsoleNeeds, Section } from './section.ts';

/** `/operateur/moi`: what the site knows of the operator who reads it, and lets them do. */
export const me: Section = {
  name: 'me',
  path: '/operateur/moi',
  routes(router, needs) {
    router.get(
      '/operateur/moi',
      needs.gate.page(async (ctx, signed) => {
        const { operator, visitor } = signed;
        const { snapshot, basePath } = needs;
        const model: OperatorMePage = {
          console: needs.frame(signed, 'me'),
          name: `${operator.given_name} ${operator.usual_name}`,
          capacity: operator.capacity,
          organization: operator.organization,
          email: operator.email,
          roles: operator.roles,
          perimeter:
            operator.perimeter === undefined
              ? undefined
              : await inWords(operator.perimeter, needs, language(ctx)),
          delegation: operator.delegation,
          idp: snapshot().identityProviders.get(visitor.idp)?.name,
          signedInAt: visitor.authTime,
          signOutHref: `${basePath}/compte`,
        };
        needs.http.renderPage(ctx, 'operator-me', model, { formsStayHere: true });
      }),
    );
  },
};

async function inWords(
  { departments, federations, services }: Perimeter,
  { snapshot, organizationName }: ConsoleNeeds,
  lang: 'fr' | 'en',
): Promise<OperatorMePage['perimeter']> {
  return {
    departments: departments?.map((code) => `${departmentByCode(code)?.name ?? code} (${code})`),
    federations:
      federations &&
      (await Promise.all(
        federations.map(async (id) => {
          const name = await organizationName(id);
          return name === undefined ? id : `${name} (${id})`;
        }),
      )),
    services: services?.map((id) => snapshot().services.get(id)?.name[lang] ?? id),
  };
}
