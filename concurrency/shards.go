package concurrency

import "sync"

// Shards are a map from numbers, in many parts. The parts are not only quicker: whoever uses a map with a lock is ordered by it with all who
// have used it before, so bookkeeping in one map for all threads would order what they do themselves, and hide their data races from
// the race detector. Numbers that follow each other are in different parts.
type shards [64]sync.Map

func (s *shards) of(n int64) *sync.Map { return &s[uint64(n)%uint64(len(s))] }

// Load returns what is there for n.
func (s *shards) Load(n int64) (any, bool) { return s.of(n).Load(n) }

// Store puts v there for n.
func (s *shards) Store(n int64, v any) { s.of(n).Store(n, v) }

// Delete takes away what is there for n.
func (s *shards) Delete(n int64) { s.of(n).Delete(n) }

// All calls f with everything.
func (s *shards) All(f func(v any)) {
	for i := range s {
		s[i].Range(func(_, v any) bool {
			f(v)
			return true
		})
	}
}
