// SPDX-License-Identifier: Apache-2.0
// The peer: an ordinary Fastify + PostgreSQL server of good practice (pool, prepared statements, JSON schemas), written to
// do the work of linli's two hot routes. `node server.mjs --host /run/postgresql --database peer --port 9090 --processes 1`
import { createHash } from 'node:crypto'
import cluster from 'node:cluster'
import { parseArgs } from 'node:util'
import Fastify from 'fastify'
import pg from 'pg'

const { values } = parseArgs({ options: {
  database: { type: 'string', default: 'peer' }, port: { type: 'string', default: '9090' }, processes: { type: 'string', default: '1' },
  host: { type: 'string' } } })  // folder of PostgreSQL's socket
const processes = Number(values.processes)

if (processes > 1 && cluster.isPrimary) {
  for (let i = 0; i < processes; ++i) cluster.fork()
} else {
  pg.types.setTypeParser(20, text => text)  // int8 stays a decimal string, as in linli's answers
  const pool = new pg.Pool({ host: values.host, port: 5433, user: 'linli', database: values.database, max: Math.ceil(16 / processes) })
  const sessions = new Map()
  const app = Fastify()
  const sha256 = text => createHash('sha256').update(text).digest('hex')

  async function caller(request, reply) {
    const token = /linli_session=([^;]+)/.exec(request.headers.cookie ?? '')?.[1] ?? ''
    const digest = sha256(token)
    let one = sessions.get(digest)
    if (!one) {
      const { rows } = await pool.query({ name: 'session',
        text: 'SELECT account, community, county FROM session WHERE digest = $1', values: [digest] })
      one = rows[0]
      if (!one) return reply.code(401).send({ code: 'not_signed_in' })
      sessions.set(digest, one)
    }
    request.caller = one
  }

  const createSchema = { body: { type: 'object', additionalProperties: false, required: ['area', 'fields'], properties: {
    area: { type: 'string' },
    fields: { type: 'object', additionalProperties: false, required: ['category', 'description'], properties: {
      category: { type: 'string', maxLength: 60 }, description: { type: 'string', maxLength: 4000 },
      address: { type: 'string', maxLength: 200 }, phone: { type: 'string', maxLength: 20 } } } } } }

  app.post('/api/records/request', { schema: createSchema, preHandler: caller }, async (request, reply) => {
    const { area, fields } = request.body
    const { county, community, account } = request.caller
    const now = Date.now()
    const client = await pool.connect()
    try {
      await client.query('BEGIN')
      const { rows: [next] } = await client.query({ name: 'ids',
        text: "SELECT nextval('request_id') AS id, nextval('request_number') AS number" })
      const number = `SQ340504-20250508-${next.number.padStart(6, '0')}`
      const row = [county, next.id, number, area, 2, community, null, 'submitted', 1, now, account, now, account, 7,
        fields.category, fields.description, null, null, fields.address, 'time_limited', null, Buffer.from(fields.phone ?? ''), null]
      await client.query({ name: 'request', text: `INSERT INTO request VALUES (${row.map((_, i) => '$' + (i + 1))})`, values: row })
      await client.query({ name: 'history',
        text: 'INSERT INTO history VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)',
        values: [county, next.id, next.id, 1, now, account, 'create', 'submitted', JSON.stringify(fields)] })
      await client.query({ name: 'work', text: 'INSERT INTO work VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)',
        values: [county, next.id, number, fields.category, area, 2, community, 'submitted', 7, account, now + 14400000, now] })
      await client.query({ name: 'party', text: "INSERT INTO party VALUES ($1, $2, $3, 'lead')", values: [county, next.id, 7] })
      await client.query({ name: 'clock', text: "INSERT INTO clock VALUES ($1, $2, $3, 'accept', 'running', $4, $5, $6)",
        values: [county, next.id, next.id, now, now + 14400000, 14400000] })
      await client.query({ name: 'timer', text: 'INSERT INTO timer VALUES ($1, $2, $3, $4, 0)',
        values: [county, next.id, next.id, now + 14400000] })
      await client.query({ name: 'change',
        text: 'INSERT INTO change VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)',
        values: [county, next.id, now, account, 'request', next.id, 1, 'create', area, 'submitted',
          Object.keys(fields).join(), sha256(JSON.stringify(row))] })
      await client.query('COMMIT')
      return reply.code(201).send({ id: next.id, number, area: { id: area }, state: 'submitted', version: 1,
        created_at: new Date(now).toISOString(), fields })
    } catch (error) {
      await client.query('ROLLBACK')
      throw error
    } finally {
      client.release()
    }
  })

  // List 50 by area, state and time, with a keyset cursor and an index for each level: the query of a careful author. It
  // gives the answer that linli gives: names, title, deadline, field by field, with a schema so that it is written fast.
  const text = { type: 'string', nullable: true }
  const record = { type: 'object', properties: {
    id: text, kind: text, number: text, title: text, title_en: text,
    area: { type: 'object', properties: { id: text, name: text } }, place: text, state: text, version: { type: 'integer' },
    created_at: text, updated_at: text,
    unit: { type: 'object', nullable: true, properties: { id: text, name: text } },
    due_at: text, overdue: { type: 'boolean' }, urgent: { type: 'boolean' },
    fields: { type: 'object', properties: {
      category: text, description: text, compound: text, handling: text, urgent: { type: 'boolean', nullable: true } } },
    masked: { type: 'array', items: { type: 'string' } } } }
  const listSchema = { response: { 200: { type: 'object', properties: {
    records: { type: 'array', items: record }, next: text, count: { type: 'integer', nullable: true },
    count_capped: { type: 'boolean' } } } } }
  const titles = { lighting: ['路灯照明', 'Street lighting'] }
  const time = ms => ms === null ? null : new Date(Number(ms)).toISOString()

  app.get('/api/records/request', { schema: listSchema, preHandler: caller }, async request => {
    const { level, area, state, limit = 50, before, before_id } = request.query
    const { county } = request.caller
    // A city sees all counties of this database: then neither county nor area narrows the rows.
    const values = [state, before ?? '9223372036854775807', before_id ?? '9223372036854775807', Number(limit)]
    const narrow = { community: 'AND r.county = $5 AND r.community = $6', subdistrict: 'AND r.county = $5 AND r.subdistrict = $6',
      county: 'AND r.county = $5', city: '' }[level]
    if (level !== 'city') values.push(county)
    if (level === 'community' || level === 'subdistrict') values.push(area)
    const { rows } = await pool.query({ name: `list_${level}`, values, text: `
      SELECT r.id, r.number, r.area, a.name AS area_name, r.state, r.version, r.created_at, r.updated_at, r.unit,
             u.name AS unit_name, r.category, r.description, r.handling, r.urgent, w.due_at
        FROM request r JOIN area a ON a.id = r.area LEFT JOIN unit u ON u.id = r.unit
             LEFT JOIN work w ON w.county = r.county AND w.id = r.id
       WHERE r.state = $1 ${narrow} AND (r.created_at, r.id) < ($2, $3)
       ORDER BY r.created_at DESC, r.id DESC LIMIT $4` })
    const now = Date.now()
    const last = rows.at(-1)
    return { next: last ? `${last.created_at}.${last.id}` : null, count: null, count_capped: false, records: rows.map(row => ({
      id: row.id, kind: 'request', number: row.number, title: titles[row.category][0], title_en: titles[row.category][1],
      area: { id: row.area, name: row.area_name }, place: row.area_name, state: row.state, version: Number(row.version),
      created_at: time(row.created_at), updated_at: time(row.updated_at),
      unit: row.unit === null ? null : { id: row.unit, name: row.unit_name },
      due_at: time(row.due_at), overdue: row.due_at !== null && Number(row.due_at) < now, urgent: row.urgent === true,
      fields: { category: row.category, description: row.description, compound: null, handling: row.handling, urgent: row.urgent },
      masked: [] })) }
  })

  await app.listen({ port: Number(values.port), host: '127.0.0.1' })
}
