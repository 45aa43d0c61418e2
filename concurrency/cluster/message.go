package cluster

import (
	"encoding/binary"
	"errors"
)

// A kind says what a message is.
type kind uint8

const (
	kindTask     kind = iota + 1 // to a worker, by a queue: a task
	kindCancel                   // to a worker: the context of a task ends; to a pool: it did before the task began
	kindKill                     // to a worker: the tasks of an owner end, with their processes
	kindAck                      // to a worker: results that the pool has
	kindBye                      // to a worker: the pool is gone
	kindTaken                    // to a pool: the worker has a task
	kindFull                     // to a pool: the worker has no room for a task
	kindOutput                   // to a pool: a task has printed
	kindResult                   // to a pool: what has come of a task
	kindFailure                  // to a pool: an error or a panic
	kindDeath                    // to a pool: the process of a task has died
	kindRefused                  // to a pool: the worker could not have the task run
	kindForgot                   // to a pool: the worker has dropped what it had of it
	kindProgress                 // to a pool: how far a task has come
)

// A message is all that pools and workers tell each other about tasks. Each kind uses some of the fields.
type message struct {
	kind    kind
	pool    string
	worker  string
	seq     uint64 // of the task in its pool
	owner   uint64 // of the task, as its pool counts them
	attempt uint64 // how many times it was delivered
	limit   uint64 // of attempts, 0 for a plain task
	pid     uint64
	name    string // of the function; of the stream; a cause
	def     []byte // of the function
	prefix  []byte // of the result
	data    []byte // argument, result, failure, text
	copies  bool   // the argument begins with them
	blob    blob   // where data is, if it is too large for a message
	seqs    []uint64
}

// A blob is data that is fetched in pieces.
type blob struct {
	id     string // "" if there is none
	length uint64
	sum    []byte // SHA-256
	stored bool   // in the server's object store, and not with who has sent the message
}

var errMessage = errors.New("cluster: something else than a task was sent to a subject of gobraid")

// append appends the message to b.
func (m *message) append(b []byte) []byte {
	b = append(b, byte(m.kind))
	for _, n := range [...]uint64{m.seq, m.owner, m.attempt, m.limit, m.pid, m.blob.length, one(m.blob.stored), one(m.copies)} {
		b = binary.AppendUvarint(b, n)
	}
	b = binary.AppendUvarint(b, uint64(len(m.seqs)))
	for _, n := range m.seqs {
		b = binary.AppendUvarint(b, n)
	}
	for _, s := range [...]string{m.pool, m.worker, m.name, m.blob.id} {
		b = append(binary.AppendUvarint(b, uint64(len(s))), s...)
	}
	for _, s := range [...][]byte{m.blob.sum, m.def, m.prefix, m.data} {
		b = append(binary.AppendUvarint(b, uint64(len(s))), s...)
	}
	return b
}

func one(b bool) uint64 {
	if b {
		return 1
	}
	return 0
}

// parse returns a message. It refers to b.
func parse(b []byte) (*message, error) {
	if len(b) == 0 || b[0] == 0 || kind(b[0]) > kindProgress {
		return nil, errMessage
	}
	m := &message{kind: kind(b[0])}
	r := reader{b[1:], nil}
	m.seq, m.owner, m.attempt, m.limit, m.pid = r.number(), r.number(), r.number(), r.number(), r.number()
	m.blob.length, m.blob.stored, m.copies = r.number(), r.number() != 0, r.number() != 0
	if n := r.number(); n > uint64(len(r.b)) {
		return nil, errMessage
	} else if n > 0 {
		m.seqs = make([]uint64, n)
		for i := range m.seqs {
			m.seqs[i] = r.number()
		}
	}
	m.pool, m.worker, m.name, m.blob.id = string(r.bytes()), string(r.bytes()), string(r.bytes()), string(r.bytes())
	m.blob.sum, m.def, m.prefix, m.data = r.bytes(), r.bytes(), r.bytes(), r.bytes()
	return m, r.err
}

type reader struct {
	b   []byte
	err error
}

func (r *reader) number() uint64 {
	n, k := binary.Uvarint(r.b)
	if k <= 0 {
		r.b, r.err = nil, errMessage
		return 0
	}
	r.b = r.b[k:]
	return n
}

func (r *reader) bytes() []byte {
	n := r.number()
	if n > uint64(len(r.b)) {
		r.b, r.err = nil, errMessage
		return nil
	}
	b := r.b[:n:n]
	r.b = r.b[n:]
	return b
}
