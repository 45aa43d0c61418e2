package cluster

import (
	"encoding/json"
	"time"
)

// A workerBeat is what a worker says of itself, all the time, and at once when somebody asks.
type workerBeat struct {
	ID          string        `json:"id"`
	Name        string        `json:"name"`
	Host        string        `json:"host"`
	Pid         int           `json:"pid"`
	Version     Version       `json:"version"`
	Queue       string        `json:"queue"`
	Labels      []string      `json:"labels,omitempty"`
	Concurrency int           `json:"concurrency"`
	Room        int           `json:"room"` // for tasks, with those it has
	Running     int           `json:"running"`
	Done        uint64        `json:"done"`
	Failed      uint64        `json:"failed"`
	Died        uint64        `json:"died"`
	Rate        float64       `json:"rate"`
	Age         time.Duration `json:"age"`
	Lease       time.Duration `json:"lease"`
	Draining    bool          `json:"draining,omitempty"`
	Gone        bool          `json:"gone,omitempty"` // the last one
}

// A poolBeat is what a pool says of itself.
type poolBeat struct {
	ID    string        `json:"id"`
	Want  want          `json:"want"`
	Jobs  bool          `json:"jobs,omitempty"` // it has idempotent tasks
	Void  []uint64      `json:"void,omitempty"` // owners whose tasks are not to run any more
	Lease time.Duration `json:"lease"`
	Gone  bool          `json:"gone,omitempty"`
}

// beatJSON is a beat as it is sent.
func beatJSON(beat any) []byte {
	b, err := json.Marshal(beat)
	if err != nil {
		panic(err) // of strings and numbers
	}
	return b
}

// every returns how often to beat.
func every(lease time.Duration) time.Duration { return lease / 5 }
