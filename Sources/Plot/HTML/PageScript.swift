/// The parts of a page that are the same for every figure.
enum PageScript {
    /// How the page looks.
    static func style(_ theme: Theme) -> String {
        """
        body { margin: 0; background: \(theme.colour(.background).hex); color: \(theme.colour(.text).hex);
          font: 13px system-ui, -apple-system, "Segoe UI", "Noto Sans", Helvetica, Arial, sans-serif; }
        main { position: relative; margin: 0 auto; width: fit-content; max-width: 100%; }
        svg { display: block; max-width: 100%; height: auto; cursor: crosshair; user-select: none; }
        svg text { pointer-events: none; }
        [data-legend] { cursor: pointer; }
        svg text[data-legend] { pointer-events: auto; }
        .off { opacity: 0.3; }
        #tip { position: absolute; display: none; pointer-events: none; padding: 7px 10px; border-radius: 5px;
          background: \(theme.colour(.background).hex); border: 1px solid \(theme.colour(.axis).hex);
          box-shadow: 0 2px 10px rgba(0, 0, 0, 0.15); font-size: 12px; line-height: 1.5; white-space: nowrap; }
        #tip b { font-weight: 600; }
        #tip i { display: inline-block; width: 12px; height: 3px; margin: 0 7px 3px 0; border-radius: 2px; }
        p { margin: 4px 24px 20px; text-align: center; color: \(theme.colour(.quiet).hex); }

        """
    }

