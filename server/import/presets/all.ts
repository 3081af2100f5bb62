import type { Preset } from '../preset.ts'
import { crmOpportunities } from './crm-opportunities.ts'

/** Every preset that `--preset` knows. */
export const presets: readonly Preset[] = [crmOpportunities]
