package cluster

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"sync"
	"time"

	"github.com/nats-io/nats.go"
)

// What is larger than the server takes in one message stays where it is, and who needs it fetches it, in pieces, as fast as it can
// take them: so a large value overwhelms neither the server nor the other side. A plugin of a cell is fetched in the same way.

const (
	piece     = 512 << 10 // bytes, unless the server takes less
	pieces    = 4         // that are under way at a time
	maxBlob   = 1 << 36
	offsetKey = "Gobraid-Offset"
	lengthKey = "Gobraid-Length"
	errorKey  = "Gobraid-Error"
	blobKey   = "Gobraid-Blob"
)

// A store is what one side has for others to fetch.
type store struct {
	mu    sync.Mutex
	parts map[string][][]byte
	files map[string]string
}

// put offers data, in parts, under a name, and returns how to ask for it. The data must not change until drop is called.
func (s *store) put(id string, parts ...[]byte) blob {
	b := blob{id: id}
	h := sha256.New()
	for _, p := range parts {
		h.Write(p)
		b.length += uint64(len(p))
	}
	b.sum = h.Sum(nil)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.parts == nil {
		s.parts = map[string][][]byte{}
	}
	s.parts[id] = parts
	return b
}

func (s *store) putFile(id, file string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.files == nil {
		s.files = map[string]string{}
	}
	s.files[id] = file
}

func (s *store) drop(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.parts, id)
}

// read returns a piece.
func (s *store) read(id string, offset, length int64) ([]byte, error) {
	s.mu.Lock()
	parts, ok := s.parts[id]
	file := s.files[id]
	s.mu.Unlock()
	switch {
	case file != "":
		f, err := os.Open(file)
		if err != nil {
			return nil, err
		}
		defer f.Close()
		b := make([]byte, length)
		n, err := f.ReadAt(b, offset)
		if err == io.EOF {
			err = nil
		}
		return b[:n], err
	case !ok:
		return nil, errors.New("it is not there any more")
	}
	b := make([]byte, 0, length)
	for _, p := range parts {
		if offset < int64(len(p)) {
			b = append(b, p[offset:min(int64(len(p)), offset+length-int64(len(b)))]...)
			offset = int64(len(p))
		}
		if offset -= int64(len(p)); int64(len(b)) == length {
			break
		}
	}
	return b, nil
}

// serve answers a request for a piece.
func (s *store) serve(msg *nats.Msg, limit int64) {
	offset, err := strconv.ParseInt(msg.Header.Get(offsetKey), 10, 64)
	length, err2 := strconv.ParseInt(msg.Header.Get(lengthKey), 10, 64)
	if err = errors.Join(err, err2); err != nil || offset < 0 || length < 0 || length > limit {
		return
	}
	answer := nats.NewMsg(msg.Reply)
	if answer.Data, err = s.read(msg.Header.Get(blobKey), offset, length); err != nil {
		answer.Header.Set(errorKey, err.Error())
	}
	_ = msg.RespondMsg(answer)
}

// A fetcher gets blobs from others.
type fetcher struct {
	*nats.Conn
	patience time.Duration // how long to wait for a piece before it is asked for again
}

// fetch gets a blob from its holder, and checks it. It blocks until it is there or ctx has ended, which it should when the holder is lost.
func (f fetcher) fetch(ctx context.Context, holder string, b blob) ([]byte, error) {
	if b.length > maxBlob {
		return nil, fmt.Errorf("cluster: a value of %d bytes", b.length)
	}
	data := make([]byte, b.length)
	size := min(piece, f.MaxPayload()-maxHead)
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var wg sync.WaitGroup
	places := make(chan struct{}, pieces)
	for at := int64(0); at < int64(len(data)) && ctx.Err() == nil; at += size {
		places <- struct{}{}
		wg.Go(func() {
			defer func() { <-places }()
			if err := f.piece(ctx, holder, b.id, data[at:min(at+size, int64(len(data)))], at); err != nil {
				cancel(err)
			}
		})
	}
	wg.Wait()
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	if sum := sha256.Sum256(data); !bytes.Equal(sum[:], b.sum) {
		return nil, fmt.Errorf("cluster: a value of %d bytes has arrived damaged", b.length)
	}
	return data, nil
}

// piece gets a piece. A request that is not answered is made again: the connection, or that of the holder, may have been lost.
func (f fetcher) piece(ctx context.Context, holder, id string, into []byte, at int64) error {
	for {
		request := nats.NewMsg(to(holder) + ".get")
		request.Header.Set(blobKey, id)
		request.Header.Set(offsetKey, strconv.FormatInt(at, 10))
		request.Header.Set(lengthKey, strconv.Itoa(len(into)))
		once, cancel := context.WithTimeout(ctx, f.patience)
		answer, err := f.RequestMsgWithContext(once, request)
		if err == nil {
			cancel()
			if text := answer.Header.Get(errorKey); text != "" {
				return fmt.Errorf("cluster: a value cannot be fetched: %s", text)
			}
			if copy(into, answer.Data) != len(into) || len(answer.Data) != len(into) {
				return errors.New("cluster: a piece of a value has not the length that it should have")
			}
			return nil
		}
		<-once.Done() // not at once again, if nobody listens now
		cancel()
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		if f.IsClosed() {
			return nats.ErrConnectionClosed
		}
	}
}
