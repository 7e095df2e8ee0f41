/* global document, SimpleWebAuthnBrowser */
// Passkeys: asks the browser for one, or to make one, and posts what it answers. Without script, or without passkeys in the
// browser, nothing of it is shown: a code that is sent does the same.
const { browserSupportsWebAuthn, browserSupportsWebAuthnAutofill, startAuthentication, startRegistration } =
  SimpleWebAuthnBrowser;
const zone = document.querySelector('[data-passkey]');
const making = zone.dataset.passkey === 'make';
const failed = zone.querySelector('[data-failed]');

function send(answer) {
  const form = document.createElement('form');
  form.method = 'post';
  form.action = zone.dataset.action;
  const fields = { answer: JSON.stringify(answer), challenge: zone.dataset.challenge };
  for (const [name, value] of Object.entries(fields)) {
    const input = document.createElement('input');
    Object.assign(input, { type: 'hidden', name, value });
    form.append(input);
  }
  document.body.append(form);
  form.submit();
}

async function ask(useBrowserAutofill) {
  const optionsJSON = JSON.parse(zone.dataset.ask);
  try {
    send(
      making
        ? await startRegistration({ optionsJSON })
        : await startAuthentication({ optionsJSON, useBrowserAutofill }),
    );
  } catch (error) {
    // Nobody asked for what the browser offers beside the field; and a new question ends the former one.
    if (useBrowserAutofill || error.name === 'AbortError') return;
    failed.textContent = failed.dataset.failed;
    failed.hidden = false;
  }
}

if (browserSupportsWebAuthn()) {
  zone.hidden = false;
  zone.querySelector('button').addEventListener('click', () => {
    failed.hidden = true;
    void ask(false);
  });
  const field = document.querySelector('input[autocomplete~="webauthn"]');
  if (field !== null)
    void browserSupportsWebAuthnAutofill().then((supported) => (supported ? ask(true) : undefined));
}
