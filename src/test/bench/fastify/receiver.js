// The reference of the benchmark: checks a Popsee webhook's signature, inserts the event once, and
// answers 200 when PostgreSQL has committed it.
'use strict'

const { createHmac, timingSafeEqual } = require('node:crypto')
const { Pool } = require('pg')
const fastify = require('fastify')()

const secret = process.env.POPSEE_SECRET
const pool = new Pool({ connectionString: process.env.DATABASE_URL, max: Number(process.env.CONNECTIONS) })

function isSigned (signature, body) {
  const expected = Buffer.from('sha256=' + createHmac('sha256', secret).update(body).digest('hex'))
  const came = Buffer.from(signature ?? '')
  return came.length === expected.length && timingSafeEqual(came, expected)
}

// Raw: the signature is that of the bytes.
fastify.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body, done) => done(null, body))

fastify.post('/webhooks/popsee', async (request, reply) => {
  if (!isSigned(request.headers['x-popsee-signature'], request.body)) {
    return reply.code(401).send()
  }
  await pool.query({
    name: 'keep',
    text: 'INSERT INTO webhook (event_id, body) VALUES ($1, $2) ON CONFLICT (event_id) DO NOTHING',
    values: [JSON.parse(request.body).response.id, request.body]
  })
  return ''
})

async function start () {
  await pool.query('CREATE TABLE webhook (event_id TEXT PRIMARY KEY, body BYTEA NOT NULL, ' +
    'received_at TIMESTAMPTZ NOT NULL DEFAULT now())')
  await fastify.listen({ host: '127.0.0.1', port: Number(process.env.PORT) })
}

start()
