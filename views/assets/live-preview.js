/* global document, fetch, DOMParser, FormData, URLSearchParams, AbortController, clearTimeout, setTimeout */
// While an operator writes, the letter and what the tool will receive, beside the form, as the server writes them. What can
// be sent from here is what stands here: it goes away with the first letter that is typed. The page works without it.
const zone = document.querySelector('[data-live]');
const form = document.querySelector('#formulaire');
const summary = zone.querySelector('[role=status]');
const place = zone.querySelector('[data-live-here]');
const pause = 700;
let waiting;
let asked;

/** Said again only when it says something else: whoever listens hears of a change, not of each word. */
function say(text) {
  if (summary.textContent !== text) summary.textContent = text;
}

async function show() {
  asked = new AbortController();
  const { signal } = asked;
  try {
    const answer = await fetch(zone.dataset.live, {
      method: 'POST',
      body: new URLSearchParams(new FormData(form)),
      mode: 'same-origin',
      redirect: 'error',
      signal,
    });
    if (!answer.ok) {
      // Signed out, or not possible any more: the button says which, and keeps what was typed.
      form.removeEventListener('input', later);
      say(zone.dataset.liveEnded);
      return;
    }
    const read = new DOMParser().parseFromString(await answer.text(), 'text/html');
    if (signal.aborted) return;
    place.replaceChildren(...read.querySelectorAll('[data-live-content]'));
    say(read.querySelector('[data-live-summary]').textContent.trim());
  } catch {
    if (!signal.aborted) say(zone.dataset.liveFailed);
  }
}

function later() {
  clearTimeout(waiting);
  asked?.abort();
  place.replaceChildren();
  waiting = setTimeout(show, pause);
}

zone.hidden = false;
form.addEventListener('input', later);
if (form.checkValidity()) show();
