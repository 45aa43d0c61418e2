package cluster

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
)

// The subjects of a cluster. What a worker must have is part of the subject of a task, so that a worker never sees what it could not run:
// the same build, the queue that it serves, and the labels, as a hash of all of them.
const (
	prefix      = "gobraid."
	askSubject  = prefix + "ask" // workers answer with a beat
	poolBeats   = prefix + "pool."
	workerBeats = prefix + "worker."
)

// A want is what a pool wants of workers.
type want struct {
	Hash   string   `json:"hash"`
	Queue  string   `json:"queue"`
	Labels []string `json:"labels,omitempty"` // sorted
}

// subject returns the last parts of subjects for tasks that want w.
func (w want) subject() string { return w.Hash + "." + token(w.Queue) + "." + labelsToken(w.Labels) }

func (w want) run() string                 { return prefix + "run." + w.subject() }
func (w want) room() string                { return prefix + "room." + w.subject() }
func (w want) job(pool string) string      { return prefix + "job." + w.subject() + "." + pool }
func (w want) consumer() string            { return strings.ReplaceAll(w.subject(), ".", "-") }
func (w want) dead() string                { return prefix + "dead." + w.subject() }
func doneSubject(pool string) string       { return prefix + "done." + pool }
func to(id string) string                  { return prefix + "to." + id }
func replySubject(pool, seq string) string { return to(pool) + ".r." + seq }

// token returns a name as one part of a subject.
func token(name string) string {
	if name == "" {
		return "-"
	}
	for _, c := range []byte(name) {
		if (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') && c != '_' {
			return short("name " + name)
		}
	}
	return name
}

func labelsToken(labels []string) string {
	if len(labels) == 0 {
		return "any"
	}
	return short(strings.Join(labels, "\x00"))
}

func short(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:6])
}

// normal returns labels sorted, each once.
func normal(labels []string) []string {
	out := slices.Clone(labels)
	slices.Sort(out)
	return slices.Compact(out)
}

// fits reports whether a worker has what is wanted, and what is missing otherwise.
func (w want) fits(v Version, queue string, labels []string) (missing string) {
	switch {
	case w.Hash != v.Hash:
		return "has " + v.String()
	case w.Queue != queue:
		return "serves the queue " + quoted(queue)
	}
	for _, l := range w.Labels {
		if !slices.Contains(labels, l) {
			return "has not the label " + l
		}
	}
	return ""
}

func quoted(queue string) string {
	if queue == "" {
		return "without a name"
	}
	return queue
}
