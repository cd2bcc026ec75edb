// Notes when a key went down and when the last mark of a board changed after it, on one clock.
(() => {
  const now = () => performance.timeOrigin + performance.now();
  const marks = '.llmv .bqplot, .llmv-table tbody';
  window.bench = { key: 0, last: 0, changes: 0 };
  window.addEventListener('keydown', (event) => { window.bench = { key: performance.timeOrigin + event.timeStamp, last: 0, changes: 0 }; }, true);
  const observer = new MutationObserver((records) => {
    const touched = records.filter((record) => (record.target.closest ?? record.target.parentElement?.closest)?.call(record.target.closest ? record.target : record.target.parentElement, marks));
    if (touched.length) { window.bench.last = now(); window.bench.changes += touched.length; }
  });
  document.addEventListener('DOMContentLoaded', () => observer.observe(document.body, { subtree: true, childList: true, attributes: true, characterData: true }));
})();
