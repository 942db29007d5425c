// SPDX-License-Identifier: Apache-2.0
import { LineChart, type LineSeriesOption } from 'echarts/charts'
import { GridComponent, LegendComponent, TooltipComponent } from 'echarts/components'
import { init, use } from 'echarts/core'
import { SVGRenderer } from 'echarts/renderers'

use([LineChart, GridComponent, LegendComponent, TooltipComponent, SVGRenderer])

export interface Chart { show: (trend: { day: string, created: number, closed: number }[], names: { created: string, closed: string }) => void, fit: () => void, close: () => void }

/** A line chart in the colours of the page. Its tooltip is drawn, not written as markup, for the content security policy. */
export function drawTrend(box: HTMLElement): Chart {
  const chart = init(box, null, { renderer: 'svg' })
  return {
    show(trend, names) {
      const style = getComputedStyle(document.documentElement)
      const colour = (name: string) => style.getPropertyValue(name).trim()
      const text = { color: colour('--muted'), fontFamily: colour('--font') }
      const line = (name: string, values: number[], tone: string, filled: boolean): LineSeriesOption => ({
        name, type: 'line', data: values, showSymbol: false, lineStyle: { width: 2.5, color: tone }, itemStyle: { color: tone },
        areaStyle: filled ? { color: tone, opacity: 0.12 } : undefined,
      })
      chart.setOption({
        animationDuration: 300, textStyle: text, grid: { left: 8, right: 12, top: 36, bottom: 4, containLabel: true },
        legend: { top: 0, left: 0, textStyle: text, icon: 'roundRect', itemWidth: 14, itemHeight: 4 },
        tooltip: { trigger: 'axis', renderMode: 'richText', backgroundColor: colour('--raised'), borderColor: colour('--line'), textStyle: { color: colour('--text') } },
        xAxis: { type: 'category', boundaryGap: false, data: trend.map(one => one.day.slice(5)), axisLabel: text, axisTick: { show: false }, axisLine: { lineStyle: { color: colour('--line') } } },
        yAxis: { type: 'value', minInterval: 1, axisLabel: text, splitLine: { lineStyle: { color: colour('--line') } } },
        series: [line(names.created, trend.map(one => one.created), colour('--brand'), true), line(names.closed, trend.map(one => one.closed), colour('--warn-mark'), false)],
      }, true)
    },
    fit: () => chart.resize(),
    close: () => chart.dispose(),
  }
}
