package cluster

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"io"
	"maps"
	"os"

	"github.com/nats-io/nats.go/jetstream"
)

// putParts puts data, in parts, into a store.
func putParts(ctx context.Context, s jetstream.ObjectStore, chunk int64, name string, parts ...[]byte) error {
	var readers []io.Reader
	for _, p := range parts {
		readers = append(readers, bytes.NewReader(p))
	}
	_, err := s.Put(ctx, object(name, chunk), io.MultiReader(readers...))
	return err
}

func putFile(ctx context.Context, s jetstream.ObjectStore, chunk int64, name, file string) error {
	f, err := os.Open(file)
	if err != nil {
		return err
	}
	defer f.Close()
	_, err = s.Put(ctx, object(name, chunk), f)
	return err
}

// getBlob gets a blob out of a store, and checks it.
func getBlob(ctx context.Context, s jetstream.ObjectStore, b blob) ([]byte, error) {
	data, err := s.GetBytes(ctx, b.id)
	if err != nil {
		return nil, err
	}
	if sum := sha256.Sum256(data); uint64(len(data)) != b.length || !bytes.Equal(sum[:], b.sum) {
		return nil, errors.New("cluster: a value has arrived damaged")
	}
	return data, nil
}

// allFiles returns the files that a store offers, by what they are called.
func (s *store) allFiles() map[string]string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return maps.Clone(s.files)
}

// object is how a blob is put into a store: in chunks that fit into messages.
func object(name string, chunk int64) jetstream.ObjectMeta {
	return jetstream.ObjectMeta{Name: name, Opts: &jetstream.ObjectMetaOptions{ChunkSize: uint32(min(piece, chunk-maxHead))}}
}