    /// What the page does: reads values, looks closer, hides series.
    static let script = """
        'use strict';
        const data = JSON.parse(document.getElementById('data').textContent);
        const svg = document.querySelector('svg'), tip = document.getElementById('tip');
        const all = query => [...svg.querySelectorAll(query)];
        const states = ['', 'watch', 'warning', 'distress', 'critical', 'severe'];
        const hidden = new Set();
        let from = data.from, to = data.to;

        function element(name, attributes, parent, before) {
          const made = document.createElementNS('http://www.w3.org/2000/svg', name);
          for (const key in attributes) made.setAttribute(key, attributes[key]);
          parent.insertBefore(made, before || null);
          return made;
        }
        const panelOf = [];
        data.panels.forEach((panel, index) => {
          panel.series.forEach(series => { panelOf[series] = panel; });
          const clip = element('clipPath', { id: 'clip' + index }, svg, svg.firstChild);
          element('rect', { x: data.left - 3, y: panel.top - 4, width: data.right - data.left + 6,
            height: panel.bottom - panel.top + 8 }, clip);
          panel.series.forEach(series => all('[data-series="' + series + '"]').forEach(path =>
            path.setAttribute('clip-path', 'url(#clip' + index + ')')));
        });
        const firstGrid = svg.querySelector('path.grid');
        const grid = element('g', {}, svg, firstGrid), words = element('g', {}, svg);
        const over = element('g', { 'pointer-events': 'none' }, svg);

        const X = x => data.left + (x - from) / (to - from) * (data.right - data.left);
        function Y(panel, value) {
          const at = panel.rows.length ? panel.rows.indexOf(value) : value;
          return panel.bottom - (at - panel.low) / (panel.high - panel.low) * (panel.bottom - panel.top);
        }
        const near = number => Math.round(Math.max(-1e5, Math.min(1e5, number)) * 100) / 100;

        // Times: whole seconds and nanoseconds apart, so that both are exact.
        function moment(x, decimals) {
          if (!data.time) return ['', (data.base + x).toLocaleString('en-US')];
          const seconds = Math.floor(x / 1e9), rest = Math.floor(x - seconds * 1e9);
          const text = new Date((data.base + seconds) * 1000).toISOString();
          const behind = decimals ? '.' + String(rest).padStart(9, '0').slice(0, decimals) : '';
          return [text.slice(0, -14), text.slice(-13, -5) + behind];
        }
        const months = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');
        function ticks() {
          const span = to - from, room = (data.right - data.left) / 100, made = [];
          if (!data.time) {
            let step = 1;
            for (let power = 1; span / step > room; power *= 10) {
              for (const factor of [1, 2, 5]) if (span / step > room) step = power * factor;
            }
            for (let x = Math.ceil((data.base + from) / step) * step - data.base; x <= to; x += step) {
              made.push([x, moment(x)[1], '']);
            }
            return made;
          }
          const steps = [];
          for (let power = 1; power < 1e9; power *= 10) steps.push(power, power * 2, power * 5);
          for (const seconds of [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200,
            86400, 172800, 604800]) steps.push(seconds * 1e9);
          const step = steps.find(step => span / step <= room);
          if (!step) {
            const count = [1, 3, 6, 12, 24, 60, 120, 240, 600].find(c => span / (c * 2.63e15) <= room) || 1200;
            const first = new Date((data.base + from / 1e9) * 1000);
            let month = Math.floor((first.getUTCFullYear() * 12 + first.getUTCMonth()) / count) * count;
            for (let tries = 0; tries < 1000; tries++, month += count) {
              const x = (Date.UTC(Math.floor(month / 12), month % 12, 1) / 1000 - data.base) * 1e9;
              if (x > to) break;
              const year = String(Math.floor(month / 12));
              if (x >= from) made.push(count < 12 ? [x, months[month % 12], year] : [x, year, '']);
            }
            return made;
          }
          const decimals = step < 1e9 ? 9 - Math.floor(Math.log10(step) + 1e-9) : 0;
          const unit = step / 1e9, origin = unit === 604800 ? 345600 : 0;
          let x = step < 1e9 ? Math.ceil(from / step) * step
            : (Math.ceil((data.base + from / 1e9 - origin) / unit) * unit + origin - data.base) * 1e9;
          for (; x <= to; x += step) {
            const [date, clock] = moment(x, decimals);
            if (unit >= 86400) {
              made.push([x, months[+date.slice(-5, -3) - 1] + ' ' + +date.slice(-2), date.slice(0, -6)]);
            } else {
              made.push([x, unit >= 60 ? clock.slice(0, 5) : clock, date]);
            }
          }
          return made;
        }

        function drawTime() {
          all('[data-time]').forEach(old => old.remove());
          grid.replaceChildren();
          words.replaceChildren();
          const last = data.panels[data.panels.length - 1];
          let date = '', free = -Infinity;
          for (const [x, label, below] of ticks()) {
            const at = Math.floor(X(x)) + 0.5;
            for (const panel of data.panels) {
              element('path', { d: 'M' + at + ' ' + panel.top + 'V' + panel.bottom, stroke: data.colours.grid }, grid);
            }
            const put = (text, y, fill) => element('text', { x: at, y: near(last.bottom + y + 4), 'font-size': 11.5,
              'text-anchor': 'middle', fill: fill }, words).append(text);
            put(label, data.labelDepth, data.colours.text);
            if (below !== date && at - 35 > free && at + 70 < data.right) {
              put(below, data.dateDepth, data.colours.quiet);
              free = at + 45;
            }
            date = below;
          }
        }

        // Points of a run that are seen, and one more at each side.
        function seen(run) {
          let low = 0, high = run.length;
          while (low + 2 < run.length && run[low + 2] < from) low += 2;
          while (high - 4 >= 0 && run[high - 4] > to) high -= 2;
          return [low, high];
        }
        function drawSeries(series, index) {
          const panel = panelOf[index], lines = [], bars = [], dots = [];
          let count = 0;
          for (const run of series.runs) {
            if (run[run.length - 2] < from || run[0] > to) continue;
            const [low, high] = seen(run);
            count += (high - low) / 2;
            if (!series.labels.length) {
              let line = '';
              for (let i = low; i < high; i += 2) {
                const spot = near(X(run[i])) + ' ' + near(Y(panel, run[i + 1]));
                line += (i > low ? ' ' : 'M') + spot;
                dots.push([spot, high - low === 2]);
              }
              lines.push(line);
              continue;
            }
            for (let i = low, start = low; i < high; i += 2) {
              const isLast = i === high - 2;
              if (!isLast && run[i + 3] === run[start + 1]) continue;
              const next = isLast ? i : i + 2, y = near(Y(panel, run[start + 1]));
              const left = near(X(run[start])), right = near(X(run[next]));
              bars.push('M' + left + ' ' + y + 'H' + Math.max(right, left + 1.5));
              if (!isLast) lines.push('M' + right + ' ' + y + 'V' + near(Y(panel, run[next + 1])));
              start = next;
            }
          }
          const isSparse = count * 9 < data.right - data.left;
          const draw = (kind, pieces, style) => {
            let path = svg.querySelector('path.' + kind + '[data-series="' + index + '"]');
            if (!path && pieces.length) {
              path = element('path', { class: kind, 'data-series': index, fill: 'none', stroke: series.colour,
                'stroke-width': style, 'stroke-linecap': 'round',
                'clip-path': 'url(#clip' + data.panels.indexOf(panel) + ')' }, svg, over);
            }
            if (path) path.setAttribute('d', pieces.join(''));
          };
          draw('line', lines, 1.5);
          draw('bar', bars, 10);
          draw('marker', dots.filter(dot => isSparse || dot[1]).map(dot => 'M' + dot[0] + 'h0'), 4);
          for (const state of new Set(series.alarms.filter((_, i) => i % 3 === 2))) {
            const path = all('path.alarm[data-series="' + index + '"]')[series.states.indexOf(state)];
            const spots = [];
            for (let i = 0; i < series.alarms.length; i += 3) {
              const x = series.alarms[i];
              if (series.alarms[i + 2] !== state || x < from || x > to) continue;
              spots.push('M' + near(X(x)) + ' ' + near(Y(panel, series.alarms[i + 1])) + 'h0');
            }
            if (path) path.setAttribute('d', spots.join(''));
          }
        }
        function draw() {
          drawTime();
          data.panels.forEach((panel, index) => all('[data-gaps="' + index + '"]').forEach((band, number) => {
            const gap = panel.gaps[number];
            const left = Math.max(data.left, X(gap[0])), right = Math.min(data.right, X(gap[1]));
            const width = gap[1] < from || gap[0] > to ? 0 : Math.max(1, right - left);
            band.setAttribute('x', near(left));
            band.setAttribute('width', near(width));
          }));
          data.series.forEach(drawSeries);
        }

        // The value of a series that is nearest to a place, and no more than 40 pixels away.
        function nearest(series, x) {
          let best = null, distance = 40 / (data.right - data.left) * (to - from);
          for (const run of series.runs) {
            if (run[0] > x + distance || run[run.length - 2] < x - distance) continue;
            let low = 0, high = run.length / 2 - 1;
            while (low < high) {
              const middle = (low + high) >> 1;
              if (run[middle * 2] < x) low = middle + 1; else high = middle;
            }
            for (const i of [low - 1, low]) {
              if (i >= 0 && Math.abs(run[i * 2] - x) <= distance) {
                distance = Math.abs(run[i * 2] - x);
                best = [run[i * 2], run[i * 2 + 1]];
              }
            }
          }
          return best;
        }
        function alarm(series, [x, value]) {
          for (let i = 0; i < series.alarms.length; i += 3) {
            if (series.alarms[i] === x && series.alarms[i + 1] === value) return states[series.alarms[i + 2]];
          }
          return '';
        }
        function place(event) {
          const box = svg.getBoundingClientRect(), scale = svg.viewBox.baseVal.width / box.width;
          return [(event.clientX - box.left) * scale, (event.clientY - box.top) * scale, box, scale];
        }
        let start = null, band = null;
        function hover(event) {
          const [px, py, box, scale] = place(event);
          over.replaceChildren();
          tip.style.display = 'none';
          if (start !== null) {
            const left = Math.max(data.left, Math.min(start, px)), right = Math.min(data.right, Math.max(start, px));
            for (const panel of data.panels) {
              element('rect', { x: left, y: panel.top, width: Math.max(0, right - left),
                height: panel.bottom - panel.top, fill: data.colours.quiet, 'fill-opacity': 0.2 }, over);
            }
            return;
          }
          if (px < data.left || px > data.right) return;
          const x = from + (px - data.left) / (data.right - data.left) * (to - from);
          const rows = [];
          let at = null;
          data.series.forEach((series, index) => {
            const found = hidden.has(index) ? null : nearest(series, x);
            if (!found) return;
            if (at === null || Math.abs(found[0] - x) < Math.abs(at - x)) at = found[0];
            rows.push([series, index, found]);
          });
          if (at === null) return;
          for (const panel of data.panels) {
            element('path', { d: 'M' + near(X(at)) + ' ' + panel.top + 'V' + panel.bottom,
              stroke: data.colours.quiet, 'stroke-width': 0.75 }, over);
          }
          tip.replaceChildren();
          const head = document.createElement('div');
          head.append(data.time ? moment(at, 3).join(' ') + ' UTC' : 'packet ' + moment(at)[1]);
          tip.append(head);
          for (const [series, index, found] of rows) {
            element('circle', { cx: near(X(found[0])), cy: near(Y(panelOf[index], found[1])), r: 4,
              fill: series.colour, stroke: data.colours.background, 'stroke-width': 1.5 }, over);
            const row = document.createElement('div'), swatch = document.createElement('i');
            const value = document.createElement('b');
            swatch.style.background = series.colour;
            value.append(series.labels.length ? series.labels[found[1]] : String(+found[1].toPrecision(9)));
            const state = alarm(series, found);
            row.append(swatch, series.name + '  ', value, ' ' + series.unit + (state ? ' · ' + state : ''));
            tip.append(row);
          }
          tip.style.display = 'block';
          const left = (px / scale) + 16, width = tip.offsetWidth;
          tip.style.left = (left + width > box.width ? left - width - 32 : left) + 'px';
          tip.style.top = Math.max(0, Math.min(py / scale + 12, box.height - tip.offsetHeight)) + 'px';
        }
        svg.addEventListener('mousemove', hover);
        svg.addEventListener('mouseleave', () => { if (start === null) { over.replaceChildren(); tip.style.display = 'none'; } });
        svg.addEventListener('mousedown', event => {
          const [px, py] = place(event);
          const isInside = data.panels.some(panel => py >= panel.top && py <= panel.bottom);
          if (event.button === 0 && isInside && px >= data.left && px <= data.right) start = px;
        });
        window.addEventListener('mouseup', event => {
          if (start === null) return;
          const end = Math.max(data.left, Math.min(data.right, place(event)[0]));
          const [a, b] = [Math.min(start, end), Math.max(start, end)];
          start = null;
          over.replaceChildren();
          if (b - a < 5) return;
          const back = px => from + (px - data.left) / (data.right - data.left) * (to - from);
          const [low, high] = [back(a), back(b)];
          if (high - low < 10) return;
          [from, to] = [low, high];
          draw();
        });
        svg.addEventListener('dblclick', () => {
          [from, to] = [data.from, data.to];
          draw();
        });
        all('[data-legend]').forEach(entry => entry.addEventListener('click', () => {
          const index = +entry.dataset.legend;
          if (!hidden.delete(index)) hidden.add(index);
          all('[data-legend="' + index + '"]').forEach(mark => mark.classList.toggle('off', hidden.has(index)));
          all('[data-series="' + index + '"]').forEach(mark => {
            mark.style.display = hidden.has(index) ? 'none' : '';
          });
        }));
        data.series.forEach(series => {
          series.states = [...new Set(series.alarms.filter((_, i) => i % 3 === 2))].sort();
        });

        """
}
