import { html } from '../html.ts';
import type { Html } from '../html.ts';
import type { DemoPerson } from '../people.ts';
import type { WantedAssurance } from './assurance.ts';

export interface SignInPage {
  readonly clientName: string;
  readonly people: readonly DemoPerson[];
  readonly loginHint: string | undefined;
  /** Whose session is open in this browser, when somebody is signed in already. */
  readonly signedIn: DemoPerson | undefined;
  readonly wanted: WantedAssurance;
}

const matches = (person: DemoPerson, hint: string | undefined): boolean =>
  hint !== undefined && person.email === hint.trim().toLowerCase();

const personButton = (person: DemoPerson, hinted: boolean): Html =>
  html`<li ${hinted && html`class="hinted"`}>
    <button name="person" value="${person.sub}">
      <strong>${person.given_name} ${person.usual_name}</strong>
      <span class="address">${person.email}</span>
      <span class="organization">${person.organization}</span>
      ${hinted && html`<span class="tag">Adresse que vous avez saisie</span>`}
    </button>
  </li>`;

const notices = (model: SignInPage): readonly Html[] => {
  const unknown = model.loginHint !== undefined && !model.people.some((one) => matches(one, model.loginHint));
  return [
    ...(unknown
      ? [
          html`<div class="notice">
            <p>
              Personne ici n’a l’adresse <strong>${model.loginHint}</strong>. Choisissez quelqu’un dans la
              liste.
            </p>
          </div>`,
        ]
      : []),
    ...(model.signedIn === undefined
      ? []
      : [
          html`<div class="notice">
            <p>
              <strong>${model.signedIn.given_name} ${model.signedIn.usual_name}</strong> est déjà connecté
              ici. Confirmez que c’est vous, ou choisissez une autre personne.
            </p>
          </div>`,
        ]),
    ...(model.wanted.essential.some((acr) => acr.endsWith('-mfa'))
      ? [
          html`<div class="notice">
            <p>
              Le service exige une connexion renforcée. La démonstration fait comme si vous aviez confirmé
              avec votre téléphone. Les élus et les membres d’association n’ont pas ce moyen.
            </p>
          </div>`,
        ]
      : []),
  ];
};

/** The person announced by `login_hint` comes first. */
export const signInPage = (model: SignInPage): Html => {
  const ordered = [...model.people].sort(
    (a, b) => Number(matches(b, model.loginHint)) - Number(matches(a, model.loginHint)),
  );
  return html`<h1>Qui êtes-vous ?</h1>
    <p>
      <strong>${model.clientName}</strong> demande qui vous êtes. Choisissez une personne inventée : aucun mot
      de passe n’est demandé.
    </p>
    ${notices(model)}
    <form method="post">
      <ul class="people">
        ${ordered.map((person) => personButton(person, matches(person, model.loginHint)))}
      </ul>
      <p><button class="quiet" name="cancel" value="yes">Annuler</button></p>
    </form>`;
};
