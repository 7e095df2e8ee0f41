import { html } from '../html.ts';
import type { Html } from '../html.ts';
import type { BrokerError } from './broker-error.ts';
import type { BrowserSession } from './browser-sessions.ts';
import type { DemoToolDefinition } from './definitions.ts';
import { signedInPage } from './signed-in-page.ts';
import { errorSentence, reasonIn } from './words.ts';

export const toolListPage = (tools: readonly DemoToolDefinition[]): Html =>
  html`<h1>Trois outils pour essayer Maillon</h1>
    <p>
      Chacun demande à Maillon qui vous êtes, pour quelle organisation vous agissez, et si l’outil vous est
      ouvert.
    </p>
    <ul class="tools">
      ${tools.map(
        (tool) =>
          html`<li>
            <h2><a href="/${tool.id}/">${tool.name}</a></h2>
            <p>${tool.purpose}</p>
          </li>`,
      )}
    </ul>`;

const errorNotice = (error: BrokerError): Html => {
  const reason = reasonIn(error.error_description);
  return html`<div class="notice no">
    <p>${errorSentence(error.error, error.error_description)}</p>
    ${reason !== undefined && html`<p>Motif : ${reason}.</p>`}
    <p class="soft">
      Pour l’équipe technique : <code>${error.error}</code>${
        error.error_description !== undefined && html` · <code>${error.error_description}</code>`
      }
    </p>
  </div>`;
};

const signedOutPage = (tool: DemoToolDefinition, session: BrowserSession | undefined): Html =>
  html`<h1>${tool.name}</h1>
    ${session?.error !== undefined && errorNotice(session.error)}
    ${session?.signedOut === true && html`<div class="notice"><p>Vous êtes déconnecté.</p></div>`}
    <p>${tool.purpose}</p>
    <p>Pour entrer, utilisez votre adresse professionnelle ou celle de votre association.</p>
    <p class="row">
      <a class="button" href="/${tool.id}/login">Se connecter</a><a href="/">Voir les autres outils</a>
    </p>`;

export const toolPage = (tool: DemoToolDefinition, session: BrowserSession | undefined): Html =>
  session?.signedIn === undefined
    ? signedOutPage(tool, session)
    : html`${session.error !== undefined && errorNotice(session.error)}${signedInPage(tool, session.signedIn)}`;

export const problemPage = (title: string, sentence: string, href: string): Html =>
  html`<h1>${title}</h1>
    <p>${sentence}</p>
    <p><a class="button" href="${href}">Revenir à l’outil</a></p>`;
