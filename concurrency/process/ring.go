package process

import (
	"context"
	"encoding/binary"
	"fmt"
	"reflect"
)

// A queue's memory is a ring. Its words count bytes that were ever put in and taken out, as they are below 4 GiB: their difference is what is in.
const (
	wordIn     = wordUser
	wordOut    = wordUser + 4
	wordItems  = wordUser + 8
	wordClosed = wordUser + 12
	wordOpen   = wordUser + 16 // values whose TaskDone is to come
	wordOrder  = wordUser + 20 // an order
	wordMoving = wordUser + 24 // not 0 while what is in is not whole
)

// newRing returns the memory of a queue of values of type t.
func newRing(t reflect.Type, bytes int, o order) (*segment, error) {
	if bytes < 64 || bytes > 1<<30 {
		panic(fmt.Sprintf("process: NewQueue: %d bytes", bytes))
	}
	if err := Sendable(t); err != nil {
		return nil, err
	}
	size := 64
	for size < bytes {
		size *= 2 // so that a position in the ring is a count cut off
	}
	s, err := newSegment("queue", size)
	if err != nil {
		return nil, err
	}
	s.word(wordOrder).Store(uint32(o))
	return s, nil
}

// put puts in what p points to. object is what is waited for.
func (s *segment) put(ctx context.Context, object, p any, priority int64) error {
	b, err := encodeAlone(p)
	if err != nil {
		return err
	}
	extra := 4
	if s.order() != inOrder {
		b = binary.LittleEndian.AppendUint64(b, uint64(priority))
	}
	if len(b)+extra > len(s.data()) {
		return fmt.Errorf("process: Queue: a value of %d bytes does not fit into %d", len(b), len(s.data())-extra)
	}
	return s.when(ctx, object, func() (bool, error) {
		if s.word(wordClosed).Load() != 0 {
			return false, ErrClosed
		}
		in, out := s.word(wordIn).Load(), s.word(wordOut).Load()
		if int(in-out)+extra+len(b) > len(s.data()) {
			return false, nil
		}
		size := binary.LittleEndian.AppendUint32(nil, uint32(len(b)))
		if s.order() == inOrder {
			in = s.write(s.write(in, size), b)
		} else {
			in = s.write(s.write(in, b), size)
		}
		s.word(wordIn).Store(in) // at last: who dies before has put nothing in
		s.word(wordItems).Add(1)
		s.word(wordOpen).Add(1)
		return true, nil
	})
}

// get takes a value out, and stores it in what p points to.
func (s *segment) get(ctx context.Context, object, p any) error {
	var b []byte
	err := s.when(ctx, object, func() (bool, error) {
		in, out := s.word(wordIn).Load(), s.word(wordOut).Load()
		if in == out {
			if s.word(wordClosed).Load() != 0 {
				return false, ErrClosed
			}
			return false, nil
		}
		if s.order() != inOrder {
			b = s.takeRecord(s.order())
		} else {
			head, at := s.read(out, 4)
			b, at = s.read(at, int(binary.LittleEndian.Uint32(head)))
			s.word(wordOut).Store(at)
		}
		s.word(wordItems).Add(^uint32(0))
		return true, nil
	})
	if err != nil {
		return err
	}
	return decodeAlone(b, p)
}

func (s *segment) taskDone() {
	for {
		n := s.word(wordOpen).Load()
		if n == 0 {
			panic("process: Queue: TaskDone called more often than values were put in")
		}
		if s.word(wordOpen).CompareAndSwap(n, n-1) {
			if n == 1 {
				s.changed()
			}
			return
		}
	}
}

func (s *segment) join(ctx context.Context, object any) error {
	for {
		seen := s.word(wordChanged).Load()
		if s.word(wordOpen).Load() == 0 {
			return nil
		}
		if err := s.wait(ctx, wordChanged, seen, object); err != nil {
			return err
		}
	}
}

func (s *segment) order() order { return order(s.word(wordOrder).Load()) }

func (s *segment) items() int { return int(s.word(wordItems).Load()) }

func (s *segment) closeRing() {
	s.word(wordClosed).Store(1)
	s.changed()
}

// when tries something under the lock until it can be done.
func (s *segment) when(ctx context.Context, object any, try func() (bool, error)) error {
	for {
		seen := s.word(wordChanged).Load()
		err := s.lock(ctx, object)
		if err != nil && err != ErrHolderDied {
			return err
		}
		if s.word(wordMoving).Load() != 0 {
			s.word(wordClosed).Store(1)
			s.unlock()
			return ErrDamaged
		}
		done, err := try()
		s.unlock()
		if done {
			s.changed()
		}
		if done || err != nil {
			return err
		}
		if err := s.wait(ctx, wordChanged, seen, object); err != nil {
			return err
		}
	}
}

// write and read copy from and to the ring, from a count on, and return the count after.
func (s *segment) write(at uint32, b []byte) uint32 {
	ring := s.data()
	for len(b) > 0 {
		n := copy(ring[int(at)&(len(ring)-1):], b)
		b, at = b[n:], at+uint32(n)
	}
	return at
}

func (s *segment) read(at uint32, n int) ([]byte, uint32) {
	ring, out := s.data(), make([]byte, 0, n)
	for len(out) < n {
		i := int(at) & (len(ring) - 1)
		k := min(n-len(out), len(ring)-i)
		out, at = append(out, ring[i:i+k]...), at+uint32(k)
	}
	return out, at
}

// encodeAlone encodes a value so that it can be decoded without what came before it: with the prefix, after its length.
func encodeAlone(p any) ([]byte, error) {
	c, err := codecOf(p)
	if err != nil {
		return nil, err
	}
	head := c.prefix()
	b := append(binary.LittleEndian.AppendUint32(nil, uint32(len(head))), head...)
	b, tail, err := c.append(b, p)
	return append(b, tail...), err
}

func decodeAlone(b []byte, p any) error {
	c, err := codecOf(p)
	if err != nil {
		return err
	}
	n := binary.LittleEndian.Uint32(b)
	d, err := c.decoder(b[4 : 4+n])
	if err != nil {
		return err
	}
	return d.decode(b[4+n:], true, p)
}
