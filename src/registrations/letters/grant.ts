import { waysOfAppeal } from './rights.ts';
import type { Template } from './template.ts';
import { day, factList, grantedTerms, heading, named, paragraph, serviceNames, written } from './words.ts';

/**
 * A decision that nobody asked for: what it opens, why, until when, how it goes on, how it is declined. Favourable, and yet
 * reasoned and open to appeal: conditions and an end date restrict it (CRPA art. L211-2). No program examined the
 * organization: whoever signs chose it from a list.
 */
export const grant: Template<'grant'> = {
  version: 1,
  title: ({ services }) => `Accès à ${serviceNames(services.map(({ service }) => service))} accordé`,
  author: ({ author }) => author,
  blocks: (facts) => {
    const { services, organization, authority, preparedBy, fileHref, registration } = facts;
    const names = serviceNames(services.map(({ service }) => service));
    const [firstEnd] = services.map(({ terms }) => terms.endsOn).toSorted();
    return [
      paragraph(
        `L’accès à ${names} est accordé à ${named(organization)}. Cette décision est prise à l’initiative de l’administration : votre organisation n’avait rien à demander.`,
      ),
      factList([['Numéro du dossier', registration]]),
      ...services.flatMap(({ service, terms }) => grantedTerms(service, terms)),
      heading('Motifs de la décision'),
      ...written(facts.text),
      paragraph(
        `Cette décision ouvre ${services.length > 1 ? 'des services' : 'un service'} à « ${organization.name} ». Elle ne lui donne pas la qualité d’administration et ne lui confie aucune mission.`,
      ),
      heading('Utiliser cet accès'),
      paragraph(
        `Les personnes qui se connectent pour votre organisation peuvent ouvrir ${names}. Elles lisent aussi cette décision sur la page du dossier : ${fileHref}`,
      ),
      heading('Continuer après cette date'),
      paragraph(
        `Pour que l’accès continue après le ${day(firstEnd ?? facts.date)}, demandez son renouvellement avant cette date, dans les quatre-vingt-dix jours qui la précèdent : une personne se connecte pour votre organisation sur la page du dossier et choisit « renouveler ».`,
      ),
      heading('Ne pas utiliser cet accès'),
      paragraph(
        `Rien ne vous oblige à utiliser ${names}. Si votre organisation n’en veut pas, écrivez à ${authority.email} ou à ${authority.name}, ${authority.address}, en rappelant le numéro du dossier : il y sera mis fin.`,
      ),
      ...(preparedBy === undefined
        ? []
        : [
            paragraph(
              `Décision préparée par ${preparedBy.givenName} ${preparedBy.usualName}, ${preparedBy.capacity}, ${preparedBy.organization}.`,
            ),
          ]),
      ...waysOfAppeal(facts, { online: false }),
    ];
  },
};
