package cluster

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// Idempotent tasks go through streams, which the server keeps in files: they are there after it was started again. Tasks are in a work queue,
// from which a task goes when its result is in the stream of results; that is a work queue too, from which a result goes when the pool has it.
// So a result is there when the pool's connection was lost meanwhile; an inbox that is kept, which NATS has not, would be no more than that stream.
const (
	jobStream   = "GOBRAID_JOBS"
	doneStream  = "GOBRAID_DONE"
	deadStream  = "GOBRAID_DEAD"
	blobBucket  = "GOBRAID_BLOBS"
	keepJobs    = 24 * time.Hour // of a pool that has not come back
	keepDead    = 7 * 24 * time.Hour
	dedupWindow = 2 * time.Minute // in which a task that is published again is known; it is longer than any reconnect tries
)

// openStreams makes the streams, unless they are there.
func openStreams(ctx context.Context, js jetstream.JetStream) error {
	for _, c := range []jetstream.StreamConfig{
		{Name: jobStream, Subjects: []string{prefix + "job.>"}, Retention: jetstream.WorkQueuePolicy, MaxAge: keepJobs, Duplicates: dedupWindow},
		{Name: doneStream, Subjects: []string{prefix + "done.>"}, Retention: jetstream.WorkQueuePolicy, MaxAge: keepJobs, Duplicates: dedupWindow},
		{Name: deadStream, Subjects: []string{prefix + "dead.>"}, MaxAge: keepDead, MaxMsgs: 100_000, Discard: jetstream.DiscardOld},
	} {
		if _, err := js.CreateOrUpdateStream(ctx, c); err != nil {
			return streamError(err)
		}
	}
	return nil
}

// openBlobs returns the object store for what is too large for a message of a stream.
func openBlobs(ctx context.Context, js jetstream.JetStream) (jetstream.ObjectStore, error) {
	return js.CreateOrUpdateObjectStore(ctx, jetstream.ObjectStoreConfig{Bucket: blobBucket, TTL: keepJobs})
}

func streamError(err error) error {
	if errors.Is(err, jetstream.ErrJetStreamNotEnabled) || errors.Is(err, jetstream.ErrJetStreamNotEnabledForAccount) || errors.Is(err, nats.ErrNoResponders) {
		return fmt.Errorf("cluster: the server has no JetStream, which keeps idempotent functions: start it with -js, or use gobraid cluster: %w", err)
	}
	return fmt.Errorf("cluster: the streams for idempotent functions: %w", err)
}

// publish sends a message to a stream. What the server says of it comes to reply; id has it keep one only of those that are sent again.
func publish(conn *nats.Conn, subject, id, reply string, data []byte) error {
	msg := nats.NewMsg(subject)
	msg.Reply, msg.Data = reply, data
	if id != "" {
		msg.Header.Set(jetstream.MsgIDHeader, id)
	}
	return conn.PublishMsg(msg)
}

// An ack is what the server says of a message to a stream.
type ack struct {
	Sequence uint64 `json:"seq"`
	Error    *struct {
		Code        int    `json:"code"`
		Description string `json:"description"`
	} `json:"error"`
}

// acknowledged reads an answer to publish. again is set if the message was not kept, but may be next time.
func acknowledged(msg *nats.Msg) (seq uint64, again bool, err error) {
	var a ack
	switch {
	case msg.Header.Get("Status") == "503":
		return 0, true, nil // the stream has no leader now
	case json.Unmarshal(msg.Data, &a) != nil:
		return 0, true, nil
	case a.Error != nil && a.Error.Code == 503:
		return 0, true, nil
	case a.Error != nil:
		return 0, false, fmt.Errorf("cluster: the server does not keep an idempotent function: %s", a.Error.Description)
	}
	return a.Sequence, false, nil
}
