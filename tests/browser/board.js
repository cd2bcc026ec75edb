// What the tests measure on a board, as functions of its root element; evaluated as one expression.
(() => {
  const box = (node) => node.getBoundingClientRect();
  const seen = (node) =>
    node.checkVisibility({ opacityProperty: true, visibilityProperty: true }) && box(node).width > 0;
  const shift = (node) =>
    node
      .getAttribute("transform")
      .match(/-?[\d.]+(e-?\d+)?/g)
      .map(Number);
  // Points of operators: the ridge and the ring of the selection are drawn in full.
  const dots = (root) =>
    [...root.querySelectorAll(".llmv-roofline .dot")].filter((dot) => getComputedStyle(dot).opacity < 1);
  const rings = (root) =>
    [...root.querySelectorAll(".llmv-roofline .dot")].filter((dot) => getComputedStyle(dot).strokeWidth === "2.5px");
  const bars = (root) => [...root.querySelectorAll(".llmv-latency rect.bar")];
  const figures = (root) => [...root.querySelectorAll(".bqplot")];
  const texts = (figure) =>
    [...figure.querySelectorAll("text")].filter((node) => node.textContent.trim() && seen(node));
  const meet = (a, b, x, y) =>
    Math.min(a.right, b.right) - Math.max(a.left, b.left) > x &&
    Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > y;

  const canvas = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
  // A colour of CSS over a ground, as the screen shows it.
  const over = (colour, ground, opacity = 1) => {
    canvas.globalAlpha = 1;
    canvas.fillStyle = `rgb(${ground})`;
    canvas.fillRect(0, 0, 1, 1);
    canvas.globalAlpha = opacity;
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3);
  };
  const ground = (node) => {
    const layers = [];
    for (let at = node; at; at = at.parentElement) layers.push(getComputedStyle(at).backgroundColor);
    return layers.reduceRight((below, layer) => over(layer, below), [255, 255, 255]);
  };
  const luminance = (rgb) => {
    const [r, g, b] = rgb.map((c) => (c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const contrast = (a, b) => {
    const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y);
    return (high + 0.05) / (low + 0.05);
  };
  const halo = (style) => style.paintOrder.startsWith("stroke") && parseFloat(style.strokeWidth) >= 2;

  return {
    dots: (root) => dots(root).map((dot) => shift(dot.parentElement).slice(0, 2)),
    rings: (root) => rings(root).length,
    bars: (root) => bars(root).map((bar) => box(bar).width),
    faded: (root) => bars(root).filter((bar) => getComputedStyle(bar).opacity < 1).length,
    rows: (root) => [...root.querySelectorAll(".llmv-table tbody tr")].map((row) => row.dataset.name),
    // Ticks of the roofline as [text, pixel], on the axis across (0) or up (1).
    ticks: (root, axis) =>
      [...root.querySelectorAll(".llmv-roofline .axis")][axis]
        ? [...[...root.querySelectorAll(".llmv-roofline .axis")][axis].querySelectorAll(".tick")].map((tick) => [
            tick.querySelector("text").textContent,
            shift(tick)[axis],
          ])
        : [],
    // The middle of a point, for the mouse; the one farthest to the left lies free.
    leftmost: (root) => {
      const first = dots(root)
        .map(box)
        .sort((a, b) => a.left - b.left)[0];
      return [first.left + first.width / 2, first.top + first.height / 2];
    },
    // Texts of a figure that lie over each other; a box has room above and below its letters, hence the margin.
    overprinted: (root) =>
      figures(root).flatMap((figure) => {
        const found = texts(figure).map((node) => [node.textContent, box(node)]);
        return found.flatMap(([text, a], i) =>
          found
            .slice(i + 1)
            .filter(([, b]) => meet(a, b, 1, 3))
            .map(([other]) => `${text} | ${other}`),
        );
      }),
    // Texts that a figure cuts off: outside of it, or outside of the plot that clips its marks.
    cut: (root) =>
      figures(root).flatMap((figure) =>
        texts(figure)
          .filter((node) => {
            const plot = node.closest("[clip-path]") ? figure.querySelector(".plotarea_events") : figure;
            const [inner, outer] = [box(node), box(plot)];
            return (
              inner.left < outer.left - 1 ||
              inner.right > outer.right + 1 ||
              inner.top < outer.top - 2 ||
              inner.bottom > outer.bottom + 2
            );
          })
          .map((node) => node.textContent),
      ),
    // Names of segments that do not stand in the middle of a bar.
    astray: (root) =>
      [...root.querySelectorAll(".llmv-latency text.label")]
        .filter(seen)
        .filter((node) => {
          const middle = box(node).top + box(node).height / 2;
          return !bars(root).some((bar) => Math.abs(box(bar).top + box(bar).height / 2 - middle) < 4);
        })
        .map((node) => node.textContent),
    // Elements that stick out of the board, and boxes that scroll or cut their content sideways.
    wide: (root) => {
      const edge = box(root).right + 1;
      const nodes = [root, ...root.querySelectorAll("*")].filter((node) => node instanceof HTMLElement && seen(node));
      return nodes
        .filter(
          (node) =>
            !node.closest(".bqplot") &&
            (box(node).right > edge ||
              (getComputedStyle(node).overflowX !== "visible" && node.scrollWidth > node.clientWidth + 1)),
        )
        .map((node) => `${node.tagName}.${node.className} ${node.scrollWidth} > ${node.clientWidth}`);
    },
    // Texts whose contrast with what lies under them is below a limit, each with its contrast and colour.
    faint: (root, limit) => {
      const inFigures = figures(root).flatMap((figure) =>
        texts(figure).map((node) => {
          const style = getComputedStyle(node);
          const below = halo(style)
            ? []
            : [...bars(root), ...dots(root)].filter((mark) => {
                const [a, b] = [box(mark), box(node)];
                return mark.matches(".bar") ? meet(a, b, 3, 3) : meet(a, b, 3, 6);
              });
          const paper = ground(figure);
          const grounds = below.map((mark) => {
            const paint = getComputedStyle(mark);
            return paint.fill === "none" ? paper : over(paint.fill, paper, Number(paint.opacity));
          });
          const all = style.fill && grounds.length && node.closest(".llmv-latency") ? grounds : [paper, ...grounds];
          return [node, style.fill, all];
        }),
      );
      const plain = [...root.querySelectorAll("*")]
        .filter(
          (node) =>
            node instanceof HTMLElement &&
            seen(node) &&
            [...node.childNodes].some((child) => child.nodeType === 3 && child.textContent.trim()) &&
            !node.matches("option, style, script, .llmv-mark, .llmv-key b, [disabled]"),
        )
        .map((node) => [node, getComputedStyle(node).color, [ground(node)]]);
      return [...inFigures, ...plain].flatMap(([node, colour, grounds]) => {
        const worst = Math.min(...grounds.map((below) => contrast(over(colour, below), below)));
        return worst < limit ? [`${node.textContent.trim().slice(0, 40)}: ${worst.toFixed(2)} (${colour})`] : [];
      });
    },
    orange: (root) =>
      figures(root)
        .flatMap((figure) => texts(figure).filter((node) => getComputedStyle(node).fill === "rgb(255, 165, 0)"))
        .map((node) => node.textContent),
  };
})();
