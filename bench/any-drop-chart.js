/** Where the bars stand, in pixels. */
const frame = { width: 760, height: 400, left: 52, right: 744, top: 96, bottom: 316 }
const highest = 0.6
const barWidth = 30
const limit = 0.05

/** Both colour schemes bring their own background: a page may differ from the reader's system. */
const style = `
  text { font: 13px system-ui, -apple-system, 'Segoe UI', Helvetica, Arial, sans-serif; fill: #1f2328 }
  .title { font-size: 17px; font-weight: 600 }
  .small { font-size: 12px; fill: #59636e }
  .mid { text-anchor: middle }
  .end { text-anchor: end }
  .ground { fill: #ffffff; stroke: #d1d9e0 }
  .grid { stroke: #d1d9e0 }
  .naive { fill: #bc4c00 }
  .ours { fill: #0969da }
  .limit { stroke: #1f2328; stroke-width: 1.5; stroke-dasharray: 5 4 }
  @media (prefers-color-scheme: dark) {
    text { fill: #f0f6fc }
    .small { fill: #9198a1 }
    .ground { fill: #0d1117; stroke: #3d444d }
    .grid { stroke: #3d444d }
    .naive { fill: #f0883e }
    .ours { fill: #4493f8 }
    .limit { stroke: #f0f6fc }
  }`

/** How often an agent fails that nobody changed: by "any drop", and by the gate. */
export function anyDropChart(figures) {
  const own = figures.filter((one) => one.suite === 'mixed' && one.scenario === 'unchanged')
  const ours = own.filter((one) => one.rule === 'regression')
  const naive = own.filter((one) => one.rule === 'anyDrop')
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${frame.width} ${frame.height}" role="img" aria-labelledby="title desc">
  <title id="title">How often a gate fails an agent that nobody changed</title>
  <desc id="desc">${description(naive, ours)}</desc>
  <style>${style}
  </style>
  <rect class="ground" x="0.5" y="0.5" width="${frame.width - 1}" height="${frame.height - 1}" rx="6"/>
  <text class="title" x="20" y="32">How often a gate fails an agent that nobody changed</text>
  ${legend()}
  ${[0.2, 0.4, 0.6].map(gridLine).join('\n  ')}
  ${naive.map((one, index) => bar(one, index, 'naive')).join('\n  ')}
  ${ours.map((one, index) => bar(one, index, 'ours')).join('\n  ')}
  ${limitLine()}
  <line class="grid" x1="${frame.left}" x2="${frame.right}" y1="${frame.bottom}" y2="${frame.bottom}"/>
  ${ours.map((one, index) => trialsLabel(one, index)).join('\n  ')}
  ${casesLabels(ours).join('\n  ')}
  ${footnote(ours)}
</svg>
`
}

function legend() {
  const entry = (x, name, text) =>
    `<rect class="${name}" x="${x}" y="49" width="12" height="12"/><text x="${x + 18}" y="60">${text}</text>`
  return [
    entry(20, 'naive', 'fails at any drop of the success rate'),
    entry(290, 'ours', 'agent-eval: regression'),
  ].join('\n  ')
}

function gridLine(share) {
  const y = heightOf(share)
  return `<line class="grid" x1="${frame.left}" x2="${frame.right}" y1="${y}" y2="${y}"/><text class="small end" x="${frame.left - 8}" y="${y + 4}">${share * 100} %</text>`
}

function bar({ ours: { share } }, index, name) {
  const x = middleOf(index) + (name === 'naive' ? -barWidth - 1 : 1)
  const y = heightOf(share)
  const height = number(frame.bottom - y)
  const middle = number(x + barWidth / 2)
  // The label of a low bar stands above the line of the limit.
  const label = number(share < limit + 0.01 ? heightOf(limit) - 6 : y - 6)
  return `<rect class="${name}" x="${number(x)}" y="${y}" width="${barWidth}" height="${height}"/><text class="mid" x="${middle}" y="${label}">${percent(share)}</text>`
}

function limitLine() {
  const y = heightOf(limit)
  return `<line class="limit" x1="${frame.left}" x2="${frame.right}" y1="${y}" y2="${y}"/><text class="small end" x="${frame.left - 8}" y="${y + 4}">5 %</text>`
}

function trialsLabel({ trials }, index) {
  return `<text class="small mid" x="${number(middleOf(index))}" y="${frame.bottom + 18}">${trialsText(trials)}</text>`
}

function trialsText(trials) {
  return trials === 1 ? '1 trial' : `${trials} trials`
}

/** Three sizes of a suite, each with its three numbers of trials. */
function casesLabels(ours) {
  const sizes = [...new Set(ours.map(({ cases }) => cases))]
  return sizes.map((cases) => {
    const places = ours.flatMap((one, index) => (one.cases === cases ? [middleOf(index)] : []))
    const middle = places.reduce((sum, place) => sum + place, 0) / places.length
    return `<text class="mid" x="${number(middle)}" y="${frame.bottom + 40}">${cases} cases</text>`
  })
}

function footnote(ours) {
  const numbers = ours.map((one) => one.ours.comparisons)
  const [fewest, most] = [Math.min(...numbers), Math.max(...numbers)]
  const often = fewest === most ? `${most}` : `${fewest} to ${most}`
  return `<text class="small" x="20" y="${frame.height - 16}">Percent of ${often} simulated comparisons a bar; the agent passes 74 % of its trials; both sides run anew.</text>`
}

function description(naive, ours) {
  const pairs = ours.map(({ cases, trials, ours: { share } }, index) => {
    const other = percent(naive[index].ours.share)
    return `${cases} cases, ${trialsText(trials)}: ${other} % and ${percent(share)} %`
  })
  return `Share of unchanged agents that fail, by the rule "any drop" and by agent-eval. ${pairs.join('; ')}.`
}

function middleOf(index) {
  const step = (frame.right - frame.left) / 9
  return frame.left + step * (index + 0.5)
}

function heightOf(share) {
  return number(frame.bottom - (share / highest) * (frame.bottom - frame.top))
}

function number(value) {
  return Number(value.toFixed(1))
}

function percent(share) {
  return (share * 100).toFixed(share < 0.1 ? 1 : 0)
}
