package kernel

import (
	"crypto/sha256"
	"sync"
)

// remembered is how many signatures are kept at least; twice as many at most.
const remembered = 1 << 16

// replays remembers the signatures of the messages that arrived last. A header holds an id and a date,
// so two honest messages never have the same one. What is older than what is remembered could be sent
// again; whoever can record that many messages sits where the key is.
type replays struct {
	mu       sync.Mutex
	new, old map[[sha256.Size]byte]struct{}
}

// add remembers a signature and reports whether it was unknown.
func (r *replays) add(signature [sha256.Size]byte) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if _, ok := r.new[signature]; ok {
		return false
	}
	if _, ok := r.old[signature]; ok {
		return false
	}
	if r.new == nil || len(r.new) >= remembered {
		r.old, r.new = r.new, make(map[[sha256.Size]byte]struct{})
	}
	r.new[signature] = struct{}{}
	return true
}
