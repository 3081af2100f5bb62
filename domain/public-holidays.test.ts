import { describe, expect, it } from 'vitest'
import { holidayPlaces, publicHolidays } from './public-holidays.ts'

const dates = async (country: string, region: string | null, year: number) =>
  (await publicHolidays({ country, region }, [year])).map(({ date }) => date)

describe('public holidays', () => {
  it('are those of the country, and of the region where it has its own', async () => {
    expect(await dates('US', null, 2026)).toEqual(expect.arrayContaining(['2026-07-03', '2026-11-26', '2026-12-25']))
    expect(await dates('DE', null, 2026)).not.toContain('2026-01-06')
    expect(await dates('DE', 'BY', 2026)).toContain('2026-01-06')
    expect(await dates('DE', 'BY', 2027)).toContain('2027-03-26')
  })

  it('that last several days, or begin at sunset, are the dates that they fill', async () => {
    expect(await dates('IL', null, 2026)).toContain('2026-04-22')
    expect((await dates('TR', null, 2026)).filter((date) => date.startsWith('2026-05-2')).length).toBeGreaterThan(2)
  })

  it('of a place that is not known are refused by name', async () => {
    await expect(publicHolidays({ country: 'XX', region: null }, [2026])).rejects.toThrow('"XX"')
    await expect(publicHolidays({ country: 'DE', region: 'ZZ' }, [2026])).rejects.toThrow('"ZZ"')
  })

  it('can be chosen by name', async () => {
    expect(await holidayPlaces(null)).toContainEqual({ code: 'DE', name: 'Germany' })
    expect(await holidayPlaces('DE')).toContainEqual(expect.objectContaining({ code: 'BY' }))
  })
})
