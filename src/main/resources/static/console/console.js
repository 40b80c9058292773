// What the pages do by themselves: look again while they are seen, switch themes, ask before what
// cannot be undone, copy. Everything else is the server's.
'use strict';

const EVERY = 10_000;
// What somebody waits for.
const OFTEN = 1_500;

let isLive = true;

// What somebody is typing would be gone.
function isTypedInto(part) {
  return [...part.querySelectorAll('input:not([type=hidden]):not([type=checkbox])')].some(
    (field) => field === document.activeElement || field.value !== field.defaultValue,
  );
}

function lookAgain(which) {
  if (isLive && !document.hidden) {
    document.querySelectorAll(which).forEach((part) => {
      if (!isTypedInto(part)) {
        htmx.trigger(part, 'look');
      }
    });
  }
}

const lookAtAll = () => lookAgain('[data-live]');
setInterval(lookAtAll, EVERY);
setInterval(() => lookAgain('[data-live=often]'), OFTEN);
document.addEventListener('visibilitychange', lookAtAll);

// A chart's table, or a list that somebody opened, stays open when its page is shown anew.
let opened = new Set();
document.addEventListener('htmx:beforeSwap', () => {
  opened = new Set([...document.querySelectorAll('details[open][id]')].map((part) => part.id));
});

function afterShown() {
  for (const id of opened) {
    document.getElementById(id)?.setAttribute('open', '');
  }
  showLive();
}

document.addEventListener('htmx:afterSettle', () => {
  document.body.classList.remove('stale');
  afterShown();
});

for (const trouble of ['htmx:responseError', 'htmx:sendError', 'htmx:timeout']) {
  document.addEventListener(trouble, () => document.body.classList.add('stale'));
}

function showLive() {
  document.body.classList.toggle('still', !isLive);
  document.querySelectorAll('[data-live-switch]').forEach((button) => {
    button.textContent = isLive ? 'Pause' : 'Go on';
    button.setAttribute('aria-label', isLive ? 'Pause updates' : 'Go on with updates');
  });
}

const THEMES = ['auto', 'light', 'dark'];

function currentTheme() {
  return document.documentElement.dataset.theme ?? 'auto';
}

function showTheme() {
  document.querySelectorAll('[data-theme-switch]').forEach((button) => {
    button.textContent = '◐ ' + currentTheme();
    button.setAttribute('aria-label', 'Theme: ' + currentTheme());
  });
}

function nextTheme() {
  const next = THEMES[(THEMES.indexOf(currentTheme()) + 1) % THEMES.length];
  if (next === 'auto') {
    delete document.documentElement.dataset.theme;
    localStorage.removeItem('theme');
  } else {
    document.documentElement.dataset.theme = next;
    localStorage.setItem('theme', next);
  }
  showTheme();
}

// By plain http from another machine a browser gives no page its clipboard; the older way works there.
async function copied(text) {
  if (navigator.clipboard) {
    return navigator.clipboard.writeText(text).then(() => true, () => false);
  }
  const field = document.createElement('textarea');
  field.value = text;
  field.className = 'sr';
  document.body.append(field);
  field.select();
  const isCopied = document.execCommand('copy');
  field.remove();
  return isCopied;
}

async function copy(button) {
  const before = button.textContent;
  button.textContent = (await copied(button.dataset.copy)) ? 'Copied' : 'Copy it by hand';
  setTimeout(() => (button.textContent = before), 2000);
}

// In a narrow window the navigation is a line that is longer than the window.
function showWhereWeAre() {
  const here = document.querySelector('.side nav [aria-current]');
  const line = here?.closest('nav');
  if (line) {
    const [place, whole] = [here.getBoundingClientRect(), line.getBoundingClientRect()];
    line.scrollLeft += place.left - whole.left - (whole.width - place.width) / 2;
  }
}

document.addEventListener('click', (event) => {
  const button = event.target.closest('button');
  if (button?.matches('[data-theme-switch]')) {
    nextTheme();
  } else if (button?.matches('[data-live-switch]')) {
    isLive = !isLive;
    showLive();
    lookAtAll();
  } else if (button?.matches('[data-copy]')) {
    copy(button);
  }
});

document.addEventListener('change', (event) => {
  const all = event.target.closest('[data-check-all]');
  if (all) {
    all.closest('form').querySelectorAll('input[type=checkbox][name=id]').forEach((box) => (box.checked = all.checked));
  }
});

document.addEventListener('submit', (event) => {
  const question = event.submitter?.dataset.ask;
  if (question && !confirm(question)) {
    event.preventDefault();
  }
});

showTheme();
showLive();
showWhereWeAre();
