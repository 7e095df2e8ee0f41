import { language } from '../http/http.ts';
import type { OperatorMePage } from '../http/http.ts';
import { perimeterWords } from './perimeter-words.ts';
import type { Section } from './section.ts';

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
              : await perimeterWords(operator.perimeter, needs, language(ctx)),
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
