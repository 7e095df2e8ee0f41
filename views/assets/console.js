/* global document */
// The queue by the keyboard: j and k change line, enter opens it, ? shows the keys. The page works without it.
const table = document.querySelector('[data-queue]');
const rows = [...(table?.querySelectorAll('tbody tr') ?? [])];
const typing = (target) => target.closest?.('input, textarea, select, [contenteditable]') !== null;

function goTo(row) {
  for (const one of rows) one.removeAttribute('aria-current');
  row.setAttribute('aria-current', 'true');
  row.querySelector('th a').focus();
}

document.addEventListener('keydown', (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  const at = rows.findIndex((row) => row.hasAttribute('aria-current'));
  if (event.key === 'j' || event.key === 'k') {
    // The first key shows where the keyboard stands; the next ones move.
    const isHere = rows[at]?.contains(document.activeElement);
    const to = isHere ? at + (event.key === 'j' ? 1 : -1) : at;
    if (rows[to] !== undefined) goTo(rows[to]);
  } else if (event.key === 'Enter' && document.activeElement === document.body) {
    rows[at]?.querySelector('th a').click();
  } else if (event.key === '?') {
    const help = document.querySelector('[data-keys]');
    if (help !== null) {
      help.open = !help.open;
      if (help.open) help.querySelector('summary').focus();
    }
  } else return;
  event.preventDefault();
});
