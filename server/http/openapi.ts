import { OpenAPIGenerator } from '@orpc/openapi'
import { ZodToJsonSchemaConverter } from '@orpc/zod/zod4'
import { restContract } from '../../domain/rest/contract.ts'
import { protocolVersion } from '../../domain/wire/protocol-version.ts'

/** The OpenAPI document, generated from the schemas that also validate: it cannot disagree with the server. */
export function generateOpenApi(): Promise<object> {
  const generator = new OpenAPIGenerator({ schemaConverters: [new ZodToJsonSchemaConverter()] })
  return generator.generate(restContract, {
    info: {
      title: 'QuoteDesk',
      version: String(protocolVersion),
      description:
        'Quotes of a sales team. The sync log and snapshots (NDJSON) and the live link stand in PROTOCOL.md.',
    },
    components: { securitySchemes: { bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } } },
    security: [{ bearer: [] }],
  })
}
